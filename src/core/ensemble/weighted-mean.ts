import type { Task } from '../dataset/problem';
import { probabilityOfLabel } from '../evaluate/losses';
import type { TaskPredictions } from '../learner/learner';
import { EnsembleError } from './error';
import { logLossWeights } from './log-loss-weights';
import { checkMembers, type MemberPredictions } from './member-predictions';
import type { SimplexWeights } from './simplex-weights';
import { squaredErrorWeights } from './squared-error-weights';

/** What a weighted mean is fitted to; every array is in the order of the same training rows. */
export interface WeightedMeanInput {
  readonly tasks: readonly Task[];
  /** Per task: value or class code of each row, NaN where unlabelled. */
  readonly labels: readonly Float64Array[];
  /** Sample weights; absent: every row counts 1. */
  readonly weights?: Float64Array;
  /** members[member][task]: out-of-fold predictions, NaN where a row was never held out. */
  readonly members: MemberPredictions;
}

export interface WeightedMean {
  /** weights[task][member]: each task's on the simplex. */
  readonly weights: number[][];
  /** Per task: bound on what other weights could still gain, relative (squared error) or in nats (log loss). */
  readonly gaps: number[];
}

/**
 * Weights of the members for each task, optimal for the task's loss on its out-of-fold predictions: squared error for
 * regression, log loss of the mixed probabilities for classes. Members that do not help a task get exactly 0 in it.
 *
 * Rows without a label, or that some usable member did not predict, are left out. A member that predicted none of a
 * task's labelled rows gets weight 0 in it; with no row to learn from, the others share the weight equally.
 *
 * @throws EnsembleError `no-members`, `shape`
 */
export function fitWeightedMean(input: WeightedMeanInput): WeightedMean {
  checkInput(input);
  const everyRow = new Int32Array(input.labels[0]?.length ?? 0).fill(1);
  const fitted = input.tasks.map((_, t) => fitTaskWeights(input, t, everyRow));
  return {
    weights: fitted.map(({ weights }) => Array.from(weights)),
    gaps: fitted.map(({ gap }) => gap),
  };
}

/**
 * Σ_m weights[task][m] × member m, NaN where a member of positive weight is NaN.
 *
 * @param members members[member][task], all over the same rows
 * @param weights weights[task][member]
 * @returns one a task
 * @throws EnsembleError `no-members`, `shape`
 */
export function applyWeights(
  members: MemberPredictions,
  weights: readonly (readonly number[])[],
): TaskPredictions[] {
  checkMembers(members);
  if (weights.length !== members[0].length || weights.some((task) => task.length !== members.length)) {
    throw new EnsembleError(
      'shape',
      `Weights must be given for ${members[0].length} task(s) × ${members.length} member(s).`,
    );
  }
  return members[0].map(({ values, width }, t) => {
    const sum = new Float64Array(values.length);
    weights[t].forEach((weight, m) => {
      if (weight === 0) return;
      const member = members[m][t].values;
      for (let i = 0; i < sum.length; i++) sum[i] += weight * member[i];
    });
    return { values: Float32Array.from(sum), width };
  });
}

/** @throws EnsembleError `no-members`, `shape` */
export function checkInput(input: WeightedMeanInput): void {
  const { tasks, labels, members } = input;
  checkMembers(members);
  if (labels.length !== tasks.length || members[0].length !== tasks.length) {
    throw new EnsembleError(
      'shape',
      `There are ${tasks.length} tasks, but labels of ${labels.length} and predictions of ${members[0].length}.`,
    );
  }
  tasks.forEach((task, t) => {
    const { values, width } = members[0][t];
    const rows = labels[t].length;
    if (values.length === rows * width && rows === (input.weights ?? labels[0]).length) return;
    throw new EnsembleError(
      'shape',
      `Task "${task.id}" has ${rows} labels, but ${values.length} predictions in ${width} column(s).`,
    );
  });
}

/** Weights of one task from the rows whose `include` is 1. */
export function fitTaskWeights(input: WeightedMeanInput, t: number, include: Int32Array): SimplexWeights {
  const labelled = labelledRows(input, t, include);
  const predictions = input.members.map((member) => member[t]);
  const usable = predictions.flatMap((member, m) => (predictedRows(member, labelled).length > 0 ? [m] : []));
  const members = usable.map((m) => predictions[m]);
  const rows = members.reduce((left, member) => predictedRows(member, left), labelled);
  if (usable.length === 0) return spread(equalWeights(predictions.length), predictions.length);
  if (rows.length === 0) return spread(equalWeights(usable.length), predictions.length, usable);
  return spread(optimalWeights(input, t, members, rows), predictions.length, usable);
}

function labelledRows(input: WeightedMeanInput, t: number, include: Int32Array): Int32Array {
  const labels = input.labels[t];
  const rows = new Int32Array(labels.length);
  let count = 0;
  for (let i = 0; i < labels.length; i++) {
    const counts = include[i] === 1 && !Number.isNaN(labels[i]) && !(input.weights && input.weights[i] <= 0);
    if (counts) rows[count++] = i;
  }
  return rows.subarray(0, count);
}

/** Those of `rows` that the member predicted. */
function predictedRows({ values, width }: TaskPredictions, rows: Int32Array): Int32Array {
  const predicted = new Int32Array(rows.length);
  let count = 0;
  for (const row of rows) {
    let known = true;
    for (let k = row * width; k < (row + 1) * width; k++) known &&= !Number.isNaN(values[k]);
    if (known) predicted[count++] = row;
  }
  return predicted.subarray(0, count);
}

function optimalWeights(
  input: WeightedMeanInput,
  t: number,
  members: readonly TaskPredictions[],
  rows: Int32Array,
): SimplexWeights {
  const labels = input.labels[t];
  const count = members.length;
  const weights = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) weights[i] = input.weights ? input.weights[rows[i]] : 1;
  const isRegression = input.tasks[t].type === 'regression';
  const table = new Float64Array(rows.length * count);
  members.forEach(({ values, width }, m) => {
    for (let i = 0; i < rows.length; i++) {
      const row = rows[i];
      const label = labels[row];
      table[i * count + m] = isRegression
        ? label - values[row]
        : probabilityOfLabel(values, width, row, label);
    }
  });
  return isRegression ? squaredErrorWeights(table, count, weights) : logLossWeights(table, count, weights);
}

function equalWeights(count: number): SimplexWeights {
  return { weights: new Float64Array(count).fill(1 / count), gap: 0 };
}

/** Weights of the `usable` members put in their places among all; the others get 0. */
function spread(fitted: SimplexWeights, count: number, usable?: readonly number[]): SimplexWeights {
  if (!usable) return fitted;
  const weights = new Float64Array(count);
  usable.forEach((m, i) => {
    weights[m] = fitted.weights[i];
  });
  return { weights, gap: fitted.gap };
}
