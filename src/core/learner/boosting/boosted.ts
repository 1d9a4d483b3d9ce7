import { weightsOfTask } from '../trees';
import { outputsOf } from './outputs';
import type { BoostingParameters } from './parameters';
import type { TrainingData } from './training-data';
import { countTrees, roundAndKind, TreeReader, type TreeRecords } from './tree-log';

/** A tree of the model, and the outputs its leaves have values of. */
export interface KeptTree {
  readonly records: TreeRecords;
  /** The how manieth of the records. */
  readonly tree: number;
  readonly outputs: readonly number[];
}

export interface Boosted {
  /** Score of every row before the first tree, an output each. */
  readonly base: Float64Array;
  /** Trees of the rounds that were kept: a round after the other, kinds in order. */
  readonly trees: readonly KeptTree[];
  readonly rounds: number;
  /** Whether the rounds were what was asked for: fixed, or ended by early stopping and not by their limit. */
  readonly converged: boolean;
  /** Row-major (features × tasks): decrease of L_t (expanded to second order) by the splits of each feature. */
  readonly importance: Float64Array;
  /** Per feature: decrease of the score, by which splits are chosen for all tasks of a tree. */
  readonly jointImportance: Float64Array;
}

/** Puts the trees that were grown, in parts and in whatever order, in theirs, as far as the rounds are kept. */
export function collect(
  parts: readonly TreeRecords[],
  data: TrainingData,
  sharing: BoostingParameters['sharing'],
  rounds: number,
): Pick<Boosted, 'trees' | 'importance' | 'jointImportance'> {
  const outputs = [...outputsOf(data.tasks).keys()];
  const kinds = sharing === 'vector-leaf' ? [outputs] : outputs.map((o) => [o]);
  const trees = new Array<KeptTree>(rounds * kinds.length);
  for (const records of parts) {
    for (let tree = 0; tree < countTrees(records); tree++) {
      const [round, kind] = roundAndKind(records, tree);
      if (round <= rounds) trees[(round - 1) * kinds.length + kind] = { records, tree, outputs: kinds[kind] };
    }
  }
  return { trees, ...importances(trees, data) };
}

function importances(
  trees: readonly KeptTree[],
  data: TrainingData,
): Pick<Boosted, 'importance' | 'jointImportance'> {
  const tasks = data.tasks.length;
  const importance = new Float64Array(data.features.length * tasks);
  const jointImportance = new Float64Array(data.features.length);
  const total = data.tasks.map((task, t) => task.weight * totalWeight(data, t));
  const taskOf = outputsOf(data.tasks).map(({ task }) => task);
  for (const { records, tree, outputs } of trees) {
    const reader = new TreeReader(records, tree, outputs.length);
    // A tree has one leaf more than splits.
    for (let open = 1; open > 0; ) {
      reader.read();
      const { feature } = reader;
      open += feature < 0 ? -1 : 1;
      if (feature < 0) continue;
      const [joint, ...gains] = reader.gains();
      jointImportance[feature] += joint;
      gains.forEach((gain, i) => {
        const t = taskOf[outputs[i]];
        if (total[t] > 0) importance[feature * tasks + t] += gain / total[t];
      });
    }
  }
  return { importance, jointImportance };
}

function totalWeight(data: TrainingData, t: number): number {
  const { training, labels } = data;
  const weights = weightsOfTask(data, t);
  let total = 0;
  for (const i of training) total += Number.isNaN(labels[t][i]) ? 0 : (weights?.[i] ?? 1);
  return total;
}
