import * as z from 'zod';
import type { Task } from '../../dataset/problem';
import type { FittedModel, ModelSummary, SerializedModel, TaskPredictions } from '../learner';
import { tasksFromJSON, tasksToJSON } from '../task-header';
import {
  BestSplit,
  countOutputs,
  loadTrees,
  MISSING_BIN,
  predictByBlocks,
  storedFeatures,
  storeTrees,
  type TreeFeature,
  type Trees,
  TreesBuilder,
} from '../trees';
import type { Boosted } from './boosted';
import type { FeatureCells } from './training-data';
import { TreeReader } from './tree-log';

/** A fitted boosting model: score of output o = base[o] + Σ of the trees' values of it. */
export interface BoostedModel {
  readonly tasks: readonly Task[];
  readonly features: readonly TreeFeature[];
  readonly sharing: 'vector-leaf' | 'per-task';
  readonly rounds: number;
  /** False where early stopping was to end the rounds and their limit did. */
  readonly converged: boolean;
  /** Values are in the scores' own units, the learning rate included. */
  readonly trees: Trees;
  /** Per output (a class each for multiclass): standardised target, log odds, log of a class. */
  readonly base: Float64Array;
  /** Per task, of the target in training: predictions are mean + scale × score (0 and 1 for classifications). */
  readonly mean: Float64Array;
  readonly scale: Float64Array;
  /** Row-major (features × tasks), and per feature; see `Boosted`. */
  readonly importance: Float64Array;
  readonly jointImportance: Float64Array;
}

export function boostedModel(model: BoostedModel): FittedModel {
  return {
    convergence: { converged: model.converged, iterations: model.rounds, criterion: 'rounds' },
    summary: summary(model),
    gains: { features: model.features.map(({ name }) => name), byTask: model.importance },
    predict(dataset, rows) {
      const { trees, features, tasks } = model;
      return predictByBlocks([trees], features, tasks, dataset, rows, (...block) =>
        writePredictions(model, ...block),
      );
    },
    serialize: () => serialize(model),
  };
}

/** Trees in the format of the forest: with `paths` where a tree has values of some outputs only. */
export function buildTrees(
  boosted: Boosted,
  features: readonly FeatureCells[],
  maxLeaves: number,
  alongPaths: boolean,
): Trees {
  const bins = features.map((feature) => feature.bins);
  const builder = new TreesBuilder(bins, boosted.base.length, maxLeaves, alongPaths);
  const split = new BestSplit();
  for (const { records, tree, outputs } of boosted.trees) {
    builder.beginTree();
    addNode(builder, new TreeReader(records, tree, outputs.length), outputs, features, split);
    builder.endTree();
  }
  return builder.finish();
}

/** @param split to write splits in */
function addNode(
  builder: TreesBuilder,
  reader: TreeReader,
  outputs: readonly number[],
  features: readonly FeatureCells[],
  split: BestSplit,
): number {
  const at = builder.addNode();
  reader.read();
  const { feature, missingLeft, categorical } = reader;
  if (feature < 0) {
    const values = reader.values();
    if (!builder.alongPaths) {
      builder.setLeafValues(at, values);
      return at;
    }
    values.forEach((value, o) => {
      if (value !== 0) builder.fixValue(outputs[o], value);
    });
    return at;
  }
  // The forest's bins are the cells of present values.
  split.feature = feature;
  split.bin = Math.max(0, reader.cut);
  split.nextBin = reader.next < 0 ? MISSING_BIN : reader.next;
  split.categorical = categorical;
  if (categorical) {
    const { left, seen } = reader.categories();
    // Not that of missing values, after them.
    const missing = features[feature].present;
    for (const [to, from] of [
      [split.left, left],
      [split.present, seen],
    ]) {
      to.set(from);
      to[missing >> 3] &= ~(1 << (missing & 7));
    }
  }
  builder.setSplit(at, split, missingLeft);
  addNode(builder, reader, outputs, features, split);
  builder.setRight(at, addNode(builder, reader, outputs, features, split));
  return at;
}

function writePredictions(
  { tasks, base, mean, scale }: BoostedModel,
  t: number,
  sums: Float64Array,
  first: number,
  { values, width }: TaskPredictions,
  firstRow: number,
  rows: number,
): void {
  const { type } = tasks[t];
  for (let i = 0; i < rows; i++) {
    const at = i * base.length + first;
    for (let k = 0; k < width; k++) sums[at + k] += base[first + k];
    const to = (firstRow + i) * width;
    if (type === 'regression') values[to] = mean[t] + scale[t] * sums[at];
    else if (type === 'binary') values[to] = 1 / (1 + Math.exp(-sums[at]));
    else softmax(sums.subarray(at, at + width), values, to);
  }
}

function softmax(scores: Float64Array, values: Float32Array, to: number): void {
  const highest = scores.reduce((max, score) => Math.max(max, score), -Infinity);
  let sum = 0;
  for (let k = 0; k < scores.length; k++) sum += Math.exp(scores[k] - highest);
  for (let k = 0; k < scores.length; k++) values[to + k] = Math.exp(scores[k] - highest) / sum;
}

function summary({ tasks, trees, features, sharing }: BoostedModel): ModelSummary {
  const splits = trees.feature.reduce((count, feature) => count + (feature >= 0 ? 1 : 0), 0);
  const shared = tasks.length > 1 && sharing === 'vector-leaf';
  return {
    sharedParameters: shared ? splits : 0,
    privateParameters: trees.values.length + (shared ? 0 : splits),
    activeFeatures: new Set(trees.feature.filter((feature) => feature >= 0)).size,
    totalFeatures: features.length,
  };
}

const boostingHeader = z.object({
  tasks: z.unknown().transform(tasksFromJSON),
  features: storedFeatures,
  sharing: z.enum(['vector-leaf', 'per-task']),
  rounds: z.int().min(0),
  converged: z.boolean().default(true),
});

const boostingArrays = z.object({
  base: z.instanceof(Float64Array),
  mean: z.instanceof(Float64Array),
  scale: z.instanceof(Float64Array),
  importance: z.instanceof(Float64Array),
  jointImportance: z.instanceof(Float64Array),
});

function serialize(model: BoostedModel): SerializedModel {
  const {
    tasks,
    features,
    sharing,
    rounds,
    converged,
    trees,
    base,
    mean,
    scale,
    importance,
    jointImportance,
  } = model;
  return {
    format: 'taskweave-model',
    version: 1,
    learner: 'boosting',
    header: {
      tasks: tasksToJSON(tasks),
      features: features.map((feature) => ({ ...feature })),
      sharing,
      rounds,
      converged,
    },
    arrays: { ...storeTrees(trees), base, mean, scale, importance, jointImportance },
  };
}

/** @throws ZodError or RangeError when the model is not what `serialize` wrote */
export function loadBoosted(model: SerializedModel): FittedModel {
  const header = boostingHeader.parse(model.header);
  const { base, mean, scale, importance, jointImportance } = boostingArrays.parse(model.arrays);
  const outputs = countOutputs(header.tasks);
  const trees = loadTrees(model.arrays, header.features, outputs);
  if (base.length !== outputs || mean.length !== header.tasks.length || scale.length !== mean.length) {
    throw new RangeError('This is not a sound boosting model: its arrays do not fit its tasks.');
  }
  return boostedModel({ ...header, trees, base, mean, scale, importance, jointImportance });
}
