import type { Random } from '../../random';
import { BestSplit, MISSING_BIN, type TrainingSet } from '../trees';
import type { GrowthLimits } from './grow';
import { listLabels } from './label-lists';
import { RandomCut, shuffleBins } from './random-cut';
import { aboveNoise, MISSING_GOES_LEFT, MISSING_GOES_RIGHT, MISSING_NONE, type Splitter } from './splitter';

/** A task's weight on one side is rounding noise below this share of its weight in the node. */
const NO_WEIGHT = 1e-12;

/**
 * Splits for tables where most labels are missing, such as long tables, whose rows belong to one task each. Chooses what
 * `DenseSplitter` would, but moves the rows of a node from right to left label by label and updates the terms of the
 * tasks they have labels for: the work is in the labels there are, not in rows × tasks.
 */
export class SparseSplitter implements Splitter {
  readonly best = new BestSplit();
  private readonly cut = new RandomCut();
  private readonly minSamplesLeaf: number;
  private readonly smoothing: number;
  private readonly tasks: number;
  private multiplicity: Int32Array | undefined;

  // See `LabelLists`.
  private readonly firstLabel: Int32Array;
  private readonly labelTask: Int32Array;
  private readonly labelTarget: Int32Array;
  private readonly labelY: Float64Array;
  private readonly firstTarget: Int32Array;

  // The current node: sums over its rows by task (weight, Σ_k S_k²) and by target (S_k).
  private positions: Int32Array = new Int32Array(0);
  private start = 0;
  private size = 0;
  private readonly touched: Int32Array;
  private touchedTasks = 0;
  private readonly weight: Float64Array;
  private readonly squares: Float64Array;
  private readonly sum: Float64Array;
  /** Label that a row of the node has for the task. */
  private readonly someLabel: Float64Array;
  private readonly commonest: Int32Array;

  // One side of a cut, and each task's share of the score.
  private readonly leftWeight: Float64Array;
  private readonly leftSquares: Float64Array;
  private readonly rightSquares: Float64Array;
  private readonly leftSum: Float64Array;
  private readonly term: Float64Array;
  private score = 0;
  private leftRows = 0;

  // Rows by bin: chains from firstRow[code] through nextRow.
  private readonly firstRow = new Int32Array(256);
  private readonly nextRow: Int32Array;
  private readonly bins = new Uint8Array(256);
  private readonly binScore = new Float64Array(256);

  constructor(
    private readonly set: TrainingSet,
    limits: GrowthLimits,
  ) {
    this.minSamplesLeaf = limits.minSamplesLeaf;
    this.smoothing = limits.smoothing;
    const n = set.rows.length;
    this.tasks = set.tasks.length;
    const lists = listLabels(set);
    this.firstTarget = lists.firstTarget;
    this.firstLabel = lists.firstLabel;
    this.labelTask = lists.labelTask;
    this.labelTarget = lists.labelTarget;
    this.labelY = lists.labelY;
    const perTask = () => new Float64Array(this.tasks);
    const perTarget = () => new Float64Array(this.firstTarget[this.tasks]);
    this.touched = new Int32Array(this.tasks);
    this.weight = perTask();
    this.squares = perTask();
    this.sum = perTarget();
    this.someLabel = perTask();
    this.commonest = new Int32Array(this.tasks);
    this.leftWeight = perTask();
    this.leftSquares = perTask();
    this.rightSquares = perTask();
    this.leftSum = perTarget();
    this.term = perTask();
    this.nextRow = new Int32Array(n);
    this.firstRow.fill(-1);
  }

  beginTree(multiplicity: Int32Array | undefined): void {
    this.multiplicity = multiplicity;
  }

