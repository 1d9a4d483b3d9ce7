import type { LabelledRows } from './labelled-rows';

/** Square root of the weighted mean squared error; null without rows. */
export function rootMeanSquaredError(rows: LabelledRows): number | null {
  let loss = 0;
  let total = 0;
  for (let i = 0; i < rows.count; i++) {
    loss += rows.weights[i] * (rows.values[i] - rows.labels[i]) ** 2;
    total += rows.weights[i];
  }
  return total > 0 ? Math.sqrt(loss / total) : null;
}

/** Weighted mean absolute error; null without rows. */
export function meanAbsoluteError(rows: LabelledRows): number | null {
  let loss = 0;
  let total = 0;
  for (let i = 0; i < rows.count; i++) {
    loss += rows.weights[i] * Math.abs(rows.values[i] - rows.labels[i]);
    total += rows.weights[i];
  }
  return total > 0 ? loss / total : null;
}

/** R² = 1 − Σ w (y − ŷ)² / Σ w (y − ȳ)², ȳ the weighted mean of these rows; null when the target does not vary. */
export function rSquared(rows: LabelledRows): number | null {
  const mean = weightedMean(rows.labels, rows.weights);
  let residual = 0;
  let total = 0;
  for (let i = 0; i < rows.count; i++) {
    residual += rows.weights[i] * (rows.values[i] - rows.labels[i]) ** 2;
    total += rows.weights[i] * (rows.labels[i] - mean) ** 2;
  }
  return varies(rows.labels) ? 1 - residual / total : null;
}

export function weightedMean(values: Float64Array, weights: Float64Array): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < values.length; i++) {
    sum += weights[i] * values[i];
    total += weights[i];
  }
  return sum / total;
}

/** Whether any two values differ; asked of the values, because a computed variance of equal ones need not be 0. */
export function varies(values: Float64Array): boolean {
  for (let i = 1; i < values.length; i++) if (values[i] !== values[0]) return true;
  return false;
}
