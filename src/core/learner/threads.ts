/** A part of a fit that another thread can do: a function of what it is given and of the memory in it. */
export interface ThreadTask<Input, Output> {
  /** In `thread-tasks.ts`. */
  readonly name: string;
  /** Never there: carries the types of what is given and what comes back. */
  readonly types?: (input: Input) => Output;
}

/**
 * A port: threads beside the one that a fit is on. What they compute must not depend on their number: the parts of the
 * work, and the order in which results are put together, are the same for any.
 */
export interface Threads {
  /** How many tasks are done at a time. */
  readonly count: number;
  /** Starts so many of them, if they are not there, so that they are ready when their first task is. */
  prepare?(threads: number): void;
  /** Input and result travel as structured clones; memory that is shared stays so. */
  run<Input, Output>(task: ThreadTask<Input, Output>, input: Input): Promise<Output>;
}