  enter(positions: Int32Array, start: number, end: number): boolean {
    this.positions = positions;
    this.start = start;
    this.size = end - start;
    this.best.reset();
    this.forgetNode();
    let differ = false;
    for (let i = start; i < end; i++) {
      const position = positions[i];
      for (let l = this.firstLabel[position]; l < this.firstLabel[position + 1]; l++) {
        const t = this.labelTask[l];
        const weight = this.weightOf(position, t);
        const label = this.labelTarget[l] + this.labelY[l];
        if (this.weight[t] === 0) {
          this.touched[this.touchedTasks++] = t;
          this.someLabel[t] = label;
        } else if (label !== this.someLabel[t]) {
          differ = true;
        }
        this.weight[t] += weight;
        this.sum[this.labelTarget[l]] += weight * this.labelY[l];
      }
    }
    for (let i = 0; i < this.touchedTasks; i++) this.sumSquares(this.touched[i]);
    return differ;
  }

  search(feature: number, random?: Random): boolean {
    const { bins, codes } = this.set.features[feature];
    const found = this.chainRows(codes);
    const sawMissing = this.bins[found - 1] === MISSING_BIN;
    const present = sawMissing ? found - 1 : found;
    if (found > 1) {
      if (bins.kind === 'categorical' && random) shuffleBins(random, present, this.bins);
      else if (bins.kind === 'categorical') this.sortCategories(present);
      if (random) this.cut.draw(random, bins, this.bins, present);
      const only = random && this.cut;
      this.startCuts();
      if (sawMissing) {
        this.tryCuts(feature, present, present, MISSING_GOES_RIGHT, only);
        this.startCuts();
        this.moveLeft(MISSING_BIN);
        this.tryCuts(feature, present, present - 1, MISSING_GOES_LEFT, only);
      } else {
        this.tryCuts(feature, present, present - 1, MISSING_NONE, only);
      }
    }
    for (let b = 0; b < found; b++) this.firstRow[this.bins[b]] = -1;
    return found > 1;
  }

  addPurity(sums: Float64Array, offset: number, sign: number): void {
    for (let i = 0; i < this.touchedTasks; i++) {
      const t = this.touched[i];
      sums[offset + t] += (sign * this.set.impurityScale[t] * this.squares[t]) / this.weight[t];
    }
  }

  hasLabels(task: number): boolean {
    return this.weight[task] > 0;
  }

  writeValues(values: Float64Array, offset: number): void {
    const { mean, scale } = this.set.scaler;
    // A task has as many outputs as targets, in the same order.
    for (let i = 0; i < this.touchedTasks; i++) {
      const t = this.touched[i];
      const share = this.weight[t] / (this.weight[t] + this.smoothing);
      for (let k = this.firstTarget[t]; k < this.firstTarget[t + 1]; k++) {
        const mine = mean[t] + scale[t] * (this.sum[k] / this.weight[t]);
        values[offset + k] = share === 1 ? mine : values[offset + k] + share * (mine - values[offset + k]);
      }
    }
  }

  private forgetNode(): void {
    for (let i = 0; i < this.touchedTasks; i++) {
      const t = this.touched[i];
      this.weight[t] = 0;
      this.sum.fill(0, this.firstTarget[t], this.firstTarget[t + 1]);
    }
    this.touchedTasks = 0;
  }

  private weightOf(position: number, t: number): number {
    const weights = this.set.taskWeights?.[t] ?? this.set.weights;
    return (weights?.[position] ?? 1) * (this.multiplicity?.[position] ?? 1);
  }

  private sumSquares(t: number): void {
    let squares = 0;
    this.commonest[t] = this.firstTarget[t];
    for (let k = this.firstTarget[t]; k < this.firstTarget[t + 1]; k++) {
      squares += this.sum[k] * this.sum[k];
      if (this.sum[k] > this.sum[this.commonest[t]]) this.commonest[t] = k;
    }
    this.squares[t] = squares;
  }

  /** Chains the node's rows by bin; the bins that occur, ascending, go into `bins`. @returns their number */
  private chainRows(codes: Uint8Array): number {
    const { positions, start, size, firstRow, nextRow, bins } = this;
    let found = 0;
    for (let i = start + size - 1; i >= start; i--) {
      const position = positions[i];
      const code = codes[position];
      if (firstRow[code] < 0) bins[found++] = code;
      nextRow[position] = firstRow[code];
      firstRow[code] = position;
    }
    bins.subarray(0, found).sort();
    return found;
  }

