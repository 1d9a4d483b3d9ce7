import type { Estimate } from './estimate';
import { placementValues } from './ranking';
import { normalTwoSided } from './tails';

/** Two predictors of the same binary rows. */
export interface PairedScores {
  /** 1 or 0 (n), both present. */
  readonly positive: Uint8Array;
  /** Scores of the model and of its baseline (n), no NaN. */
  readonly model: Float32Array;
  readonly baseline: Float32Array;
  /** Sample weights > 0 (n). */
  readonly weights: Float64Array;
  /** Rows of one group (same number) are not independent (n); absent: every row is its own. */
  readonly groups?: Int32Array;
}

/** Differences below this are rounding: the two rank every pair alike. */
const NO_DIFFERENCE = 1e-12;
const NORMAL_97_5 = 1.959963984540054;

/**
 * AUC of a model less that of its baseline on the same rows, with DeLong's interval and test.
 *
 * The difference of placement values D_i of row i has weighted mean ΔAUC over either class. With the influence
 * φ_i = w_i (D_i − ΔAUC) / W_class, var = Σ_class n_c/(n_c − 1) Σ_{i in c} φ_i²: DeLong, DeLong and Clarke-Pearson,
 * Biometrics 44 (1988), when weights are equal. With groups, var = G/(G − 1) Σ_g (Σ_{i in g} φ_i)²: Obuchowski,
 * Biometrics 53 (1997).
 */
export function delongDifference(paired: PairedScores): Estimate {
  const { gain, influence } = aucInfluences(paired);
  const variance = paired.groups
    ? clusteredVariance(influence, paired.groups)
    : varianceByClass(influence, paired.positive);
  return normalEstimate(gain, Math.sqrt(variance));
}

/** The difference of the two AUCs, and the influence φ_i of every row on it (n). */
export function aucInfluences(paired: Omit<PairedScores, 'groups'>): {
  readonly gain: number;
  readonly influence: Float64Array;
} {
  const { positive, weights } = paired;
  const count = positive.length;
  const difference = new Float64Array(count);
  const baseline = new Float64Array(count);
  const gain =
    placementValues(paired.model, positive, weights, difference) -
    placementValues(paired.baseline, positive, weights, baseline);
  for (let i = 0; i < count; i++) difference[i] -= baseline[i];
  return { gain, influence: influences(difference, gain, positive, weights) };
}

function influences(
  difference: Float64Array,
  value: number,
  positive: Uint8Array,
  weights: Float64Array,
): Float64Array {
  const total = [0, 0];
  for (let i = 0; i < weights.length; i++) total[positive[i]] += weights[i];
  return difference.map((placement, i) => (weights[i] * (placement - value)) / total[positive[i]]);
}

function varianceByClass(influence: Float64Array, positive: Uint8Array): number {
  const rows = [0, 0];
  const squares = [0, 0];
  for (let i = 0; i < influence.length; i++) {
    rows[positive[i]]++;
    squares[positive[i]] += influence[i] * influence[i];
  }
  return [0, 1].reduce((sum, c) => sum + (rows[c] > 1 ? (squares[c] * rows[c]) / (rows[c] - 1) : 0), 0);
}

function clusteredVariance(influence: Float64Array, groups: Int32Array): number {
  const sums = new Map<number, number>();
  for (let i = 0; i < influence.length; i++) {
    sums.set(groups[i], (sums.get(groups[i]) ?? 0) + influence[i]);
  }
  let squares = 0;
  for (const sum of sums.values()) squares += sum * sum;
  return sums.size > 1 ? (squares * sums.size) / (sums.size - 1) : 0;
}

function normalEstimate(value: number, standardError: number): Estimate {
  const half = NORMAL_97_5 * standardError;
  const p =
    Math.abs(value) < NO_DIFFERENCE ? 1 : standardError === 0 ? 0 : normalTwoSided(value / standardError);
  return { value, interval: [value - half, value + half], p };
}
