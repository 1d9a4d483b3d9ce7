import * as z from 'zod';
import type { Dataset } from '../../dataset/dataset';
import { encoderFromJSON } from '../../dataset/encoder';
import type { FittedModel, JsonValue, ModelSummary, SerializedModel, TaskPredictions } from '../learner';
import { LinearError } from './errors';
import { type LinearModelParts, predictTogether } from './predict';

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
  const model: FittedModel = {
    convergence: parts.convergence,
    summary: summarizeWeights(parts),
    predict: (dataset, rows) => predictTogether([parts], dataset, rows)[0],
    serialize: () => serialize(parts),
    featureStrength: () => strengthOf(parts),
    // The weights of a multiclass task are several vectors, and not to be compared with one.
    ...(parts.tasks.every(({ width }) => width === 1) && { taskVectors: () => columnsOf(parts) }),
  };
  partsOfModel.set(model, parts);
  return model;
}

/** What the models of this family are made of: those of one path are asked together. */
const partsOfModel = new WeakMap<FittedModel, LinearModelParts>();

/** Predictions of several models for the same rows: those of one fit have their features encoded once. */
export function predictModels(
  models: readonly FittedModel[],
  dataset: Dataset,
  rows: Int32Array,
): readonly (readonly TaskPredictions[])[] {
  const parts = models.flatMap((model) => partsOfModel.get(model) ?? []);
  const isOfOneFit =
    parts.length === models.length && parts.every(({ encoder }) => encoder === parts[0].encoder);
  if (isOfOneFit) return predictTogether(parts, dataset, rows);
  return models.map((model) => model.predict(dataset, rows));
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
