import { taskWidth } from '../../dataset/problem';
import { seedFrom } from '../../random';
import type { FitContext, Learner } from '../learner';
import { forestFamily } from './family';
import { forestFeature } from './feature-matrix';
import type { GrowthLimits } from './grow';
import { JoinedTrees } from './joined-trees';
import { growPacket } from './kernels/tree-kernel';
import { kernelApplies, layOutTrees } from './kernels/tree-memory';
import { type Forest, forestModel, loadForest } from './model';
import { OutOfBag } from './out-of-bag';
import { PlainPackets, type TreePacket } from './packet';
import { type ForestParameters, featuresPerSplit, forestParameters } from './parameters';
import { prepareTrainingSet, type TrainingSet } from './training-set';

/** Below this share of labels that are there (long tables have 1 / tasks), work goes label by label. */
const SPARSE_LABELS = 0.25;

/** Packets of trees in a fit; one is what a thread does at a time, and a step that is reported. */
const MOST_PACKETS = 25;

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
  ...forestFamily,
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
  const limits = {
    maxDepth: parameters.max_depth ?? Infinity,
    minSamplesLeaf: parameters.min_samples_leaf,
    features: featuresPerSplit(parameters.max_features, set.tasks, bins.length),
    bootstrap: parameters.bootstrap,
    randomCuts: false,
  };
  const growPacket = chooseGrower(set, limits, prior);
  const joined = new JoinedTrees(prior.length);
  const gains = new Float64Array(bins.length * set.tasks.length);
  const outOfBag = parameters.bootstrap ? new OutOfBag(set, prior) : undefined;
  let step = 0;
  for (const seeds of packets(parameters.trees, context.seed)) {
    context.signal.throwIfAborted();
    const packet = growPacket(seeds);
    joined.append(packet.trees);
    packet.gains.forEach((gain, i) => {
      gains[i] += gain;
    });
    if (packet.outOfBag) outOfBag?.add(packet.outOfBag);
    step += seeds.length;
    const taskLosses = outOfBag?.losses();
    context.report({ configuration, step, ...(taskLosses && { taskLosses }) });
    await new Promise<void>((resume) => setTimeout(resume));
  }
  return {
    tasks: set.tasks,
    features: bins.map(forestFeature),
    trees: joined.finish(),
    importance: importance(gains, set, parameters.trees),
    ...(outOfBag && {
      outOfBagLosses: outOfBag.losses().map((loss) => (Number.isNaN(loss) ? null : loss)),
    }),
  };
}

function chooseGrower(
  set: TrainingSet,
  limits: GrowthLimits,
  prior: Float64Array,
): (seeds: readonly number[]) => TreePacket {
  if (kernelApplies(set)) {
    const memory = layOutTrees(set, limits, 1);
    return (seeds) => growPacket(memory, memory.regions[0], seeds);
  }
  const plain = new PlainPackets(set, limits, prior, shareOfLabels(set) < SPARSE_LABELS);
  return (seeds) => plain.grow(seeds);
}

/** Seeds of the trees, cut into packets. */
function* packets(trees: number, seed: number): Generator<readonly number[]> {
  const size = Math.ceil(trees / MOST_PACKETS);
  for (let first = 0; first < trees; first += size) {
    const count = Math.min(size, trees - first);
    yield Array.from({ length: count }, (_, i) => seedFrom('tree', seed, first + i));
  }
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
