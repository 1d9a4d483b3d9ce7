import type { Task } from './problem';

/** How the classes of one task count in training: each class's rows as much together as any other's, or a factor a class. */
export type ClassWeight = 'balanced' | Readonly<Record<string, number>>;

/**
 * Factor of each row in the loss of one task: `balanced` n / (K n_k), n_k rows of K classes' k-th among n labelled ones,
 * counted by `sampleWeight`; else as written, 1 for a class that is not. As scikit-learn's `class_weight`. Rows outside
 * `rows` (and regressions) keep 1.
 *
 * @param rows training rows: balance is theirs alone
 * @param labels class code of every row of the table, NaN where unlabelled
 * @returns one a row of the table
 */
export function classWeights(
  task: Task,
  weight: ClassWeight,
  labels: Float64Array,
  rows: Int32Array,
  sampleWeight?: Float64Array,
): Float64Array {
  const factors = weight === 'balanced' ? balanced(task, labels, rows, sampleWeight) : written(task, weight);
  const weights = new Float64Array(labels.length).fill(1);
  if (task.type === 'regression') return weights;
  for (const row of rows) if (!Number.isNaN(labels[row])) weights[row] = factors[labels[row]];
  return weights;
}

function balanced(
  { classes }: Task,
  labels: Float64Array,
  rows: Int32Array,
  sampleWeight: Float64Array | undefined,
): number[] {
  const counts = classes.map(() => 0);
  let total = 0;
  for (const row of rows) {
    if (Number.isNaN(labels[row])) continue;
    const weight = sampleWeight?.[row] ?? 1;
    counts[labels[row]] += weight;
    total += weight;
  }
  const present = counts.filter((count) => count > 0).length;
  return counts.map((count) => (count > 0 ? total / (present * count) : 1));
}

function written({ classes }: Task, weight: Readonly<Record<string, number>>): number[] {
  return classes.map((name) => (Object.hasOwn(weight, name) ? weight[name] : 1));
}
