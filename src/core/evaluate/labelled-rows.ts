import type { Task } from '../dataset/problem';
import { taskWidth } from '../dataset/problem';
import type { TaskPredictions } from '../learner/learner';
import { EvaluationError } from './error';

/** The rows of a task that can be scored, packed: labelled, predicted, and of weight above 0. */
export interface LabelledRows {
  readonly count: number;
  /** Value or class code (count). */
  readonly labels: Float64Array;
  /** Row-major predictions (count × width). */
  readonly values: Float32Array;
  readonly width: number;
  /** Sample weights (count), 1 where none were given. */
  readonly weights: Float64Array;
}

/**
 * Whether each row of one task can be scored with these predictions: 1 or 0 (rows).
 *
 * @param labels value or class code of each row, NaN where unlabelled
 * @param predictions rows × width; a row with any NaN counts as not predicted
 * @param weights one a row, ≥ 0; a row of weight 0 is left out
 * @throws EvaluationError `shape`, `class-code`
 */
export function scorableRows(
  task: Task,
  labels: Float64Array,
  predictions: TaskPredictions,
  weights?: Float64Array,
): Uint8Array {
  checkShapes(task, labels, predictions, weights);
  const { values, width } = predictions;
  const mask = new Uint8Array(labels.length);
  for (let i = 0; i < labels.length; i++) {
    if (Number.isNaN(labels[i]) || (weights && !(weights[i] > 0))) continue;
    checkLabel(task, labels[i], i);
    let predicted = true;
    for (let k = i * width; k < (i + 1) * width; k++) predicted &&= !Number.isNaN(values[k]);
    mask[i] = predicted ? 1 : 0;
  }
  return mask;
}

/** Packs the rows whose `mask` is 1; where that is all of them, it is the arrays themselves. Not to be written to. */
export function packRows(
  labels: Float64Array,
  predictions: TaskPredictions,
  weights: Float64Array | undefined,
  mask: Uint8Array,
): LabelledRows {
  const { values, width } = predictions;
  let count = 0;
  for (let i = 0; i < mask.length; i++) count += mask[i];
  if (count === mask.length) return { count, labels, values, width, weights: weights ?? onesOf(count) };
  const packed = {
    count,
    labels: new Float64Array(count),
    values: new Float32Array(count * width),
    width,
    weights: new Float64Array(count),
  };
  for (let i = 0, at = 0; i < mask.length; i++) {
    if (!mask[i]) continue;
    packed.labels[at] = labels[i];
    packed.weights[at] = weights ? weights[i] : 1;
    for (let k = 0; k < width; k++) packed.values[at * width + k] = values[i * width + k];
    at++;
  }
  return packed;
}

let ones = new Float64Array(0);

/** Weights of rows that count alike: one array for all that ask, as large as the longest. */
function onesOf(count: number): Float64Array {
  if (ones.length < count) ones = new Float64Array(count).fill(1);
  return ones.subarray(0, count);
}

/** Values of `rows`, in their order. */
export function gather(values: Float64Array, rows: Int32Array): Float64Array {
  const gathered = new Float64Array(rows.length);
  for (let i = 0; i < rows.length; i++) gathered[i] = values[rows[i]];
  return gathered;
}

function checkShapes(
  task: Task,
  labels: Float64Array,
  predictions: TaskPredictions,
  weights?: Float64Array,
): void {
  const width = taskWidth(task);
  if (predictions.width !== width) {
    throw new EvaluationError(
      'shape',
      `Task "${task.id}" has ${width} prediction column(s), but was given ${predictions.width}.`,
    );
  }
  if (predictions.values.length !== labels.length * width) {
    throw new EvaluationError(
      'shape',
      `Task "${task.id}" has ${labels.length} rows of ${width} column(s), but was given ` +
        `${predictions.values.length} predictions.`,
    );
  }
  if (weights && weights.length !== labels.length) {
    throw new EvaluationError(
      'shape',
      `Task "${task.id}" has ${labels.length} rows, but was given ${weights.length} sample weights.`,
    );
  }
}

function checkLabel(task: Task, label: number, row: number): void {
  if (task.type === 'regression') return;
  const classes = task.type === 'binary' ? 2 : task.classes.length;
  if (Number.isInteger(label) && label >= 0 && label < classes) return;
  throw new EvaluationError(
    'class-code',
    `Row ${row} of task "${task.id}" has label ${label}, which is not a class code from 0 to ${classes - 1}.`,
  );
}
