const MIB = 2 ** 20;

/** Copies of the data that are no matter on any machine. */
const SMALL_COPIES = 256 * MIB;
/** A worker process before it has read anything. */
const EMPTY_PROCESS = 96 * MIB;
/** What a process holds for a byte of data: the columns, a learner's own form of the training rows, and room to work. */
const HELD_PER_BYTE = 3;
/** Part of the machine's memory that a run may fill; the rest is the editor's, the system's and the file cache's. */
const SHARE_OF_MEMORY = 0.5;

export interface Machine {
  /** Processors to use. */
  readonly workers: number;
  /** Bytes there are, for all processes. */
  readonly memory: number;
}

/**
 * Worker processes for data of so many bytes in columns: one a processor while it is small, as processes need nothing of
 * each other. Each holds the data, so where copies would be large, or would not fit, there are fewer, down to one; the
 * processors that are left are threads of theirs, which share its memory.
 */
export function processCount({ workers, memory }: Machine, dataBytes: number): number {
  const small = Math.floor(SMALL_COPIES / Math.max(1, dataBytes));
  const fitting = Math.floor((SHARE_OF_MEMORY * memory) / (EMPTY_PROCESS + HELD_PER_BYTE * dataBytes));
  return Math.max(1, Math.min(workers, small, fitting));
}
