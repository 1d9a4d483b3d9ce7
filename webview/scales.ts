/** Axes as arithmetic: ticks and positions, no drawing. */

export interface Range {
  readonly min: number;
  readonly max: number;
}

/** Smallest range around the finite values, widened by `margin` of its width; a single value gets a range of its own. */
export function rangeOf(values: Iterable<number | null>, margin = 0.05): Range {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (value === null || !Number.isFinite(value)) continue;
    min = Math.min(min, value);
    max = Math.max(max, value);
  }
  if (min > max) return { min: 0, max: 1 };
  const width = max - min || Math.abs(max) || 1;
  return { min: min - margin * width, max: max + margin * width };
}

/** Round values (1, 2 or 5 times a power of ten apart) inside the range, about `wanted` of them. */
export function linearTicks({ min, max }: Range, wanted: number): readonly number[] {
  const raw = (max - min) / Math.max(1, wanted);
  const power = 10 ** Math.floor(Math.log10(raw));
  const off = (factor: number) => Math.abs(Math.log(factor * power) - Math.log(raw));
  const step = power * [1, 2, 5, 10].reduce((best, factor) => (off(factor) < off(best) ? factor : best));
  const ticks: number[] = [];
  for (let i = Math.ceil(min / step); i * step <= max + step * 1e-9; i++) ticks.push(i * step);
  return ticks;
}

/** Powers of ten inside a range of exponents; every n-th one where there would be more than `limit`. */
export function decadeTicks({ min, max }: Range, limit: number): readonly number[] {
  const first = Math.ceil(min - 1e-9);
  const last = Math.floor(max + 1e-9);
  const every = Math.max(1, Math.ceil((last - first + 1) / Math.max(1, limit)));
  const ticks: number[] = [];
  for (let exponent = first; exponent <= last; exponent += every) ticks.push(exponent);
  return ticks;
}

/** Position of a value between two ends. */
export function project(value: number, { min, max }: Range, from: number, to: number): number {
  return from + ((value - min) / (max - min)) * (to - from);
}

/** Decimals that tell the ticks apart. */
export function tickDecimals(ticks: readonly number[]): number {
  if (ticks.length < 2) return 2;
  return Math.min(8, Math.max(0, -Math.floor(Math.log10(ticks[1] - ticks[0]) + 1e-9)));
}
