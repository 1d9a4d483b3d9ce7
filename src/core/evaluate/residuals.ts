import type { LabelledRows } from './labelled-rows';

/** Bins of equal numbers of rows over the predictions, and points of the normal plot. */
const BINS = 10;
const QUANTILES = 21;

/** What the residuals y − ŷ of a regression show. All in the target's units unless said. */
export interface ResidualChecks {
  readonly rows: number;
  /** Weighted mean: not 0 where predictions are too low (> 0) or too high. */
  readonly bias: number;
  readonly standardDeviation: number;
  /** Third and fourth standardised moments; 0 for a normal. */
  readonly skewness: number;
  readonly excessKurtosis: number;
  /** Least-squares line of y on ŷ: slope 1 is calibrated, below 1 too extreme; null for constant predictions. */
  readonly slope: number | null;
  /** Correlation of |residual| with ŷ: far from 0 where errors grow or shrink with the prediction. */
  readonly spread: number | null;
  /** Over tenths of the rows, by prediction: mean prediction, mean residual, sd of the residual. */
  readonly bins: readonly { readonly predicted: number; readonly residual: number; readonly sd: number }[];
  /** Quantiles of the standardised residual at (k + ½) / 21, for a plot against the normal's. */
  readonly quantiles: readonly number[];
}

/** @returns null with fewer than two rows, or where all residuals are equal */
export function residualChecks(rows: LabelledRows): ResidualChecks | null {
  const { count, labels, values, weights } = rows;
  if (count < 2) return null;
  const residual = labels.map((label, i) => label - values[i]);
  const predicted = Float64Array.from(values);
  const bias = momentAbout(residual, weights, 0, 1);
  const variance = momentAbout(residual, weights, bias, 2);
  if (!(variance > 0)) return null;
  const sd = Math.sqrt(variance);
  return {
    rows: count,
    bias,
    standardDeviation: sd,
    skewness: momentAbout(residual, weights, bias, 3) / sd ** 3,
    excessKurtosis: momentAbout(residual, weights, bias, 4) / variance ** 2 - 3,
    slope: regressionSlope(predicted, labels, weights),
    spread: weightedCorrelation(predicted, residual.map(Math.abs), weights),
    bins: binsByPrediction(predicted, residual),
    quantiles: standardisedQuantiles(residual, bias, sd),
  };
}

function momentAbout(values: Float64Array, weights: Float64Array, centre: number, power: number): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    sum += weights[i] * (values[i] - centre) ** power;
    total += weights[i];
  }
  return sum / total;
}

function covariance(a: Float64Array, b: Float64Array, weights: Float64Array): number {
  const meanA = momentAbout(a, weights, 0, 1);
  const meanB = momentAbout(b, weights, 0, 1);
  let sum = 0;
  let total = 0;
  for (let i = 0; i < a.length; i++) {
    sum += weights[i] * (a[i] - meanA) * (b[i] - meanB);
    total += weights[i];
  }
  return sum / total;
}

function regressionSlope(x: Float64Array, y: Float64Array, weights: Float64Array): number | null {
  const variance = covariance(x, x, weights);
  return variance > 0 ? covariance(x, y, weights) / variance : null;
}

function weightedCorrelation(a: Float64Array, b: Float64Array, weights: Float64Array): number | null {
  const scale = Math.sqrt(covariance(a, a, weights) * covariance(b, b, weights));
  return scale > 0 ? covariance(a, b, weights) / scale : null;
}

function binsByPrediction(predicted: Float64Array, residual: Float64Array): ResidualChecks['bins'] {
  const order = Uint32Array.from(predicted.keys()).sort((a, b) => predicted[a] - predicted[b]);
  const bins = Math.min(BINS, Math.floor(order.length / 2));
  return Array.from({ length: bins }, (_, b) => {
    const own = order.subarray(
      Math.floor((b * order.length) / bins),
      Math.floor(((b + 1) * order.length) / bins),
    );
    let mean = 0;
    let prediction = 0;
    for (const i of own) {
      mean += residual[i] / own.length;
      prediction += predicted[i] / own.length;
    }
    let squares = 0;
    for (const i of own) squares += (residual[i] - mean) ** 2;
    return { predicted: prediction, residual: mean, sd: Math.sqrt(squares / own.length) };
  });
}

function standardisedQuantiles(residual: Float64Array, bias: number, sd: number): number[] {
  const ascending = residual.toSorted();
  return Array.from({ length: QUANTILES }, (_, k) => {
    const at = ((k + 0.5) / QUANTILES) * (ascending.length - 1);
    const below = Math.floor(at);
    const above = Math.min(below + 1, ascending.length - 1);
    const value = ascending[below] + (at - below) * (ascending[above] - ascending[below]);
    return (value - bias) / sd;
  });
}
