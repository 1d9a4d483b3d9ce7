import { taskWidth } from '../../dataset/problem';
import { type TrainingSet, type TreesBuilder, weightsOfTask } from '../trees';

export interface OutOfBagSums {
  /** Row-major (rows × outputs): predictions summed over the trees that left the row out. */
  readonly sums: Float64Array;
  /** How many trees left each row out. */
  readonly trees: Int32Array;
}

/** Predictions for training rows by the trees whose bootstrap samples left them out (Breiman, 2001). */
export class OutOfBag implements OutOfBagSums {
  private readonly codes: readonly Uint8Array[];
  private readonly outputs: number;
  readonly sums: Float64Array;
  readonly trees: Int32Array;

  constructor(
    private readonly set: TrainingSet,
    private readonly prior: Float64Array,
  ) {
    this.codes = set.features.map((feature) => feature.codes);
    this.outputs = prior.length;
    this.sums = new Float64Array(set.rows.length * prior.length);
    this.trees = new Int32Array(set.rows.length);
  }

  /** Adds the tree that ended last for every position that its sample holds 0 times. */
  addTree(trees: TreesBuilder, multiplicity: Int32Array): void {
    const { outputs, sums } = this;
    for (let i = 0; i < multiplicity.length; i++) {
      if (multiplicity[i] > 0) continue;
      trees.addPrediction(this.codes, i, sums, i * outputs);
      this.trees[i]++;
    }
  }

  add(other: OutOfBagSums): void {
    for (let i = 0; i < other.sums.length; i++) this.sums[i] += other.sums[i];
    for (let i = 0; i < other.trees.length; i++) this.trees[i] += other.trees[i];
  }

  /**
   * L_t of every task over its labelled rows that some tree left out; NaN where there is none. Half the mean square of
   * standardised errors; log loss, in which the class frequencies have one tree's vote besides (a few trees often
   * agree on 0 or 1).
   */
  losses(): readonly number[] {
    let output = 0;
    return this.set.tasks.map((task, t) => {
      const first = output;
      output += taskWidth(task);
      return this.taskLoss(t, first);
    });
  }

  private taskLoss(t: number, first: number): number {
    const { set, trees, sums, outputs, prior } = this;
    const { type } = set.tasks[t];
    const labels = set.labels[t];
    const { mean, scale } = set.scaler;
    const weights = weightsOfTask(set, t);
    let loss = 0;
    let total = 0;
    for (let i = 0; i < labels.length; i++) {
      const label = labels[i];
      if (Number.isNaN(label) || trees[i] === 0) continue;
      const weight = weights?.[i] ?? 1;
      const output = type === 'multiclass' ? first + label : first;
      const sum = sums[i * outputs + output];
      total += weight;
      if (type === 'regression') {
        loss += (weight * (label - (sum / trees[i] - mean[t]) / scale[t]) ** 2) / 2;
      } else {
        const share = (sum + prior[output]) / (trees[i] + 1);
        loss -= weight * Math.log(type === 'binary' && label === 0 ? 1 - share : share);
      }
    }
    return total > 0 ? loss / total : Number.NaN;
  }
}
