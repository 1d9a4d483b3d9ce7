import type { Task } from '../dataset/problem';
import { probabilityOfLabel } from '../evaluate/losses';
import type { TaskPredictions } from '../learner/learner';
import { EnsembleError } from './error';
import { checkMembers, type MemberPredictions } from './member-predictions';

/** What weights are fitted to; every array is in the order of the same training rows. */
export interface WeightsInput {
  readonly tasks: readonly Task[];
  /** Per task: value or class code of each row, NaN where unlabelled. */
  readonly labels: readonly Float64Array[];
  /** Sample weights; absent: every row counts 1. */
  readonly weights?: Float64Array;
  /** members[member][task]: out-of-fold predictions, NaN where a row was never held out. */
  readonly members: MemberPredictions;
}

/** All that a task's loss needs of its members, on the labelled rows that each of them predicted. */
export interface MemberTable {
  readonly loss: 'squared error' | 'log loss';
  readonly members: number;
  /** Which of all members each of these is: those that predicted nothing of the task are not in the table. */
  readonly origin: readonly number[];
  /** Row-major (rows × members): label − prediction; or the clipped probability given to the row's class. */
  readonly values: Float64Array;
  /** Sample weights > 0 (rows). */
  readonly weights: Float64Array;
}

/**
 * Weights of all members for one task, found by `solve` from the rows whose `include` is 1. A member that predicted none of
 * the labelled rows gets weight 0; with no row to learn from, the others share the weight equally.
 */
export function fitTaskWeights(
  input: WeightsInput,
  t: number,
  include: Int32Array,
  solve: (table: MemberTable) => Float64Array,
): Float64Array {
  const labelled = labelledRows(input, t, include);
  const predictions = input.members.map((member) => member[t]);
  const usable = predictions.flatMap((member, m) => (predictedRows(member, labelled).length > 0 ? [m] : []));
  if (usable.length === 0) return equalWeights(predictions.length);
  const members = usable.map((m) => predictions[m]);
  const rows = members.reduce((left, member) => predictedRows(member, left), labelled);
  const fitted = rows.length === 0 ? equalWeights(usable.length) : solve(memberTable(input, t, usable, rows));
  const weights = new Float64Array(predictions.length);
  usable.forEach((m, i) => {
    weights[m] = fitted[i];
  });
  return weights;
}

/** @throws EnsembleError `no-members`, `shape` */
export function checkInput(input: WeightsInput): void {
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

function labelledRows(input: WeightsInput, t: number, include: Int32Array): Int32Array {
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

function memberTable(
  input: WeightsInput,
  t: number,
  origin: readonly number[],
  rows: Int32Array,
): MemberTable {
  const members = origin.map((m) => input.members[m][t]);
  const labels = input.labels[t];
  const count = members.length;
  const isRegression = input.tasks[t].type === 'regression';
  const weights = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) weights[i] = input.weights ? input.weights[rows[i]] : 1;
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
  const loss = isRegression ? 'squared error' : 'log loss';
  return { loss, members: count, origin, values: table, weights };
}

function equalWeights(count: number): Float64Array {
  return new Float64Array(count).fill(1 / count);
}
