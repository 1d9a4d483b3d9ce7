import * as z from 'zod';
import type { Dataset } from '../../dataset/dataset';
import { type Encoder, encoderFromJSON } from '../../dataset/encoder';
import type { TaskType } from '../../dataset/problem';
import type {
  Convergence,
  FittedModel,
  JsonValue,
  ModelSummary,
  SerializedModel,
  TaskPredictions,
} from '../learner';
import { SPARSE_BELOW } from './design';
import { LinearError } from './errors';
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

const headerSchema = z.object({
  encoder: z.json(),
  tasks: z.array(
    z.object({
      type: z.enum(['regression', 'binary', 'multiclass']),
      width: z.int().positive(),
      mean: z.number(),
      scale: z.number(),
      link: z.enum(['identity', 'log']).default('identity'),
    }),
  ),
  convergence: z.object({
    converged: z.boolean(),
    iterations: z.int(),
    criterion: z.enum(['relative duality gap', 'relative optimality residual', 'epochs', 'none']),
    residual: z.number().optional(),
  }),
  totalFeatures: z.int(),
});

/**
 * A fitted linear model of all tasks: z_t = X W_t + b_t on encoded features.
 * Stored as header {encoder, tasks, convergence, totalFeatures} and arrays `weights` (encoded features × columns,
 * row-major), `intercepts` (columns), and `shared` (like `weights`) where the penalty takes them apart; a multiclass task has a column a class, others one.
 */
export function createLinearModel(parts: LinearModelParts): FittedModel {
  return {
    convergence: parts.convergence,
    summary: summarizeWeights(parts),
    predict: (dataset, rows) => predict(parts, dataset, rows),
    serialize: () => serialize(parts),
    featureStrength: () => strengthOf(parts),
    // The weights of a multiclass task are several vectors, and not to be compared with one.
    ...(parts.tasks.every(({ width }) => width === 1) && { taskVectors: () => columnsOf(parts) }),
  };
}

/** Columns of W: features are standardised, so their entries compare. */
function columnsOf({ weights, intercepts: { length: columns } }: LinearModelParts): Float64Array[] {
  return Array.from({ length: columns }, (_, c) => weights.filter((_, i) => i % columns === c));
}

/** Norm of each row of W. */
function strengthOf({ encoder: { names }, weights, intercepts }: LinearModelParts): Record<string, number> {
  const columns = intercepts.length;
  return Object.fromEntries(
    names.map((name, j) => [name, Math.hypot(...weights.subarray(j * columns, (j + 1) * columns))]),
  );
}

/** @throws LinearError `wrong-model` when the stored model is another learner's or damaged */
export function loadLinearModel(model: SerializedModel): FittedModel {
  const header = headerSchema.safeParse(model.header);
  const { weights, intercepts, shared } = model.arrays;
  if (
    model.learner !== 'linear' ||
    !header.success ||
    !(weights instanceof Float64Array) ||
    !(intercepts instanceof Float64Array) ||
    !(shared === undefined || (shared instanceof Float64Array && shared.length === weights.length))
  ) {
    throw new LinearError(
      'wrong-model',
      `This is no stored linear model (learner "${model.learner}"). Load it with the learner that saved it.`,
    );
  }
  const encoder = encoderFromJSON(header.data.encoder as JsonValue);
  const columns = header.data.tasks.reduce((sum, task) => sum + task.width, 0);
  if (intercepts.length !== columns || weights.length !== columns * encoder.width) {
    throw new LinearError(
      'wrong-model',
      `The stored linear model has ${weights.length} weights where ${columns * encoder.width} belong. Save it again.`,
    );
  }
  return createLinearModel({ ...header.data, encoder, weights, intercepts, ...(shared && { shared }) });
}

function serialize(parts: LinearModelParts): SerializedModel {
  const { residual, ...convergence } = parts.convergence;
  return {
    format: 'taskweave-model',
    version: 1,
    learner: 'linear',
    header: {
      encoder: parts.encoder.toJSON(),
      tasks: parts.tasks.map(({ type, width, mean, scale, link }) => ({ type, width, mean, scale, link })),
      convergence: residual === undefined ? convergence : { ...convergence, residual },
      totalFeatures: parts.totalFeatures,
    },
    arrays: {
      weights: parts.weights,
      intercepts: parts.intercepts,
      ...(parts.shared && { shared: parts.shared }),
    },
  };
}

