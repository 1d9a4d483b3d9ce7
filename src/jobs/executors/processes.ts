const MIB = 2 ** 20;

/** What processes may hold of the data on any machine, together. */
const SMALL = 256 * MIB;
/** A coordinator, and a worker process that has read nothing. */
const COORDINATOR = 68 * MIB;
const EMPTY_WORKER = 64 * MIB;
/** Bytes that all processes may come to for a byte of large data. */
const MOST_PER_BYTE = 2;
/** Part of the machine's memory that a run may fill; the rest is the editor's, the system's and the file cache's. */
const SHARE_OF_MEMORY = 0.5;

export interface Machine {
  /** Processors to use. */
  readonly workers: number;
  /** Bytes there are, for all processes. */
  readonly memory: number;
}

export interface Load {
  /** Of all columns of the data. */
  readonly bytes: number;
  /** Bytes that a process holds at most for each of them: its form of the training rows, and room to work. */
  readonly heldPerByte: number;
}

/**
 * Worker processes for a run: one a processor while what they hold is small, as processes need nothing of each other. Where
 * that is large, or would not fit, there are fewer, down to one; the processors that are left are threads of theirs, which
 * share its memory.
 */
export function processCount({ workers, memory }: Machine, { bytes, heldPerByte }: Load): number {
  const held = Math.max(1, heldPerByte * bytes);
  const small = Math.floor(SMALL / held);
  const bounded = Math.floor((MOST_PER_BYTE * bytes - COORDINATOR) / (EMPTY_WORKER + held));
  const fitting = Math.floor((SHARE_OF_MEMORY * memory - COORDINATOR) / (EMPTY_WORKER + held));
  return Math.max(1, Math.min(workers, Math.max(small, bounded), fitting));
}