  /**
   * Orders categories by the mean of their rows' labels, each scaled and relative to the node's mean; for a multiclass
   * task the label is whether the class is the commonest of the node.
   */
  private sortCategories(present: number): void {
    const { firstRow, nextRow, bins, binScore, set } = this;
    for (let b = 0; b < present; b++) {
      let sum = 0;
      let total = 0;
      for (let position = firstRow[bins[b]]; position >= 0; position = nextRow[position]) {
        for (let l = this.firstLabel[position]; l < this.firstLabel[position + 1]; l++) {
          const t = this.labelTask[l];
          const weight = this.weightOf(position, t);
          const y = this.labelTarget[l] === this.commonest[t] ? this.labelY[l] : 0;
          const deviation = y - this.sum[this.commonest[t]] / this.weight[t];
          sum += weight * Math.sqrt(set.impurityScale[t]) * deviation;
          total += weight;
        }
      }
      binScore[bins[b]] = sum / total;
    }
    bins.subarray(0, present).sort((a, b) => binScore[a] - binScore[b] || a - b);
  }

  /** All rows on the right. */
  private startCuts(): void {
    this.score = 0;
    this.leftRows = 0;
    for (let i = 0; i < this.touchedTasks; i++) {
      const t = this.touched[i];
      this.leftWeight[t] = 0;
      this.leftSquares[t] = 0;
      this.rightSquares[t] = this.squares[t];
      this.leftSum.fill(0, this.firstTarget[t], this.firstTarget[t + 1]);
      this.term[t] = (this.set.impurityScale[t] * this.squares[t]) / this.weight[t];
      this.score += this.term[t];
    }
  }

  /** Moves the rows of a bin from right to left. */
  private moveLeft(bin: number): void {
    const { nextRow, firstLabel, labelTask, labelTarget, labelY } = this;
    for (let position = this.firstRow[bin]; position >= 0; position = nextRow[position]) {
      this.leftRows++;
      for (let l = firstLabel[position]; l < firstLabel[position + 1]; l++) {
        const t = labelTask[l];
        const weight = this.weightOf(position, t);
        const k = labelTarget[l];
        const y = weight * labelY[l];
        const left = this.leftSum[k];
        const right = this.sum[k] - left;
        this.leftSum[k] = left + y;
        this.leftSquares[t] += y * (2 * left + y);
        this.rightSquares[t] += y * (y - 2 * right);
        this.leftWeight[t] += weight;
        const rightWeight = this.weight[t] - this.leftWeight[t];
        let term = this.leftSquares[t] / this.leftWeight[t];
        if (rightWeight > NO_WEIGHT * this.weight[t]) term += this.rightSquares[t] / rightWeight;
        term *= this.set.impurityScale[t];
        this.score += term - this.term[t];
        this.term[t] = term;
      }
    }
  }

  private tryCuts(
    feature: number,
    present: number,
    cuts: number,
    missing: { readonly saw: boolean; readonly left: boolean },
    only: RandomCut | undefined,
  ): void {
    const { best, bins, minSamplesLeaf } = this;
    let highest = best.score;
    let lefts = 0;
    for (let j = 0; j < cuts; j++) {
      this.moveLeft(bins[j]);
      if (only !== undefined && j !== only.item) continue;
      if (this.leftRows < minSamplesLeaf || this.size - this.leftRows < minSamplesLeaf) continue;
      if (this.score > aboveNoise(highest)) {
        highest = this.score;
        lefts = j + 1;
      }
    }
    if (lefts === 0) return;
    const categorical = this.set.features[feature].bins.kind === 'categorical';
    best.take(feature, highest, bins, lefts, present, missing, categorical, only?.threshold);
  }
}
