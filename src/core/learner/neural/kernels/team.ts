import type { KernelFunctions, Kernels } from './kernels';

/** What a thread needs to take its part in kernels: it passes it to `serveKernels`. */
export interface KernelSeat {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly memory: WebAssembly.Memory;
  readonly control: SharedArrayBuffer;
}

/** Starts a thread that calls `serveKernels` with what it is given, and that does not keep the process alive. */
export type StartKernelThread = (seat: KernelSeat) => void;

/** Operations that are cut into parts; the index is their code. */
export const SHARED = ['dense', 'denseWeights', 'adam', 'descend', 'rectifyGradient'] as const;

/** A part of less work than so many multiplications is not worth waking anybody. */
const LEAST_PRODUCTS = 400_000;
const LEAST_NUMBERS = 4_096;
/** Looks at a word that another thread will change, before sleeping until it does. */
export const SPINS = 20_000;

/** Words of a seat's control block, and where the arguments (float64) begin in it. */
export const ASKED = 0;
export const DONE = 1;
export const OPERATION = 2;
const COUNT = 3;
const ARGUMENTS_AT = 16;
const CONTROL_BYTES = 256;

/**
 * Kernels whose large products and steps are cut into parts, one a thread. Every number is computed by one thread from
 * the same terms in the same order, so that bits do not depend on how many there are.
 */
export function teamKernels(base: Kernels, seats: readonly KernelSeat[]): Kernels {
  const { run } = base;
  const helpers = seats.map(({ control }) => new Helper(control));
  const parts = helpers.length + 1;

  /** Calls `part` with each of the ranges that `length` is cut into; the last one is this thread's own. */
  const share = (
    operation: (typeof SHARED)[number],
    length: number,
    grain: number,
    part: (from: number, to: number) => readonly number[],
    own: (from: number, to: number) => void,
  ) => {
    const size = Math.ceil(length / parts / grain) * grain;
    let from = 0;
    const asked: Helper[] = [];
    for (const helper of helpers) {
      const to = Math.min(length, from + size);
      if (to > from) {
        helper.ask(SHARED.indexOf(operation), part(from, to));
        asked.push(helper);
      }
      from = to;
    }
    if (from < length) own(from, length);
    for (const helper of asked) helper.wait();
  };

  const shared: Pick<KernelFunctions, (typeof SHARED)[number]> = {
    dense(x, k, w, bias, y, n, capacity, from, to, rectify) {
      if ((to - from) * k * n < 2 * LEAST_PRODUCTS) {
        run.dense(x, k, w, bias, y, n, capacity, from, to, rectify);
        return;
      }
      share(
        'dense',
        to - from,
        4,
        (start, end) => [x, k, w, bias, y, n, capacity, from + start, from + end, rectify],
        (start, end) => run.dense(x, k, w, bias, y, n, capacity, from + start, from + end, rectify),
      );
    },
    denseWeights(x, k, dy, gradient, n, capacity, rows, from, to) {
      if ((to - from) * rows * n < 2 * LEAST_PRODUCTS) {
        run.denseWeights(x, k, dy, gradient, n, capacity, rows, from, to);
        return;
      }
      share(
        'denseWeights',
        to - from,
        4,
        (start, end) => [x, k, dy, gradient, n, capacity, rows, from + start, from + end],
        (start, end) => run.denseWeights(x, k, dy, gradient, n, capacity, rows, from + start, from + end),
      );
    },
    adam(w, g, m, v, count, rate, correction, lambda, keep) {
      if (count < 2 * LEAST_NUMBERS) {
        run.adam(w, g, m, v, count, rate, correction, lambda, keep);
        return;
      }
      const part = (a: number, b: number) =>
        [w + a * 4, g + a * 4, m + a * 4, v + a * 4, b - a, rate, correction, lambda, keep] as const;
      share('adam', count, 16, part, (a, b) => run.adam(...part(a, b)));
    },
    descend(w, g, v, count, rate, momentum, lambda) {
      if (count < 2 * LEAST_NUMBERS) {
        run.descend(w, g, v, count, rate, momentum, lambda);
        return;
      }
      const part = (a: number, b: number) =>
        [w + a * 4, g + a * 4, v + a * 4, b - a, rate, momentum, lambda] as const;
      share('descend', count, 16, part, (a, b) => run.descend(...part(a, b)));
    },
    rectifyGradient(h, d, count) {
      if (count < 2 * LEAST_NUMBERS) {
        run.rectifyGradient(h, d, count);
        return;
      }
      const part = (a: number, b: number) => [h + a * 4, d + a * 4, b - a] as const;
      share('rectifyGradient', count, 16, part, (a, b) => run.rectifyGradient(...part(a, b)));
    },
  };
  return {
    get numbers() {
      return base.numbers;
    },
    get integers() {
      return base.integers;
    },
    reserve: (bytes) => base.reserve(bytes),
    run: { ...run, ...shared },
  };
}

export function newControl(): SharedArrayBuffer {
  return new SharedArrayBuffer(CONTROL_BYTES);
}

/** The arguments in a control block that hold for the call asked for. */
export function argumentsOf(control: SharedArrayBuffer): number[] {
  const count = new Int32Array(control)[COUNT];
  return [...new Float64Array(control, ARGUMENTS_AT, count)];
}

/** Another thread's seat, as the one that asks sees it. */
class Helper {
  private readonly words: Int32Array<SharedArrayBuffer>;
  private readonly values: Float64Array<SharedArrayBuffer>;
  private asked = 0;

  constructor(control: SharedArrayBuffer) {
    this.words = new Int32Array(control);
    this.values = new Float64Array(control, ARGUMENTS_AT);
  }

  ask(operation: number, values: readonly number[]): void {
    this.values.set(values);
    this.words[OPERATION] = operation;
    this.words[COUNT] = values.length;
    this.asked = (this.asked + 1) | 0;
    Atomics.store(this.words, ASKED, this.asked);
    Atomics.notify(this.words, ASKED);
  }

  wait(): void {
    for (let spin = 0; spin < SPINS; spin++) {
      if (Atomics.load(this.words, DONE) === this.asked) return;
    }
    for (;;) {
      const done = Atomics.load(this.words, DONE);
      if (done === this.asked) return;
      Atomics.wait(this.words, DONE, done);
    }
  }
}
