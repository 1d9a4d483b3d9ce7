import type { Dataset } from '../../dataset/dataset';
import type { Encoder } from '../../dataset/encoder';
import type { TaskType } from '../../dataset/problem';
import type { Convergence, TaskPredictions } from '../learner';
import { SPARSE_BELOW } from './design';
import { sigmoid } from './losses/logistic';

/** One task of a fitted model: its columns of W, and how a linear prediction becomes the task's own. */
export interface ModelTask {
  readonly type: TaskType;
  readonly width: number;
  /** Regression: prediction = mean + scale · z. */
  readonly mean: number;
  readonly scale: number;
  /** Regression: `log` where the prediction is e^z instead, a rate of counts. */
  readonly link: 'identity' | 'log';
}

export interface LinearModelParts {
  readonly encoder: Encoder;
  readonly tasks: readonly ModelTask[];
  /** Encoded features × columns, row-major. */
  readonly weights: Float64Array;
  readonly intercepts: Float64Array;
  /** Penalties that take the weights apart: what tasks share of them; what is left is private. */
  readonly shared?: Float64Array;
  readonly convergence: Convergence;
  readonly totalFeatures: number;
}

/** Rows encoded at a time: bounds the memory of a prediction. */
const BLOCK = 4096;
/** Up to so many columns of a model, a block's predictions stay in the cache while features are added one after the other. */
const FEW_COLUMNS = 16;
/** Linear predictions that are held at a time while a feature is added to all of them. */
const MOST_HELD = 2 ** 19;

/**
 * Predictions of models that share an encoder for the same rows, a list a model: every feature is encoded once. Numbers are
 * those of each model asked alone.
 */
export function predictTogether(
  models: readonly LinearModelParts[],
  dataset: Dataset,
  rows: Int32Array,
): TaskPredictions[][] {
  const all = models.map(({ tasks }) =>
    tasks.map(({ width }) => ({ values: new Float32Array(rows.length * width), width })),
  );
  if (models.length === 0) return all;
  const [{ encoder, intercepts }] = models;
  const isSparse = encoder.density(dataset, rows) < SPARSE_BELOW;
  const add = isSparse ? addSparse : intercepts.length <= FEW_COLUMNS ? addByFeature : addByRow;
  const together = Math.max(1, Math.floor(MOST_HELD / (Math.min(BLOCK, rows.length) * intercepts.length)));
  for (let first = 0; first < models.length; first += together) {
    const members = models.slice(first, first + together);
    for (let start = 0; start < rows.length; start += BLOCK) {
      const block = rows.subarray(start, start + BLOCK);
      const predictions = members.map((model) => interceptsOf(model, block.length));
      add(members, dataset, block, predictions);
      members.forEach(({ tasks }, m) => {
        finishBlock(tasks, predictions[m], start, all[first + m]);
      });
    }
  }
  return all;
}

/** Rows × columns. */
function interceptsOf({ intercepts }: LinearModelParts, rows: number): Float64Array {
  const Z = new Float64Array(rows * intercepts.length);
  for (let i = 0; i < rows; i++) Z.set(intercepts, i * intercepts.length);
  return Z;
}

/** Adds X W to each model's linear predictions. */
type Add = (
  models: readonly LinearModelParts[],
  dataset: Dataset,
  rows: Int32Array,
  predictions: readonly Float64Array[],
) => void;

const addSparse: Add = (models, dataset, rows, predictions) => {
  const { encoder } = models[0];
  const X = encoder.encodeSparse(dataset, rows);
  models.forEach(({ weights, intercepts: { length: columns } }, m) => {
    const Z = predictions[m];
    for (let j = 0; j < encoder.width; j++) {
      for (let e = X.starts[j]; e < X.starts[j + 1]; e++) {
        addRow(X.values[e], weights, j, Z, X.rows[e], columns);
      }
    }
  });
};

const addByFeature: Add = (models, dataset, rows, predictions) => {
  const { encoder, intercepts } = models[0];
  const columns = intercepts.length;
  const make = encoder.columnsOf(dataset, rows);
  const feature = new Float64Array(rows.length);
  for (let j = 0; j < encoder.width; j++) {
    const users = models.flatMap(({ weights }, m) => (isUsed(weights, j, columns) ? m : []));
    if (users.length === 0) continue;
    make(j, 0, feature);
    for (const m of users) addFeature(feature, models[m].weights, j, columns, predictions[m]);
  }
};

/** Where a row of Z is long, row after row: it stays in the cache while all features are added. */
const addByRow: Add = (models, dataset, rows, predictions) => {
  const { encoder } = models[0];
  const { width } = encoder;
  const X = encoder.encode(dataset, rows);
  models.forEach(({ weights, intercepts: { length: columns } }, m) => {
    const used = Int32Array.from(
      Array.from({ length: width }, (_, j) => j).filter((j) => isUsed(weights, j, columns)),
    );
    for (let i = 0; i < rows.length; i++) {
      for (const j of used) addRow(X[i * width + j], weights, j, predictions[m], i, columns);
    }
  });
};

function addFeature(
  feature: Float64Array,
  weights: Float64Array,
  j: number,
  columns: number,
  Z: Float64Array,
): void {
  if (columns > 1) {
    for (let i = 0; i < feature.length; i++) addRow(feature[i], weights, j, Z, i, columns);
    return;
  }
  const weight = weights[j];
  for (let i = 0; i < feature.length; i++) Z[i] += feature[i] * weight;
}

function addRow(
  x: number,
  weights: Float64Array,
  j: number,
  Z: Float64Array,
  i: number,
  columns: number,
): void {
  for (let c = 0; c < columns; c++) Z[i * columns + c] += x * weights[j * columns + c];
}

/** Sparse models have few features with a weight that is not 0. */
function isUsed(weights: Float64Array, j: number, columns: number): boolean {
  for (let c = 0; c < columns; c++) if (weights[j * columns + c] !== 0) return true;
  return false;
}

/** From linear predictions of a block of rows, rows × columns, to what the tasks predict, from row `start` on. */
function finishBlock(
  tasks: readonly ModelTask[],
  Z: Float64Array,
  start: number,
  predictions: readonly TaskPredictions[],
): void {
  const columns = tasks.reduce((sum, { width }) => sum + width, 0);
  for (let i = 0; i * columns < Z.length; i++) {
    let at = i * columns;
    for (let t = 0; t < tasks.length; t++) {
      finish(tasks[t], Z, at, predictions[t].values, (start + i) * tasks[t].width);
      at += tasks[t].width;
    }
  }
}

/** Linear predictions of one task and row, from `column` of z, to what the task predicts. */
function finish(task: ModelTask, z: Float64Array, column: number, out: Float32Array, at: number): void {
  switch (task.type) {
    case 'regression':
      out[at] = task.link === 'log' ? Math.exp(z[column]) : task.mean + task.scale * z[column];
      return;
    case 'binary':
      out[at] = sigmoid(z[column]);
      return;
    case 'multiclass': {
      let largest = Number.NEGATIVE_INFINITY;
      for (let k = 0; k < task.width; k++) largest = Math.max(largest, z[column + k]);
      let total = 0;
      for (let k = 0; k < task.width; k++) total += Math.exp(z[column + k] - largest);
      for (let k = 0; k < task.width; k++) out[at + k] = Math.exp(z[column + k] - largest) / total;
    }
  }
}
