import type { LabelledRows } from './labelled-rows';
import { predictedClass } from './losses';

/** Equal-width bins of the predicted probability. */
const CALIBRATION_BINS = 10;

/** Rows whose predicted probability is in (from, to] (the first bin also has 0). */
export interface ReliabilityBin {
  readonly from: number;
  readonly to: number;
  /** Sum of weights, number of rows. */
  readonly weight: number;
  readonly rows: number;
  /** Weighted mean of the predicted probabilities, and of what happened (1: it did). */
  readonly predicted: number;
  readonly observed: number;
}

/**
 * Reliability of probabilities: what was predicted against what happened, by bins of equal width; bins without rows are
 * left out. Binary: P(positive class) against the share of positives. Multiclass: the probability of the most probable
 * class against the share of rows where it is right (Guo et al., On calibration of modern neural networks, 2017).
 */
export function reliabilityBins(rows: LabelledRows): ReliabilityBin[] {
  const sums = binSums(rows);
  return Array.from({ length: CALIBRATION_BINS }, (_, b) => ({
    from: b / CALIBRATION_BINS,
    to: (b + 1) / CALIBRATION_BINS,
    weight: sums.weight[b],
    rows: sums.rows[b],
    predicted: sums.predicted[b] / sums.weight[b],
    observed: sums.observed[b] / sums.weight[b],
  })).filter((bin) => bin.rows > 0);
}

/** ECE = Σ_b W_b / W · |observed_b − predicted_b| over the bins of `reliabilityBins`; null without rows. */
export function expectedCalibrationError(rows: LabelledRows): number | null {
  const { weight, predicted, observed } = binSums(rows);
  let total = 0;
  let error = 0;
  for (let b = 0; b < CALIBRATION_BINS; b++) {
    total += weight[b];
    error += Math.abs(observed[b] - predicted[b]);
  }
  return total > 0 ? error / total : null;
}

function binSums(rows: LabelledRows) {
  const weight = new Float64Array(CALIBRATION_BINS);
  const predicted = new Float64Array(CALIBRATION_BINS);
  const observed = new Float64Array(CALIBRATION_BINS);
  const count = new Int32Array(CALIBRATION_BINS);
  const { values, width, labels, weights } = rows;
  for (let i = 0; i < rows.count; i++) {
    const best = width > 1 ? predictedClass(values, width, i) : 1;
    const probability = width > 1 ? values[i * width + best] : values[i];
    const b = Math.min(CALIBRATION_BINS - 1, Math.max(0, Math.ceil(probability * CALIBRATION_BINS) - 1));
    count[b]++;
    weight[b] += weights[i];
    predicted[b] += weights[i] * probability;
    observed[b] += labels[i] === best ? weights[i] : 0;
  }
  return { weight, predicted, observed, rows: count };
}
