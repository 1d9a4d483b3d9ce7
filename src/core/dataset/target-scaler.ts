import type { Problem } from './problem';

/** Location and scale of each task's target; `(y - mean[t]) / scale[t]` is what a learner fits. */
export interface TargetScaler {
  /** Regression: mean of the labelled training rows, weighted by `sampleWeight`; classification: 0. */
  readonly mean: Float64Array;
  /** Regression: population standard deviation, likewise weighted, 1 where it is 0; classification: 1. */
  readonly scale: Float64Array;
}

export function fitTargetScaler(problem: Problem): TargetScaler {
  const mean = new Float64Array(problem.tasks.length);
  const scale = new Float64Array(problem.tasks.length).fill(1);
  problem.tasks.forEach(({ type }, t) => {
    if (type !== 'regression') return;
    const { rows, sampleWeight } = problem;
    const labels = problem.labels[t];
    let total = 0;
    let sum = 0;
    let low = Infinity;
    let high = -Infinity;
    for (const row of rows) {
      const y = labels[row];
      const weight = sampleWeight?.[row] ?? 1;
      if (Number.isNaN(y) || weight === 0) continue;
      total += weight;
      sum += weight * y;
      low = Math.min(low, y);
      high = Math.max(high, y);
    }
    if (total === 0) return;
    mean[t] = sum / total;
    // A constant target has sd 0 exactly, whatever rounding did to its mean.
    if (low === high) {
      mean[t] = low;
      return;
    }
    let squares = 0;
    for (const row of rows) {
      const y = labels[row];
      if (!Number.isNaN(y)) squares += (sampleWeight?.[row] ?? 1) * (y - mean[t]) ** 2;
    }
    scale[t] = Math.sqrt(squares / total) || 1;
  });
  return { mean, scale };
}
