import type { Estimate } from './estimate';
import { varies, weightedMean } from './regression';
import { RESAMPLES, type Resamples } from './resamples';
import { studentTwoSided } from './tails';

/** Losses of two predictors on the same rows. */
export interface PairedLosses {
  /** Loss of the baseline less loss of the model (n): positive where the model is better. */
  readonly gains: Float64Array;
  /** Sample weights > 0 (n). */
  readonly weights: Float64Array;
  /**
   * The target (n), where losses are squared errors and the difference wanted is that of R²: the gain is then a share
   * of the target's variance, which is resampled too. Absent: the difference of mean losses.
   */
  readonly target?: Float64Array;
  /** Rows of one group (same number) are drawn together (n); absent: row by row. */
  readonly groups?: Int32Array;
}

/** Columns of sums that both statistics are functions of: w·gain, w, w·y, w·y². */
const SUMS = 4;

/**
 * Paired bootstrap of a difference: rows (or groups) are drawn with replacement, model and baseline together, 1,000
 * times (Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapters 13 and 16).
 *
 * The interval is the percentile interval. p is twice the smaller share of resamples on either side of 0, counting the
 * sample itself. Where no resample crosses 0 that share is only known to be below 1/1001, too coarse to survive Holm's
 * correction over more than 25 tasks; p is then the tail of Student's t at value / bootstrap standard error with
 * units − 1 degrees of freedom, never above 2/1001.
 *
 * @returns null without rows, for a target that does not vary, or where over half of the resamples have no such target
 */
export function pairedBootstrap(losses: PairedLosses, resamples: Resamples): Estimate | null {
  if (losses.gains.length === 0) return null;
  if (losses.target && !varies(losses.target)) return null;
  const units = losses.groups ? resamples.unitsOfGroups(losses.groups) : resamples.units(losses.gains.length);
  const sums = sumsByUnit(losses, units);
  const statistic = losses.target ? gainInR2 : gainInMeanLoss;
  const value = statistic(...totals(sums));
  const draws = resampledStatistic(sums, statistic, resamples);
  return draws.length < RESAMPLES / 2 ? null : estimate(value, draws, sums.length / SUMS);
}

type Statistic = (gain: number, weight: number, target: number, square: number) => number;

const gainInMeanLoss: Statistic = (gain, weight) => gain / weight;

/** The target is centred, so a variance below rounding is one of a resample that drew equal targets only. */
const gainInR2: Statistic = (gain, weight, target, square) => {
  const variation = square - (target * target) / weight;
  return variation > 1e-12 * square ? gain / variation : Number.NaN;
};

/** Interleaved sums, units × SUMS. */
function sumsByUnit(losses: PairedLosses, units: Int32Array): Float64Array {
  const { gains, weights, target } = losses;
  const centre = target ? weightedMean(target, weights) : 0;
  let count = 0;
  for (const unit of units) count = Math.max(count, unit + 1);
  const sums = new Float64Array(count * SUMS);
  for (let i = 0; i < gains.length; i++) {
    const at = units[i] * SUMS;
    const y = target ? target[i] - centre : 0;
    sums[at] += weights[i] * gains[i];
    sums[at + 1] += weights[i];
    sums[at + 2] += weights[i] * y;
    sums[at + 3] += weights[i] * y * y;
  }
  return sums;
}

function totals(sums: Float64Array): [number, number, number, number] {
  const total: [number, number, number, number] = [0, 0, 0, 0];
  for (let i = 0; i < sums.length; i++) total[i % SUMS] += sums[i];
  return total;
}

/** The statistic on every resample where it is defined, ascending. */
function resampledStatistic(sums: Float64Array, statistic: Statistic, resamples: Resamples): Float64Array {
  const units = sums.length / SUMS;
  const indices = resamples.indices(units);
  const values = new Float64Array(RESAMPLES);
  let defined = 0;
  for (let b = 0; b < RESAMPLES; b++) {
    let gain = 0;
    let weight = 0;
    let target = 0;
    let square = 0;
    for (let j = b * units; j < (b + 1) * units; j++) {
      const at = indices[j] * SUMS;
      gain += sums[at];
      weight += sums[at + 1];
      target += sums[at + 2];
      square += sums[at + 3];
    }
    const value = statistic(gain, weight, target, square);
    if (!Number.isNaN(value)) values[defined++] = value;
  }
  return values.subarray(0, defined).sort();
}

function estimate(value: number, draws: Float64Array, units: number): Estimate {
  const interval = [quantile(draws, 0.025), quantile(draws, 0.975)] as const;
  let atMostZero = 0;
  let atLeastZero = 0;
  for (const draw of draws) {
    if (draw <= 0) atMostZero++;
    if (draw >= 0) atLeastZero++;
  }
  const crossing = Math.min(atMostZero, atLeastZero);
  const share = Math.min(1, (2 * (crossing + 1)) / (draws.length + 1));
  if (crossing > 0) return { value, interval, p: share };
  const t = value / standardDeviation(draws);
  return { value, interval, p: Math.min(share, studentTwoSided(t, Math.max(1, units - 1))) };
}

/** Linear interpolation between order statistics (Hyndman and Fan's type 7). */
function quantile(ascending: Float64Array, share: number): number {
  const at = share * (ascending.length - 1);
  const below = Math.floor(at);
  const above = Math.min(below + 1, ascending.length - 1);
  return ascending[below] + (at - below) * (ascending[above] - ascending[below]);
}

function standardDeviation(values: Float64Array): number {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return Math.sqrt(squares / (values.length - 1));
}
