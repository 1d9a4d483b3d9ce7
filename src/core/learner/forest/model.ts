import * as z from 'zod';
import type { Task } from '../../dataset/problem';
import type { FittedModel, ModelSummary, SerializedModel, TaskPredictions } from '../learner';
import { tasksFromJSON, tasksToJSON } from '../task-header';
import {
  countOutputs,
  joinTrees,
  loadTrees,
  predictByBlocks,
  storedFeatures,
  storeTrees,
  type TreeFeature,
  type Trees,
} from '../trees';

export interface Forest {
  readonly tasks: readonly Task[];
  readonly features: readonly TreeFeature[];
  /** Trees that were grown together, one part after another. */
  readonly parts: readonly Trees[];
  /** Row-major (features × tasks): share of the task's impurity that splits of the feature took away, mean over trees. */
  readonly importance: Float64Array;
  /** Per task, see `OutOfBag.losses`; null where no row was left out, absent without bootstrap. */
  readonly outOfBagLosses?: readonly (number | null)[];
}

/** @param kind of the learner that the trees were grown by */
export function forestModel(kind: string, forest: Forest): FittedModel {
  return {
    convergence: { converged: true, iterations: countTrees(forest.parts), criterion: 'none' },
    summary: summary(forest),
    gains: {
      features: forest.features.map(({ name }) => name),
      byTask: forest.importance,
      ...(forest.outOfBagLosses && { outOfBagLosses: forest.outOfBagLosses }),
    },
    predict(dataset, rows) {
      const { parts, features, tasks } = forest;
      return predictByBlocks(parts, features, tasks, dataset, rows, (...block) =>
        writeMeans(forest, ...block),
      );
    },
    serialize: () => serialize(kind, forest),
  };
}

function writeMeans(
  forest: Forest,
  _task: number,
  sums: Float64Array,
  first: number,
  { values, width }: TaskPredictions,
  firstRow: number,
  rows: number,
): void {
  const outputs = countOutputs(forest.tasks);
  const count = countTrees(forest.parts);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < width; k++)
      values[(firstRow + i) * width + k] = sums[i * outputs + first + k] / count;
  }
}

export function countTrees(parts: readonly Trees[]): number {
  return parts.reduce((sum, { starts }) => sum + starts.length - 1, 0);
}

function summary({ tasks, features, parts }: Forest): ModelSummary {
  let leafValues = 0;
  let splits = 0;
  for (const { feature, values, starts } of parts) {
    leafValues += values.length;
    // A tree has one leaf more than splits.
    splits += (feature.length - (starts.length - 1)) / 2;
  }
  const shared = tasks.length > 1;
  return {
    sharedParameters: shared ? splits : 0,
    privateParameters: shared ? leafValues : leafValues + splits,
    activeFeatures: countActive(parts, features.length),
    totalFeatures: features.length,
  };
}

/** Number of features that some node is split by. */
function countActive(parts: readonly Trees[], features: number): number {
  const isActive = new Uint8Array(features);
  let active = 0;
  for (const { feature } of parts) {
    for (let node = 0; node < feature.length && active < features; node++) {
      const f = feature[node];
      if (f < 0 || isActive[f] === 1) continue;
      isActive[f] = 1;
      active++;
    }
  }
  return active;
}

const forestHeader = z.object({
  tasks: z.unknown().transform(tasksFromJSON),
  features: storedFeatures,
  outOfBagLosses: z.array(z.number().nullable()).optional(),
});

const forestArrays = z.object({ importance: z.instanceof(Float64Array) });

function serialize(kind: string, forest: Forest): SerializedModel {
  const { tasks, features, parts, importance, outOfBagLosses } = forest;
  return {
    format: 'taskweave-model',
    version: 1,
    learner: kind,
    header: {
      tasks: tasksToJSON(tasks),
      features: features.map((feature) => ({ ...feature })),
      ...(outOfBagLosses && { outOfBagLosses }),
    },
    arrays: { ...storeTrees(joinTrees(parts, countOutputs(tasks))), importance },
  };
}

/** @throws ZodError or RangeError when the model is not a sound forest */
export function loadForest(model: SerializedModel): Forest {
  const header = forestHeader.parse(model.header);
  const { importance } = forestArrays.parse(model.arrays);
  const trees = loadTrees(model.arrays, header.features, countOutputs(header.tasks));
  return { ...header, parts: [trees], importance };
}
