import * as z from 'zod';
import { type Task, taskWidth } from '../../dataset/problem';
import type { FittedModel, ModelSummary, SerializedModel, TaskPredictions } from '../learner';
import { tasksFromJSON, tasksToJSON } from '../task-header';
import { FeatureReader, type ForestFeature } from './feature-matrix';
import { checkTrees, sumOverTrees, type Trees } from './trees';

export interface Forest {
  readonly tasks: readonly Task[];
  readonly features: readonly ForestFeature[];
  readonly trees: Trees;
  /** Row-major (features × tasks): share of the task's impurity that splits of the feature took away, mean over trees. */
  readonly importance: Float64Array;
  /** Per task, see `OutOfBag.losses`; null where no row was left out, absent without bootstrap. */
  readonly outOfBagLosses?: readonly (number | null)[];
}

/** Rows × features that are looked at together: their values stay in the processor's cache for all trees. */
const BLOCK_VALUES = 1 << 16;

/** @param kind of the learner that the trees were grown by */
export function forestModel(kind: string, forest: Forest): FittedModel {
  return {
    convergence: { converged: true, iterations: forest.trees.starts.length - 1, criterion: 'none' },
    summary: summary(forest),
    predict(dataset, rows) {
      const reader = new FeatureReader(forest.features, dataset);
      const width = forest.features.length;
      const outputs = countOutputs(forest.tasks);
      const block = Math.max(64, Math.floor(BLOCK_VALUES / Math.max(1, width)));
      const matrix = new Float64Array(Math.min(block, rows.length) * width);
      const predictions = forest.tasks.map((task): TaskPredictions => {
        const columns = taskWidth(task);
        return { values: new Float32Array(rows.length * columns), width: columns };
      });
      for (let start = 0; start < rows.length; start += block) {
        const some = rows.subarray(start, start + block);
        reader.read(some, matrix);
        const sums = sumOverTrees(forest.trees, matrix, width, some.length, outputs);
        writeMeans(sums, outputs, forest.trees.starts.length - 1, predictions, start);
      }
      return predictions;
    },
    serialize: () => serialize(kind, forest),
  };
}

function countOutputs(tasks: readonly Task[]): number {
  return tasks.reduce((sum, task) => sum + taskWidth(task), 0);
}

function writeMeans(
  sums: Float64Array,
  outputs: number,
  trees: number,
  predictions: readonly TaskPredictions[],
  firstRow: number,
): void {
  let first = 0;
  for (const { values, width } of predictions) {
    for (let i = 0; i * outputs < sums.length; i++) {
      for (let k = 0; k < width; k++) {
        values[(firstRow + i) * width + k] = sums[i * outputs + first + k] / trees;
      }
    }
    first += width;
  }
}

function summary(forest: Forest): ModelSummary {
  const leafValues = forest.trees.values.length;
  const used = new Uint8Array(forest.features.length);
  let splits = 0;
  for (const feature of forest.trees.feature) {
    if (feature < 0) continue;
    used[feature] = 1;
    splits++;
  }
  const shared = forest.tasks.length > 1;
  return {
    sharedParameters: shared ? splits : 0,
    privateParameters: shared ? leafValues : leafValues + splits,
    activeFeatures: used.reduce((count, one) => count + one, 0),
    totalFeatures: forest.features.length,
  };
}

const forestHeader = z.object({
  tasks: z.unknown().transform(tasksFromJSON),
  features: z.array(
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('numeric'), name: z.string() }),
      z.object({
        kind: z.literal('categorical'),
        name: z.string(),
        categories: z.array(z.string()),
        bins: z.array(z.int().min(0).max(254)),
      }),
    ]),
  ),
  outOfBagLosses: z.array(z.number().nullable()).optional(),
});

const forestArrays = z.object({
  starts: z.instanceof(Int32Array),
  feature: z.instanceof(Int32Array),
  threshold: z.instanceof(Float64Array),
  right: z.instanceof(Int32Array),
  flags: z.instanceof(Uint8Array),
  categorySets: z.instanceof(Uint8Array),
  values: z.instanceof(Float32Array),
  importance: z.instanceof(Float64Array),
  firstValue: z.instanceof(Int32Array).optional(),
  output: z.instanceof(Int32Array).optional(),
});

function serialize(kind: string, forest: Forest): SerializedModel {
  const { tasks, features, trees, importance, outOfBagLosses } = forest;
  const { paths, ...nodes } = trees;
  return {
    format: 'taskweave-model',
    version: 1,
    learner: kind,
    header: {
      tasks: tasksToJSON(tasks),
      features: features.map((feature) => ({ ...feature })),
      ...(outOfBagLosses && { outOfBagLosses }),
    },
    arrays: { ...nodes, ...paths, importance },
  };
}

/** @throws ZodError or RangeError when the model is not a sound forest */
export function loadForest(model: SerializedModel): Forest {
  const header = forestHeader.parse(model.header);
  const { importance, firstValue, output, ...nodes } = forestArrays.parse(model.arrays);
  const trees = firstValue && output ? { ...nodes, paths: { firstValue, output } } : nodes;
  const categorical = header.features.map(({ kind }) => kind === 'categorical');
  checkTrees(trees, categorical, countOutputs(header.tasks));
  return { ...header, trees, importance };
}
