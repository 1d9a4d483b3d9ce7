import type { WorkItem } from '../protocol/worker';
import type { EventWriter, RunFolder, UnstampedRunEvent } from '../store';
import { AttemptTail } from './attempt-tail';
import { JobError } from './contract';
import type { Executor, Handle, PacketStatus } from './executors/executor';
import { refusal } from './outcome-words';
import { takePacket } from './packets';
import type { TrialBoard, TrialEntry } from './trial-board';

/** Time between two looks at packets while every slot is taken. */
const LOOK_MS = 200;
/** A trial whose process is lost this often is given up. */
const MOST_LOSSES = 2;
/** Packets lost in a row without any trial begun: it is not the trials. */
const MOST_FALSE_STARTS = 3;

interface ActivePacket {
  readonly handle: Handle;
  readonly tails: readonly AttemptTail[];
}

export interface DispatcherInput {
  readonly run: RunFolder;
  readonly board: TrialBoard;
  readonly executor: Executor;
  readonly log: EventWriter<UnstampedRunEvent>;
}

/** Hands trials to the executor, takes in what their attempts wrote, and decides what becomes of those that were lost. */
export class Dispatcher {
  private readonly active = new Map<number, ActivePacket>();
  private nextPacket = 0;
  private falseStarts = 0;
  private looked = 0;

  constructor(private readonly input: DispatcherInput) {}

  /** Whether the executor has nothing of the run. */
  get isIdle(): boolean {
    return this.active.size === 0;
  }

  /** Of every attempt that was handed out and may still run. */
  get tails(): readonly AttemptTail[] {
    return [...this.active.values()].flatMap((packet) => packet.tails);
  }

  /** Trials whose predecessors completed go to free slots. */
  async handOut(): Promise<void> {
    const { board, executor, run } = this.input;
    let free = executor.slots - this.active.size;
    if (free <= 0) return;
    const ready = [...board.ready()];
    while (free > 0 && ready.length > 0) {
      const entries = takePacket(board, ready, free);
      const items = entries.map(({ spec, attempt }): WorkItem => ({ trial: spec.id, attempt }));
      const id = this.nextPacket++;
      const [handle] = await executor.submit([{ id, items }]);
      for (const entry of entries) entry.state = 'running';
      this.active.set(id, { handle, tails: items.map((item) => new AttemptTail(run, item)) });
      free--;
    }
  }

  /**
   * Asks the executor which packets are over, then reads what their attempts wrote: in this order nothing is missed.
   * @returns attempts that wrote something
   * @throws JobError where no worker can work on the run
   */
  async collect(): Promise<readonly WorkItem[]> {
    const { board, executor } = this.input;
    const handles = [...this.active.values()].map(({ handle }) => handle);
    const statuses = await executor.poll(handles);
    const touched: WorkItem[] = [];
    // While every slot is taken, what a packet has done so far opens nothing: it is looked at from time to time.
    const now = performance.now();
    const isDue = this.active.size < executor.slots || now - this.looked >= LOOK_MS;
    if (isDue) this.looked = now;
    for (const [id, { handle, tails }] of this.active) {
      const status = statuses.get(handle.id) ?? { phase: 'missing' };
      const isAtWork = status.phase === 'queued' || status.phase === 'running';
      if (isAtWork && !isDue) continue;
      for (const tail of tails) {
        if (board.get(tail.item.trial).state !== 'running') continue;
        if (tail.read()) touched.push(tail.item);
        if (tail.end !== undefined) this.settle(tail, tail.end);
        // Trials of a packet are done one after the other.
        if (isAtWork && !tail.hasStarted) break;
      }
      if (isAtWork) continue;
      this.active.delete(id);
      this.settleLost(tails, status);
    }
    return touched;
  }

  /** Asks what runs to stop. */
  async cancel(): Promise<void> {
    await this.input.executor.cancel([...this.active.values()].map(({ handle }) => handle));
  }

  private settle({ item }: AttemptTail, end: NonNullable<AttemptTail['end']>): void {
    const { board } = this.input;
    const entry = board.get(item.trial);
    entry.attempt = item.attempt + 1;
    this.falseStarts = 0;
    if (end.outcome === 'completed') {
      board.complete(entry, end.wallSeconds);
    } else if (end.outcome === 'cancelled') {
      entry.state = 'waiting';
    } else {
      fail(entry, end.error?.code ?? 'unknown', end.error?.message ?? 'It failed without saying why.');
    }
  }

  /** The process of a packet is gone: what it did not end is done again, the trial it died in only so often. */
  private settleLost(tails: readonly AttemptTail[], status: PacketStatus): void {
    if (status.phase === 'ended' && status.outcome === 'refused') {
      throw refusal(status.code, status.reason ?? 'A worker could not open the run.');
    }
    const { board, log } = this.input;
    const outcome = status.phase === 'ended' ? status.outcome : 'infra';
    const reason = (status.phase === 'ended' ? status.reason : undefined) ?? 'The worker process is gone.';
    const open = tails.filter(({ item }) => board.get(item.trial).state === 'running');
    if (open.length === 0) return;
    if (outcome !== 'cancelled' && !open.some(({ hasStarted }) => hasStarted)) this.falseStarts++;
    if (this.falseStarts > MOST_FALSE_STARTS) {
      throw new JobError('worker-failed', `Worker processes end before they begin. ${reason}`);
    }
    for (const { item, hasStarted } of open) {
      const entry = board.get(item.trial);
      entry.state = 'waiting';
      if (!hasStarted) continue;
      entry.attempt = item.attempt + 1;
      const lost = outcome === 'out-of-memory' || outcome === 'cancelled' ? outcome : 'killed';
      log.append({ kind: 'lost', ...item, reason: lost });
      if (outcome === 'cancelled') continue;
      entry.losses++;
      if (outcome === 'out-of-memory') fail(entry, 'out-of-memory', reason);
      else if (entry.losses > MOST_LOSSES) fail(entry, 'worker-killed', reason);
      else log.append({ kind: 'retry', trial: item.trial, attempt: item.attempt + 1, reason });
    }
  }
}

function fail(entry: TrialEntry, code: string, message: string): void {
  entry.state = 'failed';
  entry.failure = { trial: entry.spec.id, label: entry.spec.label, code, message };
}
