import { clusterItems } from './cluster';

/** How alike the tasks are, as a matrix in the order of `tasks` (rows, columns). */
export interface RelatednessMatrix {
  /**
   * `parameters`: correlation of what a model learned for each task. `predictions`: correlation of what it predicts of
   * each task on the same rows. `gain`: what learning the row's task together with the column's gains it over learning
   * it alone, in skill; not symmetric.
   */
  readonly kind: 'parameters' | 'predictions' | 'gain';
  /** Leaderboard row that was looked at. */
  readonly of: string;
  /** tasks × tasks; null where it is unknown, and on the diagonal of gains. */
  readonly values: readonly (readonly (number | null)[])[];
  /** Gains: standard errors over the folds, in the same order. */
  readonly errors?: readonly (readonly (number | null)[])[];
  /** Indices of the tasks so that near ones are neighbours. */
  readonly order: readonly number[];
  /** Cluster of each task, numbered along `order`. */
  readonly clusters: readonly number[];
}

export interface Relatedness {
  readonly tasks: readonly string[];
  readonly matrices: readonly RelatednessMatrix[];
}

/** Above this many tasks a matrix is neither readable nor small. */
export const MOST_RELATED_TASKS = 200;

/**
 * Correlation of vectors, one a task, all of one length; null where a vector does not vary.
 * Distances for the clusters are 1 − r.
 */
export function correlationMatrix(
  kind: 'parameters' | 'predictions',
  of: string,
  vectors: readonly ArrayLike<number>[],
): RelatednessMatrix {
  const standardised = vectors.map(standardise);
  const values = standardised.map((a) => standardised.map((b) => rounded(correlation(a, b))));
  return { kind, of, values, ...grouped(values, (r) => 1 - r) };
}

/**
 * Gains of learning tasks in pairs. Tasks are near when they help each other: the distance falls with the mean of the
 * two gains.
 */
export function gainMatrix(
  of: string,
  gains: readonly (readonly (number | null)[])[],
  errors: readonly (readonly (number | null)[])[],
): RelatednessMatrix {
  const largest = Math.max(1e-12, ...gains.flat().map((gain) => Math.abs(gain ?? 0)));
  const values = gains.map((row) => row.map(rounded));
  return {
    kind: 'gain',
    of,
    values,
    errors: errors.map((row) => row.map(rounded)),
    ...grouped(values, (gain) => 1 - gain / largest),
  };
}

function grouped(
  values: readonly (readonly (number | null)[])[],
  distanceOf: (value: number) => number,
): Pick<RelatednessMatrix, 'order' | 'clusters'> {
  const n = values.length;
  const distance = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (i !== j) distance[i * n + j] = distanceOf(((values[i][j] ?? 0) + (values[j][i] ?? 0)) / 2);
    }
  }
  return clusterItems(distance, n);
}

/** Mean 0, sum of squares 1, over the entries that are numbers; all NaN where they do not vary. */
function standardise(vector: ArrayLike<number>): Float64Array {
  const values = Float64Array.from(vector);
  let mean = 0;
  let count = 0;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    mean += value;
    count++;
  }
  mean /= count;
  let squares = 0;
  for (const value of values) if (!Number.isNaN(value)) squares += (value - mean) ** 2;
  const scale = Math.sqrt(squares);
  return values.map((value) => (scale > 0 ? (value - mean) / scale : Number.NaN));
}

function correlation(a: Float64Array, b: Float64Array): number | null {
  let sum = 0;
  let first = 0;
  let second = 0;
  for (let i = 0; i < a.length; i++) {
    if (Number.isNaN(a[i]) || Number.isNaN(b[i])) continue;
    sum += a[i] * b[i];
    first += a[i] * a[i];
    second += b[i] * b[i];
  }
  const scale = Math.sqrt(first * second);
  return scale > 0 ? Math.max(-1, Math.min(1, sum / scale)) : null;
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1e4) / 1e4;
}
