import { MISSING_BIN } from './binner';
import { CategoryOrder } from './category-order';
import { type Channels, layOutChannels, unpack } from './channels';
import { aboveNoise, BestSplit, type Splitter } from './split';
import type { TrainingSet } from './training-set';

/** Below this many rows a node's bins are found by a bitmap of those that occur, not by looking at all 256. */
const SMALL_NODE = 256;

/** A group's weight right of a split is rounding noise below this share of its weight in the node. */
const NO_WEIGHT = 1e-12;

/**
 * Splits by histograms with a cell for every bin and channel, for tables whose labels are mostly there.
 *
 * The best split maximises Σ_t scale_t Σ_k (L_k² / W_L + R_k² / W_R): S_k sums of targets, W weights, L and R the
 * sides. That is the summed decrease of scaled impurity (variance, Gini) up to a constant of the node.
 */
export class DenseSplitter implements Splitter {
  readonly best = new BestSplit();
  private readonly layout: Channels;
  private readonly order: CategoryOrder;
  private multiplicity: Int32Array | undefined;

  // The current node: its positions in a caller's array, its rows' lanes in the same order, its sums.
  private positions: Int32Array = new Int32Array(0);
  private start = 0;
  private size = 0;
  private readonly nodeLanes: Float64Array;
  private readonly nodeSum: Float64Array;
  private readonly total: Float64Array;
  private readonly leastWeight: Float64Array;

  // Scratch of one feature.
  private readonly histogram: Float64Array;
  private readonly occurs = new Int32Array(8);
  private readonly bins = new Uint8Array(256);
  private readonly cells: Float64Array;
  private readonly prefix: Float64Array;
  private readonly channels: Float64Array;

  constructor(
    private readonly set: TrainingSet,
    private readonly minSamplesLeaf: number,
  ) {
    this.layout = layOutChannels(set, minSamplesLeaf > 1);
    const { lanes, channels, groupWeight } = this.layout;
    this.order = new CategoryOrder(this.layout);
    this.nodeLanes = new Float64Array(set.rows.length * lanes);
    this.nodeSum = new Float64Array(lanes);
    this.total = new Float64Array(channels);
    this.leastWeight = new Float64Array(groupWeight.length);
    this.histogram = new Float64Array(256 * lanes);
    this.cells = new Float64Array(256 * lanes);
    this.prefix = new Float64Array(lanes);
    this.channels = new Float64Array(channels);
  }

  beginTree(multiplicity: Int32Array | undefined): void {
    this.multiplicity = multiplicity;
  }

  enter(positions: Int32Array, start: number, end: number): boolean {
    const { layout, nodeLanes, nodeSum, multiplicity } = this;
    const { lanes, values, countsRows } = layout;
    this.positions = positions;
    this.start = start;
    this.size = end - start;
    this.best.reset();
    nodeSum.fill(0);
    for (let i = start, to = 0; i < end; i++) {
      const position = positions[i];
      const from = position * lanes;
      const times = multiplicity === undefined ? 1 : multiplicity[position];
      for (let l = 0; l < lanes; l++) {
        const value = values[from + l] * times;
        nodeLanes[to + l] = value;
        nodeSum[l] += value;
      }
      if (countsRows && times !== 1) {
        nodeLanes[to] -= times - 1;
        nodeSum[0] -= times - 1;
      }
      to += lanes;
    }
    unpack(layout, nodeSum, 0, this.total);
    for (let g = 0; g < this.leastWeight.length; g++) {
      this.leastWeight[g] = NO_WEIGHT * this.total[layout.groupWeight[g]];
    }
    return this.labelsDiffer();
  }

  search(feature: number): boolean {
    const { bins, codes } = this.set.features[feature];
    const found = this.size < SMALL_NODE ? this.collectFew(codes) : this.collectMany(codes);
    if (found < 2) return false;
    const sawMissing = this.bins[found - 1] === MISSING_BIN;
    const present = sawMissing ? found - 1 : found;
    if (bins.kind === 'categorical') this.order.sort(this.bins, this.cells, present, this.total);
    const before = this.best.score;
    let split = this.scan(feature, 0, present, sawMissing ? present : present - 1, false);
    if (sawMissing) {
      const better = this.scan(feature, found - 1, present, present - 1, true);
      if (better >= 0) split = better;
    }
    if (this.best.score > before) {
      this.best.sawMissing = sawMissing;
      this.best.categorical = bins.kind === 'categorical';
      if (this.best.categorical) this.recordCategories(split, present);
    }
    return true;
  }

  addPurity(sums: Float64Array, offset: number, sign: number): void {
    const { layout, total } = this;
    for (let t = 0; t < layout.taskGroup.length; t++) {
      const weight = total[layout.groupWeight[layout.taskGroup[t]]];
      if (weight === 0) continue;
      let squares = 0;
      for (let k = 0, c = layout.taskTarget[t]; k < layout.taskTargets[t]; k++, c++)
        squares += total[c] * total[c];
      sums[offset + t] += (sign * layout.scale[layout.taskTarget[t]] * squares) / weight;
    }
  }

