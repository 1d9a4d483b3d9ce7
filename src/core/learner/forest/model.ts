import { z } from 'zod';
import { type Task, taskWidth } from '../../dataset/problem';
import type { FittedModel, ModelSummary, SerializedModel, TaskPredictions } from '../learner';
import { tasksFromJSON, tasksToJSON } from '../task-header';
import { FeatureReader, type ForestFeature } from './feature-matrix';
import { CATEGORICAL, MISSING_LEFT, type Trees } from './trees';

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

export function forestModel(forest: Forest): FittedModel {
  return {
    convergence: { converged: true, iterations: forest.trees.starts.length - 1, criterion: 'none' },
    summary: summary(forest),
    predict(dataset, rows) {
      const reader = new FeatureReader(forest.features, dataset);
      const width = forest.features.length;
      const block = Math.max(64, Math.floor(BLOCK_VALUES / Math.max(1, width)));
      const matrix = new Float64Array(Math.min(block, rows.length) * width);
      const predictions = forest.tasks.map((task): TaskPredictions => {
        const columns = taskWidth(task);
        return { values: new Float32Array(rows.length * columns), width: columns };
      });
      for (let start = 0; start < rows.length; start += block) {
        const some = rows.subarray(start, start + block);
        reader.read(some, matrix);
        writePredictions(forest, averageLeaves(forest, matrix, some.length), predictions, start);
      }
      return predictions;
    },
    serialize: () => serialize(forest),
  };
}

/** Mean over trees of the values of each row's leaf: row-major (rows × outputs). */
function averageLeaves(forest: Forest, matrix: Float64Array, rows: number): Float64Array {
  const { starts, feature, threshold, right, flags, categorySets, values } = forest.trees;
  const width = forest.features.length;
  const outputs = forest.tasks.reduce((sum, task) => sum + taskWidth(task), 0);
  const means = new Float64Array(rows * outputs);
  const trees = starts.length - 1;
  for (let tree = 0; tree < trees; tree++) {
    for (let i = 0; i < rows; i++) {
      const offset = i * width;
      let node = starts[tree];
      for (let f = feature[node]; f >= 0; f = feature[node]) {
        const x = matrix[offset + f];
        let left = x <= threshold[node];
        if ((flags[node] & CATEGORICAL) !== 0) {
          left = ((categorySets[32 * threshold[node] + (x >> 3)] >> (x & 7)) & 1) !== 0;
        } else if (Number.isNaN(x)) {
          left = (flags[node] & MISSING_LEFT) !== 0;
        }
        node = left ? node + 1 : right[node];
      }
      const leaf = right[node] * outputs;
      for (let o = 0; o < outputs; o++) means[i * outputs + o] += values[leaf + o];
    }
  }
  for (let i = 0; i < means.length; i++) means[i] /= trees;
  return means;
}

function writePredictions(
  forest: Forest,
  means: Float64Array,
  predictions: readonly TaskPredictions[],
  firstRow: number,
): void {
  const outputs = forest.tasks.reduce((sum, task) => sum + taskWidth(task), 0);
  const rows = means.length / outputs;
  let first = 0;
  predictions.forEach(({ values, width }) => {
    for (let i = 0; i < rows; i++) {
      for (let k = 0; k < width; k++) {
        values[(firstRow + i) * width + k] = means[i * outputs + first + k];
      }
    }
    first += width;
  });
}

function summary(forest: Forest): ModelSummary {
  const leafValues = forest.trees.values.length;
  const splits = forest.trees.feature.reduce((count, feature) => count + (feature >= 0 ? 1 : 0), 0);
  const shared = forest.tasks.length > 1;
  return {
    sharedParameters: shared ? splits : 0,
    privateParameters: shared ? leafValues : leafValues + splits,
    activeFeatures: new Set(forest.trees.feature.filter((feature) => feature >= 0)).size,
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
});

function serialize(forest: Forest): SerializedModel {
  const { tasks, features, trees, importance, outOfBagLosses } = forest;
  return {
    format: 'taskweave-model',
    version: 1,
    learner: 'forest',
    header: {
      tasks: tasksToJSON(tasks),
      features: features.map((feature) => ({ ...feature })),
      ...(outOfBagLosses && { outOfBagLosses }),
    },
    arrays: { ...trees, importance },
  };
}

/** @throws ZodError or RangeError when the model is not a sound forest */
export function loadForest(model: SerializedModel): Forest {
  const header = forestHeader.parse(model.header);
  const { importance, ...trees } = forestArrays.parse(model.arrays);
  checkTrees(trees, header);
  return { ...header, trees, importance };
}

/** Whoever walks the trees relies on this: children come after their parents, and every index is in range. */
function checkTrees(trees: Trees, header: z.infer<typeof forestHeader>): void {
  const { starts, feature, threshold, right, flags, categorySets, values } = trees;
  const outputs = header.tasks.reduce((sum, task) => sum + taskWidth(task), 0);
  const nodes = feature.length;
  let sound =
    [threshold, right, flags].every(({ length }) => length === nodes) &&
    starts.length > 1 &&
    starts[starts.length - 1] === nodes;
  for (let tree = 0; sound && tree < starts.length - 1; tree++) {
    const end = starts[tree + 1];
    sound = starts[tree] >= 0 && starts[tree] < end;
    for (let node = starts[tree]; sound && node < end; node++) {
      const f = feature[node];
      if (f < 0) {
        sound = right[node] >= 0 && (right[node] + 1) * outputs <= values.length;
      } else {
        const categorical = (flags[node] & CATEGORICAL) !== 0;
        sound =
          f < header.features.length &&
          right[node] > node + 1 &&
          right[node] < end &&
          categorical === (header.features[f].kind === 'categorical') &&
          (!categorical || (threshold[node] >= 0 && 32 * threshold[node] + 32 <= categorySets.length));
      }
    }
  }
  if (!sound) throw new RangeError('This is not a sound forest: its arrays do not fit each other.');
}
