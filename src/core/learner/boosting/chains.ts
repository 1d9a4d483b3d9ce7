/** A round of a chain: its trees are grown from what the rounds before have left of its tasks. */
export interface Turn {
  readonly chain: number;
  /** From 1. */
  readonly round: number;
}

/** Words of the shared block: whether to stop, then of each chain 2 × its next round, 1 more while someone is at it. */
const STOP = 0;
const FIRST = 1;

/**
 * The chains of a fit: tasks whose trees depend on each other, one after the other, and on no other chain. Threads take turns at
 * them, round by round, the chain that is least far first: what a round computes does not depend on who does it when.
 */
export class Chains {
  private readonly words: Int32Array;

  /** @param buffer that of the same chains on another thread */
  constructor(
    readonly count: number,
    private readonly rounds: number,
    readonly buffer = new SharedArrayBuffer(4 * (FIRST + count)),
  ) {
    this.words = new Int32Array(buffer);
  }

  /** Lets the turns begin. */
  open(): void {
    for (let c = 0; c < this.count; c++) Atomics.store(this.words, FIRST + c, 2);
  }

  /**
   * Takes a turn that nobody has taken. Nothing: all is done, or as many chains are under way as are left; so there is nothing
   * more to do for one of `threads` that has come here.
   */
  take(threads: number): Turn | undefined {
    const { words } = this;
    for (;;) {
      if (Atomics.load(words, STOP) !== 0) return undefined;
      let least = Infinity;
      let chain = -1;
      let left = 0;
      for (let c = 0; c < this.count; c++) {
        const word = Atomics.load(words, FIRST + c);
        const round = word >> 1;
        if (round > this.rounds) continue;
        left++;
        if ((word & 1) === 0 && round < least) {
          least = round;
          chain = c;
        }
      }
      if (chain < 0 && left < threads) return undefined;
      if (chain < 0) continue;
      const free = 2 * least;
      if (Atomics.compareExchange(words, FIRST + chain, free, free + 1) === free) {
        return { chain, round: least };
      }
    }
  }

  finish({ chain, round }: Turn): void {
    Atomics.store(this.words, FIRST + chain, 2 * (round + 1));
  }

  /** Rounds that every chain has behind it. */
  get completed(): number {
    let least = this.rounds;
    for (let c = 0; c < this.count; c++) {
      least = Math.min(least, (Atomics.load(this.words, FIRST + c) >> 1) - 1);
    }
    return least;
  }

  /** No further turn begins. */
  stop(): void {
    Atomics.store(this.words, STOP, 1);
  }
}

/** What the rounds of all chains have come to, written by whoever has done them. */
export class Progress {
  private readonly numbers: Float64Array;
  private readonly stride: number;

  /** @param buffer that of the same fit on another thread */
  constructor(
    private readonly tasks: number,
    chains: number,
    rounds: number,
    readonly buffer = new SharedArrayBuffer(8 * (rounds + 1) * (2 * tasks + chains)),
  ) {
    this.stride = 2 * tasks + chains;
    this.numbers = new Float64Array(buffer);
  }

  /** L_t on the training rows after the round, a task each. */
  taskLosses(round: number): Float64Array {
    return this.part(round, 0, this.tasks);
  }

  /** The same on held-out rows. */
  validationLosses(round: number): Float64Array {
    return this.part(round, this.tasks, this.tasks);
  }

  /** Per chain, Σ ½ ‖leaf values‖² of its trees so far, before the learning rate. */
  penalties(round: number): Float64Array {
    return this.part(round, 2 * this.tasks, this.stride - 2 * this.tasks);
  }

  private part(round: number, from: number, length: number): Float64Array {
    const at = round * this.stride + from;
    return this.numbers.subarray(at, at + length);
  }
}