  writeValues(values: Float64Array, offset: number): void {
    const { layout, total } = this;
    const { mean, scale } = this.set.scaler;
    let output = offset;
    for (let t = 0; t < layout.taskGroup.length; t++) {
      const weight = total[layout.groupWeight[layout.taskGroup[t]]];
      const c = layout.taskTarget[t];
      for (let k = 0; k < layout.taskTargets[t]; k++, output++) {
        if (weight > 0) values[output] = mean[t] + scale[t] * (total[c + k] / weight);
      }
    }
  }

  private labelsDiffer(): boolean {
    const { positions, start, size } = this;
    for (const labels of this.set.labels) {
      let first = Number.NaN;
      for (let i = start; i < start + size; i++) {
        const label = labels[positions[i]];
        if (label === first || Number.isNaN(label)) continue;
        if (!Number.isNaN(first)) return true;
        first = label;
      }
    }
    return false;
  }

  /** Adds the node's rows to the histogram, then moves the cells of the bins that occur into `cells`, ascending. */
  private collectFew(codes: Uint8Array): number {
    const { positions, start, size, occurs, histogram, cells, bins, nodeLanes } = this;
    const { lanes } = this.layout;
    for (let i = 0, from = 0; i < size; i++) {
      const code = codes[positions[start + i]];
      occurs[code >> 5] |= 1 << (code & 31);
      const to = code * lanes;
      for (let l = 0; l < lanes; l++) histogram[to + l] += nodeLanes[from++];
    }
    let found = 0;
    for (let word = 0; word < 8; word++) {
      let bits = occurs[word];
      occurs[word] = 0;
      while (bits !== 0) {
        const lowest = bits & -bits;
        bits ^= lowest;
        const code = (word << 5) + 31 - Math.clz32(lowest);
        bins[found] = code;
        const from = code * lanes;
        const to = found * lanes;
        for (let l = 0; l < lanes; l++) {
          cells[to + l] = histogram[from + l];
          histogram[from + l] = 0;
        }
        found++;
      }
    }
    return found;
  }

  private collectMany(codes: Uint8Array): number {
    const { positions, start, size, histogram, cells, bins, nodeLanes } = this;
    const { lanes } = this.layout;
    for (let i = 0, from = 0; i < size; i++) {
      const to = codes[positions[start + i]] * lanes;
      for (let l = 0; l < lanes; l++) histogram[to + l] += nodeLanes[from++];
    }
    let found = 0;
    for (let code = 0; code < 256; code++) {
      const from = code * lanes;
      // Lane 0 holds a count of rows or the weight of the only group: it is 0 in no bin that has rows.
      if (histogram[from] === 0) continue;
      bins[found] = code;
      const to = found * lanes;
      for (let l = 0; l < lanes; l++) {
        cells[to + l] = histogram[from + l];
        histogram[from + l] = 0;
      }
      found++;
    }
    return found;
  }

  /**
   * Tries the splits after cell 0 … last − 1 (in the order of `cells`), with cell `missing` on the left throughout
   * when `missingLeft`. @returns the last cell on the left of the best one, −1 when none is better than `best`
   */
  private scan(
    feature: number,
    missing: number,
    present: number,
    last: number,
    missingLeft: boolean,
  ): number {
    const { layout, cells, prefix, channels, total, leastWeight, minSamplesLeaf, best } = this;
    const { lanes, groupStart, groupTargets, groupWeight, scale, countsRows } = layout;
    const groups = groupWeight.length;
    let bestScore = best.score;
    let bar = aboveNoise(bestScore);
    let split = -1;
    for (let l = 0; l < lanes; l++) prefix[l] = missingLeft ? cells[missing * lanes + l] : 0;
    for (let j = 0, from = 0; j < last; j++) {
      for (let l = 0; l < lanes; l++) prefix[l] += cells[from++];
      unpack(layout, prefix, 0, channels);
      if (countsRows && (channels[0] < minSamplesLeaf || total[0] - channels[0] < minSamplesLeaf)) continue;
      let score = 0;
      for (let g = 0; g < groups; g++) {
        const leftWeight = channels[groupWeight[g]];
        const rightWeight = total[groupWeight[g]] - leftWeight;
        let left = 0;
        let right = 0;
        for (let k = groupStart[g]; k < groupStart[g + 1]; k++) {
          const c = groupTargets[k];
          const s = channels[c];
          const rest = total[c] - s;
          left += scale[c] * s * s;
          right += scale[c] * rest * rest;
        }
        if (leftWeight > 0) score += left / leftWeight;
        if (rightWeight > leastWeight[g]) score += right / rightWeight;
      }
      if (score > bar) {
        bestScore = score;
        bar = aboveNoise(score);
        split = j;
      }
    }
    if (split >= 0) {
      best.score = bestScore;
      best.feature = feature;
      best.bin = this.bins[split];
      best.nextBin = split + 1 < present ? this.bins[split + 1] : MISSING_BIN;
      best.missingLeft = missingLeft;
    }
    return split;
  }

  private recordCategories(split: number, present: number): void {
    const { left, present: seen } = this.best;
    left.fill(0);
    seen.fill(0);
    for (let j = 0; j < present; j++) {
      const bin = this.bins[j];
      seen[bin >> 3] |= 1 << (bin & 7);
      if (j <= split) left[bin >> 3] |= 1 << (bin & 7);
    }
  }
}