/** Rows encoded at a time: bounds the memory of a prediction. */
const BLOCK = 4096;
/** Up to so many, a block's predictions stay in the cache while features are added one after the other. */
const FEW_COLUMNS = 16;

function predict(parts: LinearModelParts, dataset: Dataset, rows: Int32Array): TaskPredictions[] {
  const { tasks, intercepts } = parts;
  const columns = intercepts.length;
  const predictions = tasks.map(({ width }) => ({ values: new Float32Array(rows.length * width), width }));
  const sparse = parts.encoder.density(dataset, rows) < SPARSE_BELOW;
  for (let start = 0; start < rows.length; start += BLOCK) {
    const block = rows.subarray(start, start + BLOCK);
    const Z = linearPredictions(parts, dataset, block, sparse);
    for (let i = 0; i < block.length; i++) {
      const z = Z.subarray(i * columns, (i + 1) * columns);
      let column = 0;
      for (let t = 0; t < tasks.length; t++) {
        finish(tasks[t], z, column, predictions[t].values, (start + i) * tasks[t].width);
        column += tasks[t].width;
      }
    }
  }
  return predictions;
}

/** X W + 1 bᵀ, rows × columns. */
function linearPredictions(
  { encoder, weights, intercepts }: LinearModelParts,
  dataset: Dataset,
  rows: Int32Array,
  isSparse: boolean,
): Float64Array {
  const columns = intercepts.length;
  const Z = new Float64Array(rows.length * columns);
  for (let i = 0; i < rows.length; i++) Z.set(intercepts, i * columns);
  const add = (i: number, j: number, x: number): void => {
    for (let c = 0; c < columns; c++) Z[i * columns + c] += x * weights[j * columns + c];
  };
  if (isSparse) {
    const sparse = encoder.encodeSparse(dataset, rows);
    for (let j = 0; j < encoder.width; j++) {
      for (let e = sparse.starts[j]; e < sparse.starts[j + 1]; e++) add(sparse.rows[e], j, sparse.values[e]);
    }
    return Z;
  }
  const used = usedFeatures(weights, columns);
  if (columns <= FEW_COLUMNS) {
    const make = encoder.columnsOf(dataset, rows);
    const feature = new Float64Array(rows.length);
    for (const j of used) {
      make(j, feature);
      for (let i = 0; i < rows.length; i++) add(i, j, feature[i]);
    }
    return Z;
  }
  const X = encoder.encode(dataset, rows);
  for (let i = 0; i < rows.length; i++) {
    for (const j of used) add(i, j, X[i * encoder.width + j]);
  }
  return Z;
}

/** Features with a weight that is not 0, ascending: sparse models have few. */
function usedFeatures(weights: Float64Array, columns: number): Int32Array {
  const used: number[] = [];
  for (let j = 0; j * columns < weights.length; j++) {
    if (weights.subarray(j * columns, (j + 1) * columns).some((weight) => weight !== 0)) used.push(j);
  }
  return Int32Array.from(used);
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

/**
 * A weight is shared when its feature has a non-zero weight in more than one task, else private; so are intercepts. Where
 * the penalty takes the weights apart, each part's non-zero ones count.
 */
function summarizeWeights({
  weights,
  shared,
  tasks,
  encoder,
  totalFeatures,
}: LinearModelParts): ModelSummary {
  const columns = tasks.reduce((sum, task) => sum + task.width, 0);
  const active = new Set<number>();
  let sharedParameters = 0;
  let privateParameters = columns;
  for (let j = 0; j < encoder.width; j++) {
    let nonZero = 0;
    let users = 0;
    let c = j * columns;
    for (const task of tasks) {
      const before = nonZero;
      for (let k = 0; k < task.width; k++, c++) if (weights[c] !== 0) nonZero++;
      if (nonZero > before) users++;
    }
    if (users > 0) active.add(encoder.sources[j]);
    if (users > 1) sharedParameters += nonZero;
    else privateParameters += nonZero;
  }
  if (shared) {
    sharedParameters = shared.reduce((count, w) => count + (w === 0 ? 0 : 1), 0);
    privateParameters = weights.reduce((count, w, i) => count + (isPrivate(w, shared[i]) ? 1 : 0), columns);
  }
  return { sharedParameters, privateParameters, activeFeatures: active.size, totalFeatures };
}

/** Whether a weight is more than its shared part, and not by rounding. */
function isPrivate(weight: number, shared: number): boolean {
  return Math.abs(weight - shared) > 1e-12 * Math.abs(weight);
}
