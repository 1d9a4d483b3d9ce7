/**
 * Where one thread hands out the parts of a job, and it and others take them: words of shared memory. Parts are numbers
 * from 0; the thread that hands out takes from the end, the others from the beginning, so that with two threads each
 * meets the same rows job after job. Who takes what is left to chance, as no number depends on it.
 */
export class Board {
  private readonly words: Int32Array<SharedArrayBuffer>;
  private readonly values: Float64Array<SharedArrayBuffer>;
  /** Version of the arguments that `read` is. */
  private version = -1;
  private job: Job = { operation: 0, values: [] };
  private seen = 0;

  constructor(control: SharedArrayBuffer) {
    this.words = new Int32Array(control, 0, VALUES_AT / 4);
    this.values = new Float64Array(control, VALUES_AT);
  }

  /** Every part of the job is done when it returns; `own` does one of them here. */
  handOut(job: Job, parts: number, own: (part: number) => void): void {
    const { words, values } = this;
    values.set(job.values);
    words[COUNT] = job.values.length;
    words[OPERATION] = job.operation;
    words[FAILED] = 0;
    Atomics.store(words, FINISHED, 0);
    Atomics.add(words, VERSION, 1);
    // From here on parts can be taken; whoever sleeps is told after.
    Atomics.store(words, OPEN, parts);
    Atomics.add(words, CALL, 1);
    Atomics.notify(words, CALL);
    let taken = 0;
    try {
      for (let part = this.takeLast(); part >= 0; part = this.takeLast()) {
        taken++;
        own(part);
      }
    } finally {
      // Nobody may be at work on memory that the caller gives up.
      const others = parts - taken - this.withdraw();
      this.waitFor(others);
    }
    if (words[FAILED] !== 0) throw new KernelThreadError();
  }

  /** Only threads of smaller numbers take parts from now on. */
  limit(threads: number): void {
    Atomics.store(this.words, THREADS, threads);
  }

  /** Waits for the next call, awake for a short while, then asleep; returns at once if there was one since the last. */
  waitForCall(): void {
    const { words } = this;
    for (let spin = 0; spin < SPINS && Atomics.load(words, CALL) === this.seen; spin++);
    Atomics.wait(words, CALL, this.seen);
    this.seen = Atomics.load(words, CALL);
  }

  /** Does parts of the job at hand as long as there are any. */
  help(thread: number, does: (job: Job, part: number) => void): void {
    const { words } = this;
    if (thread >= Atomics.load(words, THREADS)) return;
    for (let part = this.takeFirst(); part >= 0; part = this.takeFirst()) {
      try {
        // Read after the part was taken: no other job can have begun before it is finished.
        does(this.read(), part);
      } catch {
        words[FAILED] = 1;
      }
      Atomics.add(words, FINISHED, 1);
      Atomics.notify(words, FINISHED);
    }
  }

  private read(): Job {
    const { words, values } = this;
    const version = Atomics.load(words, VERSION);
    if (version !== this.version) {
      this.version = version;
      this.job = { operation: words[OPERATION], values: [...values.subarray(0, words[COUNT])] };
    }
    return this.job;
  }

  private takeLast(): number {
    const { words } = this;
    for (;;) {
      const open = Atomics.load(words, OPEN);
      const [first, end] = [open >>> 16, open & 0xffff];
      if (first >= end) return -1;
      if (Atomics.compareExchange(words, OPEN, open, (first << 16) | (end - 1)) === open) return end - 1;
    }
  }

  private takeFirst(): number {
    const { words } = this;
    for (;;) {
      const open = Atomics.load(words, OPEN);
      const [first, end] = [open >>> 16, open & 0xffff];
      if (first >= end) return -1;
      if (Atomics.compareExchange(words, OPEN, open, ((first + 1) << 16) | end) === open) return first;
    }
  }

  /** Takes back what nobody took; how many parts that is. */
  private withdraw(): number {
    const open = Atomics.exchange(this.words, OPEN, 0);
    return Math.max(0, (open & 0xffff) - (open >>> 16));
  }

  private waitFor(finished: number): void {
    const { words } = this;
    for (let spin = 0; spin < SPINS; spin++) {
      if (Atomics.load(words, FINISHED) === finished) return;
    }
    for (;;) {
      const now = Atomics.load(words, FINISHED);
      if (now === finished) return;
      Atomics.wait(words, FINISHED, now);
    }
  }
}

/** An operation's number and its arguments. */
export interface Job {
  readonly operation: number;
  readonly values: readonly number[];
}

/** A thread that takes part in a fit failed. */
export class KernelThreadError extends Error {
  override readonly name = 'KernelThreadError';
  readonly code = 'kernel-thread-failed';
  constructor() {
    super('A thread of the fit failed. Try again, or with `--workers` as many as there are processors.');
  }
}

export function newControl(): SharedArrayBuffer {
  return new SharedArrayBuffer(512);
}

/** Looks at a word that another thread will change, before sleeping until it does: some 0.1 ms. */
const SPINS = 60_000;

/** Counts the calls; sleepers wait for it to change. */
const CALL = 0;
/** Counts the jobs; raised before any part can be taken. */
const VERSION = 1;
/** Parts that nobody took yet: the first in the upper half of the word, the end in the lower. */
const OPEN = 2;
/** Parts finished by others than the one that handed out. */
const FINISHED = 3;
const OPERATION = 4;
const COUNT = 5;
const FAILED = 6;
const THREADS = 7;
/** Where the arguments (float64) begin. */
const VALUES_AT = 64;
