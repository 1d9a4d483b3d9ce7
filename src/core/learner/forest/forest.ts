import { taskWidth } from '../../dataset/problem';
import { seedFrom } from '../../random';
import type { FitContext, Learner } from '../learner';
import { DenseSplitter } from './dense-splitter';
import { forestFeature } from './feature-matrix';
import { TreeGrower } from './grow';
import { type Forest, forestModel, loadForest } from './model';
import { OutOfBag } from './out-of-bag';
import { type ForestParameters, featuresPerSplit, forestParameters } from './parameters';
import { SparseSplitter } from './sparse-splitter';
import { prepareTrainingSet, type TrainingSet } from './training-set';
import { TreesBuilder } from './trees-builder';

/** Below this share of labels that are there (long tables have 1 / tasks), work goes label by label. */
const SPARSE_LABELS = 0.25;

/** Most steps reported in a fit. */
const MOST_REPORTS = 100;

/** Row × feature pairs after which a fit lets other work of its process go first. */
const PAIRS_WITHOUT_PAUSE = 4_000_000;

/**
 * Random forest (Breiman, 2001): one forest whose splits serve all tasks at once.
 *
 * A split is chosen to lower Σ_t w_t I_t, where I_t is the impurity of the node's rows labelled for task t (variance, or
 * Gini impurity), weighted by their number, over that of all training rows: scale-free across units and types. Numbers
 * are cut at one of at most 255 quantiles, categories are split natively, missing features go where impurity is lowest.
 * Predicts the mean over trees of leaf means (regression) and of class shares. A leaf without labels of a task predicts
 * what its nearest ancestor with some would.
 */
export const forestLearner: Learner = {
  kind: 'forest',
  capabilities: () => ({
    taskTypes: ['regression', 'binary', 'multiclass'],
    lambda: false,
    lambdaMax: false,
    lambdaPath: false,
  }),
  singleTaskTwin: (parameters) => parameters,
  async fit(problem, configurations, context) {
    const models = [];
    for (let c = 0; c < configurations.length; c++) {
      const parameters = forestParameters.parse(configurations[c].parameters);
      const set = prepareTrainingSet(problem, parameters.bins);
      models.push(forestModel(await growForest(set, parameters, context, c)));
    }
    return models;
  },
  load: (model) => forestModel(loadForest(model)),
};

async function growForest(
  set: TrainingSet,
  parameters: ForestParameters,
  context: FitContext,
  configuration: number,
): Promise<Forest> {
  const bins = set.features.map((feature) => feature.bins);
  const prior = priorValues(set);
  const sparse = shareOfLabels(set) < SPARSE_LABELS;
  const trees = new TreesBuilder(bins, prior.length, set.rows.length, sparse);
  const splitter = sparse
    ? new SparseSplitter(set, parameters.min_samples_leaf)
    : new DenseSplitter(set, parameters.min_samples_leaf);
  const limits = {
    maxDepth: parameters.max_depth ?? Infinity,
    minSamplesLeaf: parameters.min_samples_leaf,
    features: featuresPerSplit(parameters.max_features, set.tasks, bins.length),
    bootstrap: parameters.bootstrap,
  };
  const grower = new TreeGrower(set, splitter, limits, prior);
  const outOfBag = parameters.bootstrap ? new OutOfBag(set, prior) : undefined;
  const everyReport = Math.ceil(parameters.trees / MOST_REPORTS);
  let pairs = 0;
  for (let tree = 0; tree < parameters.trees; tree++) {
    context.signal.throwIfAborted();
    grower.grow(trees, seedFrom('tree', context.seed, tree));
    outOfBag?.add(trees, grower.multiplicity);
    if ((tree + 1) % everyReport === 0 || tree + 1 === parameters.trees) {
      const taskLosses = outOfBag?.losses();
      context.report({ configuration, step: tree + 1, ...(taskLosses && { taskLosses }) });
    }
    pairs += set.rows.length * bins.length;
    if (pairs >= PAIRS_WITHOUT_PAUSE) {
      pairs = 0;
      await new Promise<void>((resume) => setTimeout(resume));
    }
  }
  return {
    tasks: set.tasks,
    features: bins.map(forestFeature),
    trees: trees.finish(),
    importance: importance(grower.gains, set, parameters.trees),
    ...(outOfBag && {
      outOfBagLosses: outOfBag.losses().map((loss) => (Number.isNaN(loss) ? null : loss)),
    }),
  };
}

/** Values of a node without any label: of all training rows, else (a task that has no label) 0 and equal shares. */
function priorValues(set: TrainingSet): Float64Array {
  const values: number[] = [];
  set.tasks.forEach((task, t) => {
    if (task.type === 'regression') {
      values.push(set.scaler.mean[t]);
      return;
    }
    const sums = new Float64Array(task.classes.length);
    let total = 0;
    set.labels[t].forEach((label, i) => {
      if (Number.isNaN(label)) return;
      const weight = set.weights?.[i] ?? 1;
      sums[label] += weight;
      total += weight;
    });
    const shares = sums.map((sum) => (total > 0 ? sum / total : 1 / sums.length));
    values.push(...shares.subarray(shares.length - taskWidth(task)));
  });
  return Float64Array.from(values);
}

function shareOfLabels(set: TrainingSet): number {
  let there = 0;
  for (const labels of set.labels) {
    for (const label of labels) there += Number.isNaN(label) ? 0 : 1;
  }
  return there / Math.max(1, set.rows.length * set.tasks.length);
}

function importance(gains: Float64Array, set: TrainingSet, trees: number): Float64Array {
  const tasks = set.tasks.length;
  // Sums of differences: what should be 0 can be a rounding error below it.
  return gains.map((gain, i) => Math.max(0, gain) / (set.tasks[i % tasks].weight * trees));
}
