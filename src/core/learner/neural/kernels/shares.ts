import type { KernelFunctions } from './kernels';

/** How calls of a kernel are cut into parts that write to different memory. */
export interface Share {
  /** What is cut: rows, columns or numbers; a part's length is a multiple of `grain`. */
  length(values: readonly number[]): number;
  readonly grain: number;
  /** In parts that are just long enough to be worth handing out, some 10 µs each. */
  work(values: readonly number[]): number;
  part(values: readonly number[], from: number, to: number): readonly number[];
}

/** Multiplications, and numbers passed over, of a part. */
const PRODUCTS = 250_000;
const NUMBERS = 16_384;

/** Whether a product of that size is cut. */
export function isLargeProduct(rows: number, k: number, n: number): boolean {
  return rows * k * n >= 2 * PRODUCTS;
}

const vectors = (pointers: number): Share => ({
  length: (values) => values[pointers],
  grain: 16,
  work: (values) => values[pointers] / NUMBERS,
  part: (values, from, to) =>
    values.map((value, i) => (i < pointers ? value + from * 4 : i === pointers ? to - from : value)),
});

/** Kernels whose calls are cut; the index in `SHARED` is an operation's number. */
export const SHARES = {
  dense: {
    length: ([, , , , , , , from, to]) => to - from,
    grain: 4,
    work: ([, k, , , , n, , from, to]) => ((to - from) * k * n) / PRODUCTS,
    part: ([x, k, w, bias, y, n, capacity, start, , rectify], from, to) => [
      x,
      k,
      w,
      bias,
      y,
      n,
      capacity,
      start + from,
      start + to,
      rectify,
    ],
  },
  denseWeights: {
    length: ([, , , , , , , from, to]) => to - from,
    grain: 4,
    work: ([, , , , n, , rows, from, to]) => (rows * (to - from) * n) / PRODUCTS,
    part: ([x, k, dy, gradient, n, capacity, rows, start], from, to) => [
      x,
      k,
      dy,
      gradient,
      n,
      capacity,
      rows,
      start + from,
      start + to,
    ],
  },
  denseBias: {
    length: ([, , , n]) => n,
    grain: 8,
    work: ([, , , n, , rows]) => (n * rows) / NUMBERS,
    part: ([h, dy, gradient, , capacity, rows, rectify], from, to) => [
      h + from * capacity * 4,
      dy + from * capacity * 4,
      gradient + from * 4,
      to - from,
      capacity,
      rows,
      rectify,
    ],
  },
  gather: {
    length: ([, , , count]) => count,
    grain: 4,
    work: ([, stride, , count]) => (stride * count) / NUMBERS,
    part: ([source, stride, rows, , capacity, target], from, to) => [
      source,
      stride,
      rows + from * 4,
      to - from,
      capacity,
      target + from * 32,
    ],
  },
  adam: vectors(4),
  descend: vectors(3),
  rectifyGradient: vectors(2),
} as const satisfies Partial<Record<keyof KernelFunctions, Share>>;

export type SharedKernel = keyof typeof SHARES;

export const SHARED: readonly SharedKernel[] = [
  'dense',
  'denseWeights',
  'denseBias',
  'gather',
  'adam',
  'descend',
  'rectifyGradient',
];

/** How a call of some length is cut: a large part for each thread, and small ones in between for who is done first. */
export interface Cut {
  readonly length: number;
  readonly large: number;
  readonly small: number;
  /** Where the last large part begins. */
  readonly end: number;
  readonly threads: number;
}

/** Share of the work that is in large parts. */
const LARGE = 0.75;

/** Undefined where a call is not worth cutting. */
export function cutOf(share: Share, values: readonly number[], threads: number): Cut | undefined {
  const length = share.length(values);
  const work = share.work(values);
  if (work < 2) return undefined;
  const { grain } = share;
  const large = Math.floor((LARGE * length) / threads / grain) * grain;
  const end = Math.floor((length - large) / grain) * grain;
  return { length, large, small: Math.ceil(length / work / grain) * grain, end, threads };
}

export function countParts({ large, small, end, threads }: Cut): number {
  return threads + Math.ceil((end - (threads - 1) * large) / small);
}

/** The last large part is at the end, where the thread that hands out begins. */
export function rangeOf(cut: Cut, part: number): { readonly from: number; readonly to: number } {
  const { length, large, small, end, threads } = cut;
  const first = threads - 1;
  if (part < first) return { from: part * large, to: (part + 1) * large };
  const from = first * large + (part - first) * small;
  return from < end ? { from, to: Math.min(end, from + small) } : { from: end, to: length };
}
