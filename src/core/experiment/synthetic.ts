import { Random, seedFrom } from '../random';

export interface RelatedTasksOptions {
  readonly rows: number;
  readonly features: number;
  /** The first `informative` features decide the labels; the rest are noise. */
  readonly informative: number;
  readonly tasks: number;
  /** Correlation of the scores behind any two tasks' labels: 0 unrelated, 1 the same task. */
  readonly relatedness: number;
  /** Share of labels turned round at random. */
  readonly flip?: number;
  readonly seed: number;
}

export interface RelatedTasks {
  /** Row-major, rows × features. */
  readonly features: Float64Array;
  /** labels[task][row], 0 or 1. */
  readonly labels: readonly Uint8Array[];
}

/**
 * Binary tasks from one source. Rows scatter about the corners of a hypercube, stretched by a random linear map, as in
 * scikit-learn's `make_classification` (Guyon 2003); noise features are standard normal. A task's label says whether
 *
 *     f_t(x) = √ρ · s(x) + √(1 − ρ) · o_t(x)
 *
 * is above its median, s shared by all tasks and o_t the task's own, both nonlinear functions of the informative
 * features with mean 0 and variance 1 on the rows and uncorrelated with each other, so that ρ, the relatedness, is the
 * correlation of any two f_t.
 * @throws RangeError on sizes that make no data
 */
export function makeRelatedTasks(options: RelatedTasksOptions): RelatedTasks {
  const { rows, features, informative, tasks, relatedness, flip = 0.01, seed } = options;
  if (!(rows > tasks + 1 && tasks >= 1 && informative >= 1 && informative <= features)) {
    throw new RangeError('Related tasks need 1 ≤ informative ≤ features, and more rows than tasks.');
  }
  if (!(relatedness >= 0 && relatedness <= 1)) throw new RangeError('Relatedness goes from 0 to 1.');
  const X = makeFeatures(rows, features, informative, new Random(seedFrom(seed, 'features')));
  const scores = Array.from({ length: tasks + 1 }, (_, index) =>
    makeScore(X, rows, features, informative, new Random(seedFrom(seed, 'score', index))),
  );
  const [shared, ...own] = orthonormal(scores);
  const labels = own.map((score, task) => {
    const mixed = score.map(
      (value, row) => Math.sqrt(relatedness) * shared[row] + Math.sqrt(1 - relatedness) * value,
    );
    return halve(mixed, flip, new Random(seedFrom(seed, 'flip', task)));
  });
  return { features: X, labels };
}

/** Distance of the clusters' centres from 0 along each informative axis. */
const CENTRE = 1;
const CLUSTERS = 4;

function makeFeatures(rows: number, features: number, informative: number, random: Random): Float64Array {
  const X = new Float64Array(rows * features);
  const centres = Array.from({ length: CLUSTERS }, () =>
    Float64Array.from({ length: informative }, () => (random.uniform() < 0.5 ? -CENTRE : CENTRE)),
  );
  const stretch = Float64Array.from({ length: informative * informative }, () => 2 * random.uniform() - 1);
  const z = new Float64Array(informative);
  for (let row = 0; row < rows; row++) {
    const centre = centres[row % CLUSTERS];
    for (let j = 0; j < informative; j++) z[j] = random.normal();
    for (let j = 0; j < informative; j++) {
      let value = centre[j];
      for (let k = 0; k < informative; k++) value += z[k] * stretch[k * informative + j];
      X[row * features + j] = value;
    }
    for (let j = informative; j < features; j++) X[row * features + j] = random.normal();
  }
  return X;
}

/** A linear part and bends along a few directions: a forest can learn it, a linear model only in part. */
function makeScore(
  X: Float64Array,
  rows: number,
  features: number,
  informative: number,
  random: Random,
): Float64Array {
  const score = new Float64Array(rows);
  for (let bend = 0; bend < 3; bend++) {
    const direction = Float64Array.from({ length: informative }, () => random.normal());
    const along = new Float64Array(rows);
    for (let row = 0; row < rows; row++) {
      for (let j = 0; j < informative; j++) along[row] += direction[j] * X[row * features + j];
    }
    standardize(along);
    for (let row = 0; row < rows; row++) {
      score[row] += bend === 0 ? 1.5 * along[row] : Math.abs(along[row]);
    }
  }
  return score;
}

/** Gram–Schmidt on columns of mean 0: each of variance 1 and uncorrelated with those before it. */
function orthonormal(columns: readonly Float64Array[]): Float64Array[] {
  const done: Float64Array[] = [];
  for (const column of columns) {
    standardize(column);
    for (const earlier of done) {
      let overlap = 0;
      for (let i = 0; i < column.length; i++) overlap += column[i] * earlier[i];
      overlap /= column.length;
      for (let i = 0; i < column.length; i++) column[i] -= overlap * earlier[i];
    }
    standardize(column);
    done.push(column);
  }
  return done;
}

function standardize(values: Float64Array): void {
  const n = values.length;
  let mean = 0;
  for (const value of values) mean += value / n;
  let variance = 0;
  for (const value of values) variance += (value - mean) ** 2 / n;
  const scale = variance > 0 ? Math.sqrt(variance) : 1;
  for (let i = 0; i < n; i++) values[i] = (values[i] - mean) / scale;
}

function halve(scores: Float64Array, flip: number, random: Random): Uint8Array {
  const median = scores.toSorted()[scores.length >> 1];
  return Uint8Array.from(scores, (score) => {
    const label = score >= median ? 1 : 0;
    return random.uniform() < flip ? 1 - label : label;
  });
}
