import type { Value } from './spec';

/**
 * Exponential moving average whose memory is a length of x, not a number of points: thinned or uneven points weigh
 * what they stand for. Debiased as Adam's moments are (Kingma and Ba 2015), so that it does not start at the first
 * value. Missing values stay missing and leave the average as it is.
 * @param x ascending
 * @param memory the x-distance over which a value's weight falls to 1/e; 0: no smoothing
 */
export function smooth(x: readonly number[], y: readonly Value[], memory: number): readonly Value[] {
  if (memory <= 0) return y;
  let sum = 0;
  let weight = 0;
  let before: number | undefined;
  return y.map((value, i) => {
    if (value === null || !Number.isFinite(value)) return null;
    const decay = before === undefined ? 0 : Math.exp((before - x[i]) / memory);
    before = x[i];
    sum = decay * sum + (1 - decay || 1) * value;
    weight = decay * weight + (1 - decay || 1);
    return sum / weight;
  });
}
