import type { WorkItem } from '../../protocol/worker';

/** The trials an executor is given at once, done in order by one process. */
export interface Packet {
  readonly id: number;
  readonly items: readonly WorkItem[];
}

/** What the engine knows a packet by; plain data, so that it can be kept in a file. */
export interface Handle {
  readonly engine: 'local';
  readonly id: string;
  readonly packet: number;
}

/** What the engine says of a packet; what its trials found is in their events files. `missing`: the engine knows it no more. */
export type PacketStatus =
  | { readonly phase: 'queued' | 'running' | 'missing' }
  | {
      readonly phase: 'ended';
      /** `infra`: the process was lost; `refused`: it cannot work on this run at all, and says why. */
      readonly outcome: 'ok' | 'cancelled' | 'infra' | 'out-of-memory' | 'refused';
      readonly code?: string;
      readonly reason?: string;
    };

/** Where packets run. The engine decides whether an attempt is alive; the run store decides what it reported. */
export interface Executor {
  /** Packets that can run at the same time. */
  readonly slots: number;
  /** All or an error. */
  submit(packets: readonly Packet[]): Promise<readonly Handle[]>;
  /** One question to the engine for all of them. */
  poll(handles: readonly Handle[]): Promise<ReadonlyMap<string, PacketStatus>>;
  /** A request: `poll` tells what came of it. An unknown handle is fine. */
  cancel(handles: readonly Handle[]): Promise<void>;
  /** What a packet's process wrote. The end of the data never means the end of the job. */
  logs(handle: Handle, fromByte: number): Promise<{ readonly data: Uint8Array; readonly next: number }>;
  /** Packets of a run that outlived their coordinator. */
  reattach(run: string): Promise<readonly Handle[]>;
  /** Called when something changed, for engines that can tell; others are polled. */
  onChange(listener: () => void): void;
  /** For a while nothing is submitted: gives back what has nothing to do. */
  rest(): void;
  /** Ends what still runs and gives everything back. */
  close(): Promise<void>;
}
