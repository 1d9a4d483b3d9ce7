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
  /** One weight a member for all tasks together, each task's loss relative to that of equal weights; absent: a weight a task. */
  readonly joint?: boolean;
}

/** All that the loss of a task, or of all together, needs of the members, on the labelled rows that each of them predicted. */
export interface MemberTable {
  /** The first rows, by the squared error; the others by the log loss. */
  readonly squaredRows: number;
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
function fitTaskWeights(
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

/**
 * Weights of all members for every task, found by `solve` from the rows whose `include` is 1: task by task, or where the
 * input asks for it once for all tasks.
 * @param solve is given the task the table is of, or 0 where it is of all
 */
export function fitWeights(
  input: WeightsInput,
  include: Int32Array,
  solve: (table: MemberTable, t: number) => Float64Array,
): Float64Array[] {
  if (!input.joint)
    return input.tasks.map((_, t) => fitTaskWeights(input, t, include, (table) => solve(table, t)));
  const weights = fitJointWeights(input, include, (table) => solve(table, 0));
  return input.tasks.map(() => weights);
}

/** A member that predicted no labelled row of any task gets weight 0. */
function fitJointWeights(
  input: WeightsInput,
  include: Int32Array,
  solve: (table: MemberTable) => Float64Array,
): Float64Array {
  const labelled = input.tasks.map((_, t) => labelledRows(input, t, include));
  const usable = input.members.flatMap((member, m) =>
    member.some((one, t) => predictedRows(one, labelled[t]).length > 0) ? [m] : [],
  );
  const tables = input.tasks.flatMap((_, t) => {
    const rows = usable.reduce((left, m) => predictedRows(input.members[m][t], left), labelled[t]);
    return rows.length > 0 ? [relativeToEqual(memberTable(input, t, usable, rows))] : [];
  });
  if (tables.length === 0) return equalWeights(input.members.length);
  const fitted = solve(joinTables(tables));
  const weights = new Float64Array(input.members.length);
  usable.forEach((m, i) => {
    weights[m] = fitted[i];
  });
  return weights;
}

/** Row weights over the loss of equal weights: each task's loss then begins at 1, whatever its unit and its rows. */
function relativeToEqual(table: MemberTable): MemberTable {
  const { values, members, weights, squaredRows } = table;
  let loss = 0;
  weights.forEach((weight, i) => {
    let mixture = 0;
    for (let m = 0; m < members; m++) mixture += values[i * members + m] / members;
    loss += weight * (i < squaredRows ? mixture * mixture : -Math.log(mixture));
  });
  return loss > 0 ? { ...table, weights: weights.map((weight) => weight / loss) } : table;
}

/** One under the other, those of squared errors first. */
function joinTables(tables: readonly MemberTable[]): MemberTable {
  const ordered = [...tables].sort((a, b) => b.squaredRows - a.squaredRows);
  const rows = ordered.reduce((sum, { weights }) => sum + weights.length, 0);
  const [{ members, origin }] = tables;
  const values = new Float64Array(rows * members);
  const weights = new Float64Array(rows);
  let at = 0;
  for (const table of ordered) {
    values.set(table.values, at * members);
    weights.set(table.weights, at);
    at += table.weights.length;
  }
  const squaredRows = ordered.reduce((sum, table) => sum + table.squaredRows, 0);
  return { squaredRows, members, origin, values, weights };
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
  return { squaredRows: isRegression ? rows.length : 0, members: count, origin, values: table, weights };
}

function equalWeights(count: number): Float64Array {
  return new Float64Array(count).fill(1 / count);
}
