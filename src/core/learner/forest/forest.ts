import { type Problem, taskWidth } from '../../dataset/problem';
import { seedFrom } from '../../random';
import type { Family } from '../family';
import type { FitContext, Learner } from '../learner';
import {
  labelsAreSparse,
  prepareTrainingSet,
  type TrainingSet,
  type Trees,
  treeFeature,
  weightsOfTask,
} from '../trees';
import { extraTreesFamily, forestFamily } from './family';
import { countTrees, type Forest, forestModel, loadForest } from './model';
import { OutOfBag } from './out-of-bag';
import type { TreePacket } from './packet';
import { growPackets } from './packets';
import {
  extraTreesParameters,
  type ForestParameters,
  featuresPerSplit,
  forestParameters,
} from './parameters';

/**
 * Where most labels are missing, leaves hold few labels of a task. Without smoothing the school table's joint forest has
 * R² .26 and landmine's AUC .752; with 16, .31 and .763; 4 and 64 gain less.
 */
const SMOOTHING_OF_SPARSE = 16;

/** Out-of-bag losses are told again when there are so many times as many trees. */
const LOSSES_AGAIN = 1.5;

/** Packets of trees in a fit; one is what a thread does at a time, and a step that is reported. */
const MOST_PACKETS = 20;

/**
 * Random forest (Breiman, 2001): one forest whose splits serve all tasks at once.
 *
 * A split is chosen to lower Σ_t w_t I_t, where I_t is the impurity of the node's rows labelled for task t (variance, or
 * Gini impurity), weighted by their number, over that of all training rows: scale-free across units and types. Numbers
 * are cut at one of at most 255 quantiles, categories are split natively, missing features go where impurity is lowest.
 * Predicts the mean over trees of leaf means (regression) and of class shares. A leaf without labels of a task predicts
 * what its nearest ancestor with some would; with smoothing m (hierarchical shrinkage: Agarwal and others, 2022), a
 * leaf with n labels counts its own mean n / (n + m), its parent's value the rest.
 */
export const forestLearner: Learner = learnerOfTrees(forestFamily, forestParameters, false);

/**
 * Extremely randomised trees (Geurts, Ernst and Wehenkel, 2006): a forest that cuts each feature at a place drawn at
 * random and splits by the best of these.
 */
export const extraTreesLearner: Learner = learnerOfTrees(extraTreesFamily, extraTreesParameters, true);

function learnerOfTrees(
  family: Family,
  schema: { parse(parameters: unknown): ForestParameters },
  randomCuts: boolean,
): Learner {
  return {
    ...family,
    async fit(problem, configurations, context) {
      const models = [];
      for (let c = 0; c < configurations.length; c++) {
        const parameters = schema.parse(configurations[c].parameters);
        if (c > 0) context.giveBack?.();
        const growth = begin(problem, { ...parameters, randomCuts }, context);
        models.push(forestModel(family.kind, await growForest(growth, context, c)));
      }
      return models;
    },
    load: (model) => forestModel(family.kind, loadForest(model)),
  };
}

interface Growth {
  /** Without the codes of its features: where there is a kernel, they are in its memory. */
  readonly set: TrainingSet;
  readonly prior: Float64Array;
  readonly bootstrap: boolean;
  readonly trees: number;
  readonly packets: AsyncGenerator<TreePacket>;
}

/** Prepares the rows. Not a part of `growForest`, which would hold what it has seen to its end. */
function begin(
  problem: Problem,
  parameters: ForestParameters & { readonly randomCuts: boolean },
  context: FitContext,
): Growth {
  context.threads?.prepare?.(context.threads.count);
  const set = prepareTrainingSet(problem, parameters.bins);
  const prior = priorValues(set);
  const limits = {
    maxDepth: parameters.max_depth ?? Infinity,
    minSamplesLeaf: parameters.min_samples_leaf,
    features: featuresPerSplit(parameters.max_features, set.tasks, set.features.length),
    bootstrap: parameters.bootstrap,
    smoothing: parameters.smoothing ?? (labelsAreSparse(set) ? SMOOTHING_OF_SPARSE : 0),
    randomCuts: parameters.randomCuts,
  };
  const features = set.features.map(({ bins }) => ({ bins, codes: new Uint8Array(0) }));
  return {
    set: { ...set, features },
    prior,
    bootstrap: parameters.bootstrap,
    trees: parameters.trees,
    packets: growPackets(set, limits, prior, seedsOfPackets(parameters.trees, context.seed), context),
  };
}

async function growForest(
  { set, prior, bootstrap, trees, packets }: Growth,
  context: FitContext,
  configuration: number,
): Promise<Forest> {
  const bins = set.features.map((feature) => feature.bins);
  const parts: Trees[] = [];
  const gains = new Float64Array(bins.length * set.tasks.length);
  const outOfBag = bootstrap ? new OutOfBag(set, prior) : undefined;
  let step = 0;
  let lossesAt = 0;
  let losses: readonly number[] | undefined;
  for await (const packet of packets) {
    parts.push(...packet.trees);
    packet.gains.forEach((gain, i) => {
      gains[i] += gain;
    });
    if (packet.outOfBag) outOfBag?.add(packet.outOfBag);
    context.giveBack?.();
    step += countTrees(packet.trees);
    // The more trees there are, the less a few more change.
    const due = step >= LOSSES_AGAIN * lossesAt || step === trees;
    if (due) lossesAt = step;
    if (due) losses = outOfBag?.losses();
    context.report({ configuration, step, ...(due && losses && { taskLosses: losses }) });
  }
  return {
    tasks: set.tasks,
    features: bins.map(treeFeature),
    parts,
    importance: importance(gains, set, trees),
    ...(losses && { outOfBagLosses: losses.map((loss) => (Number.isNaN(loss) ? null : loss)) }),
  };
}

/** Seeds of the trees, cut into packets. */
function seedsOfPackets(trees: number, seed: number): readonly (readonly number[])[] {
  const size = Math.ceil(trees / MOST_PACKETS);
  return Array.from({ length: Math.ceil(trees / size) }, (_, p) =>
    Array.from({ length: Math.min(size, trees - p * size) }, (_, i) => seedFrom('tree', seed, p * size + i)),
  );
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
    const weights = weightsOfTask(set, t);
    let total = 0;
    set.labels[t].forEach((label, i) => {
      if (Number.isNaN(label)) return;
      const weight = weights?.[i] ?? 1;
      sums[label] += weight;
      total += weight;
    });
    const shares = sums.map((sum) => (total > 0 ? sum / total : 1 / sums.length));
    values.push(...shares.subarray(shares.length - taskWidth(task)));
  });
  return Float64Array.from(values);
}

function importance(gains: Float64Array, set: TrainingSet, trees: number): Float64Array {
  const tasks = set.tasks.length;
  // Sums of differences: what should be 0 can be a rounding error below it.
  return gains.map((gain, i) => Math.max(0, gain) / (set.tasks[i % tasks].weight * trees));
}
