import { appendFileSync, closeSync, mkdirSync, openSync, readSync } from 'node:fs';
import type { WorkerReply } from '../../protocol/worker';
import type { RunFolder } from '../../store';
import type { Crew } from '../crew';
import { exitReason, WorkerProcess } from '../worker-process';
import type { Executor, Handle, Packet, PacketStatus } from './executor';

export interface LocalOptions {
  readonly run: RunFolder;
  /** Processors to use. */
  readonly workers: number;
  /** Worker processes at a time; their packets share the processors as threads. */
  readonly processes: number;
  /** Whether the data are large: see `LEAN`. */
  readonly lean: boolean;
  readonly workerPath: string;
  readonly wasmFolder: string;
  /** Processes that were started before: they are taken first. */
  readonly crew: Crew;
}

/** A worker of the pool and what it is at. */
interface Slot {
  readonly number: number;
  readonly process: WorkerProcess;
  packet: number | undefined;
  /** It was asked to stop, and takes nothing more. */
  isEnding: boolean;
}

/** Time between asking a worker to stop and ending its process: a fit that never returns to its event loop cannot hear. */
const ABORT_MS = 500;
const LOG_CHUNK = 1 << 16;

/** Child processes of this machine, started when they are needed and kept for packet after packet. */
export class LocalExecutor implements Executor {
  readonly slots: number;
  private readonly pool = new Set<Slot>();
  private readonly statuses = new Map<number, PacketStatus>();
  private readonly logOf = new Map<number, string>();
  private listener: () => void = () => {};
  private nextSlot = 0;

  constructor(private readonly options: LocalOptions) {
    this.slots = options.processes;
    mkdirSync(options.run.path('logs'), { recursive: true });
  }

  async submit(packets: readonly Packet[]): Promise<readonly Handle[]> {
    const running = [...this.pool].filter((slot) => slot.packet !== undefined).length + packets.length;
    const threads = Math.max(1, Math.floor(this.options.workers / running));
    return packets.map((packet) => {
      const slot = [...this.pool].find((one) => one.packet === undefined && !one.isEnding) ?? this.start();
      slot.packet = packet.id;
      this.statuses.set(packet.id, { phase: 'running' });
      this.logOf.set(packet.id, this.logPath(slot.number));
      slot.process.send({ kind: 'packet', packet: packet.id, items: [...packet.items], threads });
      return { engine: 'local', id: String(packet.id), packet: packet.id };
    });
  }

  async poll(handles: readonly Handle[]): Promise<ReadonlyMap<string, PacketStatus>> {
    return new Map(handles.map(({ id, packet }) => [id, this.statuses.get(packet) ?? { phase: 'missing' }]));
  }

  async cancel(handles: readonly Handle[]): Promise<void> {
    const packets = new Set(handles.map(({ packet }) => packet));
    for (const slot of this.pool) {
      if (slot.packet === undefined || !packets.has(slot.packet)) continue;
      slot.isEnding = true;
      slot.process.send({ kind: 'abort' });
      setTimeout(() => void slot.process.end(), ABORT_MS).unref();
    }
  }

  async logs(handle: Handle, fromByte: number): Promise<{ data: Uint8Array; next: number }> {
    const path = this.logOf.get(handle.packet);
    if (path === undefined) return { data: new Uint8Array(0), next: fromByte };
    const file = openSync(path, 'a+');
    try {
      const data = new Uint8Array(LOG_CHUNK);
      const count = readSync(file, data, 0, LOG_CHUNK, fromByte);
      return { data: data.subarray(0, count), next: fromByte + count };
    } finally {
      closeSync(file);
    }
  }

  /** Workers end with the coordinator that started them: there is nothing to find. */
  async reattach(): Promise<readonly Handle[]> {
    return [];
  }

  onChange(listener: () => void): void {
    this.listener = listener;
  }

  rest(): void {
    void this.options.crew.end();
    for (const slot of this.pool) {
      if (slot.packet !== undefined || slot.isEnding) continue;
      slot.isEnding = true;
      void slot.process.end();
    }
  }

  async close(): Promise<void> {
    for (const slot of this.pool) slot.isEnding = true;
    await Promise.all([this.options.crew.end(), ...[...this.pool].map(({ process }) => process.end())]);
  }

  private start(): Slot {
    const { run, workerPath, wasmFolder, lean, crew } = this.options;
    const number = this.nextSlot++;
    const log = this.logPath(number);
    const worker = crew.take() ?? new WorkerProcess(workerPath, { lean });
    const slot: Slot = { number, process: worker, packet: undefined, isEnding: false };
    worker.onReply = (reply) => this.hear(slot, reply);
    worker.onOutput = (chunk) => appendFileSync(log, chunk);
    this.pool.add(slot);
    worker.exited.then((exit) => {
      this.pool.delete(slot);
      if (slot.packet !== undefined && this.statuses.get(slot.packet)?.phase === 'running') {
        const how = slot.isEnding ? ({ outcome: 'cancelled' } as const) : exitReason(exit);
        this.statuses.set(slot.packet, { phase: 'ended', ...how });
      }
      this.listener();
    });
    worker.send({ kind: 'open', store: run.store.root, run: run.run, wasmFolder });
    return slot;
  }

  private hear(slot: Slot, reply: WorkerReply): void {
    if (reply.kind === 'packetEnded' && slot.packet === reply.packet) {
      this.statuses.set(reply.packet, { phase: 'ended', outcome: slot.isEnding ? 'cancelled' : 'ok' });
      slot.packet = undefined;
    }
    if (reply.kind === 'problem' && slot.packet !== undefined) {
      const { code, message } = reply;
      this.statuses.set(slot.packet, { phase: 'ended', outcome: 'refused', code, reason: message });
      // The first problem is the cause of those after it.
      slot.packet = undefined;
      slot.isEnding = true;
      void slot.process.end();
    }
    // A trial of a packet that goes on may have made way for another, which matters where somebody has nothing to do.
    if (reply.kind !== 'ended' || this.hasFreeSlot()) this.listener();
  }

  private hasFreeSlot(): boolean {
    const busy = [...this.pool].filter(({ packet }) => packet !== undefined).length;
    return busy < this.slots;
  }

  private logPath(slot: number): string {
    return this.options.run.path('logs', `${slot}.log`);
  }
}
