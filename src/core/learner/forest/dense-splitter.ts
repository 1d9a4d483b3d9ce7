import type { Random } from '../../random';
import { BestSplit, CategoryOrder, MISSING_BIN, MOST_ITEMS, type TrainingSet } from '../trees';
import { type Channels, layOutChannels, unpack } from './channels';
import { CutScores } from './cut-scores';
import type { GrowthLimits } from './grow';
import { baseScore, labelsDiffer, purestScore } from './node-scores';
import { RandomCut, shuffleBins } from './random-cut';
import { RowOrder } from './row-order';
import { MISSING_GOES_LEFT, MISSING_GOES_RIGHT, MISSING_NONE, type Splitter } from './splitter';

/**
 * Splits for tables whose labels are mostly there: all tasks in one pass.
 *
 * Large nodes, and categories, are summed into a histogram with a cell for every bin. In a small node (fewer rows than
 * bins) its rows themselves are put in the order of their bins, which costs nothing for the bins that are empty.
 */
export class DenseSplitter implements Splitter {
  readonly best = new BestSplit();
  private readonly cut = new RandomCut();
  private readonly minSamplesLeaf: number;
  private readonly smoothing: number;
  private readonly layout: Channels;
  private readonly cuts: CutScores;
  private readonly categories: CategoryOrder;
  private multiplicity: Int32Array | undefined;

  // The current node: its positions in a caller's array, its rows' lanes in the same order, its sums.
  private positions: Int32Array = new Int32Array(0);
  private start = 0;
  private size = 0;
  private readonly lanes: Float64Array;
  private readonly laneSums: Float64Array;
  /** Per channel; `scaledTotal`: targets times √scale. */
  private readonly total: Float64Array;
  private readonly scaledTotal: Float64Array;
  /** Scores of no split, and of one into two pure sides; whether the latter is known well. */
  private base = 0;
  private purest = 0;
  private knowsPurest = false;
  /** Rows of a small node: channel-major (channels × MOST_ITEMS), targets times √scale. */
  private readonly rowItems: Float64Array;

  private readonly codes: readonly Uint8Array[];
  private readonly categorical: Uint8Array;

  // One feature: its items (bins, or rows of a small node) in order, and the bin of each.
  private readonly order = new Int32Array(MOST_ITEMS);
  private readonly bins = new Uint8Array(MOST_ITEMS);
  private readonly binItems: Float64Array;
  private readonly histogram: Float64Array;
  private readonly rowOrder = new RowOrder();
  private readonly onLeft: Float64Array;
  private readonly channels: Float64Array;
  private readonly roots: Float64Array;

  constructor(
    private readonly set: TrainingSet,
    limits: GrowthLimits,
  ) {
    this.minSamplesLeaf = limits.minSamplesLeaf;
    this.smoothing = limits.smoothing;
    this.layout = layOutChannels(set, limits.minSamplesLeaf > 1);
    const { lanes, channels, scale, groupTargets } = this.layout;
    this.codes = set.features.map((feature) => feature.codes);
    this.categorical = Uint8Array.from(set.features, ({ bins }) => (bins.kind === 'categorical' ? 1 : 0));
    this.cuts = new CutScores(this.layout);
    this.categories = new CategoryOrder(this.layout);
    this.lanes = new Float64Array(set.rows.length * lanes);
    this.laneSums = new Float64Array(lanes);
    this.total = new Float64Array(channels);
    this.scaledTotal = new Float64Array(channels);
    this.rowItems = new Float64Array(channels * MOST_ITEMS);
    this.binItems = new Float64Array(channels * MOST_ITEMS);
    this.histogram = new Float64Array(256 * lanes);
    this.onLeft = new Float64Array(channels);
    this.channels = new Float64Array(channels);
    this.roots = new Float64Array(channels).fill(1);
    for (const channel of groupTargets) this.roots[channel] = Math.sqrt(scale[channel]);
  }

  beginTree(multiplicity: Int32Array | undefined): void {
    this.multiplicity = multiplicity;
  }

  enter(positions: Int32Array, start: number, end: number): boolean {
    const { layout, total, scaledTotal, roots } = this;
    this.positions = positions;
    this.start = start;
    this.size = end - start;
    this.best.reset();
    const node = { positions, start, end, multiplicity: this.multiplicity };
    const differ = this.gather() && labelsDiffer(this.set, layout, node);
    unpack(layout, this.laneSums, 0, total);
    if (!differ) return false;
    for (let c = 0; c < layout.channels; c++) scaledTotal[c] = total[c] * roots[c];
    if (this.size < MOST_ITEMS) {
      for (let i = 0; i < this.size; i++) this.unpackItem(this.lanes, i, this.rowItems, i);
    }
    this.base = baseScore(layout, scaledTotal);
    this.purest = purestScore(this.set, layout, total, node);
    this.knowsPurest = layout.channels === layout.counters || this.size < MOST_ITEMS;
    return true;
  }

  search(feature: number, random?: Random): boolean {
    const codes = this.codes[feature];
    if (this.size === 2) return this.separateTwo(feature, codes, random);
    const categorical = this.categorical[feature] === 1;
    const byRow = this.size < MOST_ITEMS && !categorical;
    const items = byRow
      ? this.rowOrder.sort(codes, this.positions, this.start, this.size, this.order, this.bins)
      : this.sumBins(codes);
    if (this.bins[0] === this.bins[items - 1]) return false;
    let present = items;
    while (this.bins[present - 1] === MISSING_BIN) present--;
    if (categorical && random) shuffleBins(random, present, this.bins, this.order);
    else if (categorical) this.sortCategories(present);
    const values = byRow ? this.rowItems : this.binItems;
    if (random) this.cut.draw(random, this.set.features[feature].bins, this.bins, present);
    const only = random && this.cut;
    for (let c = 0; c < this.onLeft.length; c++) this.onLeft[c] = 0;
    if (present === items) {
      this.tryCuts(feature, values, present, present - 1, 0, MISSING_NONE, only);
      return true;
    }
    this.tryCuts(feature, values, present, present, 0, MISSING_GOES_RIGHT, only);
    for (let c = 0; c < this.layout.channels; c++) {
      for (let j = present; j < items; j++) this.onLeft[c] += values[c * MOST_ITEMS + this.order[j]];
    }
    this.tryCuts(feature, values, present, present - 1, items - present, MISSING_GOES_LEFT, only);
    return true;
  }

  addPurity(sums: Float64Array, offset: number, sign: number): void {
    const { layout, total } = this;
    for (let t = 0; t < layout.taskGroup.length; t++) {
      const weight = total[layout.groupWeight[layout.taskGroup[t]]];
      if (weight === 0) continue;
      const first = layout.taskTarget[t];
      const end = first + layout.taskTargets[t];
      let squares = 0;
      for (let c = first; c < end; c++) squares += total[c] * total[c];
      sums[offset + t] += (sign * layout.scale[first] * squares) / weight;
    }
  }

  hasLabels(task: number): boolean {
    return this.total[this.layout.groupWeight[this.layout.taskGroup[task]]] > 0;
  }

  writeValues(values: Float64Array, offset: number): void {
    const { layout, total } = this;
    const { mean, scale } = this.set.scaler;
    let output = offset;
    for (let t = 0; t < layout.taskGroup.length; t++) {
      const weight = total[layout.groupWeight[layout.taskGroup[t]]];
      const c = layout.taskTarget[t];
      const share = weight / (weight + this.smoothing);
      for (let k = 0; k < layout.taskTargets[t]; k++, output++) {
        if (weight === 0) continue;
        const mine = mean[t] + scale[t] * (total[c + k] / weight);
        values[output] = share === 1 ? mine : values[output] + share * (mine - values[output]);
      }
    }
  }

  /** What a score must exceed to be better than one found before: the kernel's float32 sums do not choose between equal splits. */
  private aboveNoise(score: number): number {
    return score < 0 ? score : score + 1e-5 * (score - this.base) + 1e-7 * (this.purest - this.base);
  }

  /** Copies the lanes of the node's rows, times their multiplicity, and sums them. @returns whether any two differ */
  private gather(): boolean {
    const { positions, start, size, lanes, laneSums, multiplicity } = this;
    const { lanes: width, values, countsRows } = this.layout;
    const first = positions[start] * width;
    let differ = false;
    laneSums.fill(0);
    for (let i = 0, to = 0; i < size; i++) {
      const position = positions[start + i];
      const from = position * width;
      const times = multiplicity === undefined ? 1 : multiplicity[position];
      for (let l = 0; l < width; l++) {
        const value = values[from + l];
        differ ||= value !== values[first + l];
        lanes[to + l] = value * times;
        laneSums[l] += value * times;
      }
      if (countsRows && times !== 1) {
        lanes[to] -= times - 1;
        laneSums[0] -= times - 1;
      }
      to += width;
    }
    return differ;
  }

  /** Any feature that tells the two rows of a node apart is a perfect split. */
  private separateTwo(feature: number, codes: Uint8Array, random: Random | undefined): boolean {
    const { positions, start, bins, best } = this;
    const first = codes[positions[start]];
    const second = codes[positions[start + 1]];
    if (first === second) return false;
    bins[0] = Math.min(first, second);
    bins[1] = Math.max(first, second);
    const missing = bins[1] === MISSING_BIN;
    const present = missing ? 1 : 2;
    const how = missing ? MISSING_GOES_RIGHT : MISSING_NONE;
    if (random) this.cut.drawOfTwo(random, this.set.features[feature].bins, bins);
    const threshold = random ? this.cut.threshold : Number.NaN;
    best.take(feature, Infinity, bins, 1, present, how, this.categorical[feature] === 1, threshold);
    best.perfect = true;
    return true;
  }

  private unpackItem(lanes: Float64Array, from: number, items: Float64Array, to: number): void {
    const { layout, channels, roots } = this;
    unpack(layout, lanes, from * layout.lanes, channels);
    for (let c = 0; c < layout.channels; c++) items[c * MOST_ITEMS + to] = channels[c] * roots[c];
  }

  /** Bins that have rows as items, from a histogram over the node's rows. */
  private sumBins(codes: Uint8Array): number {
    const { histogram, order, bins } = this;
    const width = this.layout.lanes;
    this.addToHistogram(codes);
    let items = 0;
    for (let code = 0; code < 256; code++) {
      const cell = code * width;
      // Lane 0 holds a count of rows or the weight of the only group: it is 0 in no bin that has rows.
      if (histogram[cell] === 0) continue;
      this.unpackItem(histogram, code, this.binItems, items);
      for (let l = 0; l < width; l++) histogram[cell + l] = 0;
      order[items] = items;
      bins[items++] = code;
    }
    return items;
  }

  private addToHistogram(codes: Uint8Array): void {
    const { positions, start, size, histogram, lanes } = this;
    const width = this.layout.lanes;
    if (width === 1) {
      for (let i = 0; i < size; i++) histogram[codes[positions[start + i]]] += lanes[i];
    } else if (width === 2) {
      for (let i = 0; i < size; i++) {
        const cell = 2 * codes[positions[start + i]];
        histogram[cell] += lanes[2 * i];
        histogram[cell + 1] += lanes[2 * i + 1];
      }
    } else {
      for (let i = 0, from = 0; i < size; i++) {
        const cell = codes[positions[start + i]] * width;
        for (let l = 0; l < width; l++) histogram[cell + l] += lanes[from++];
      }
    }
  }

  private sortCategories(present: number): void {
    const { order, bins } = this;
    this.categories.sort(order, this.binItems, present, this.scaledTotal, this.purest - this.base);
    const sorted = Uint8Array.from({ length: present }, (_, j) => bins[order[j]]);
    bins.set(sorted);
  }

  /** Takes the best of the cuts after each of the first `cuts` items, if it is better than what was found before. */
  private tryCuts(
    feature: number,
    items: Float64Array,
    present: number,
    cuts: number,
    rowsOnLeft: number,
    missing: { readonly saw: boolean; readonly left: boolean },
    only: RandomCut | undefined,
  ): void {
    const { best, bins, order, minSamplesLeaf } = this;
    const { scores } = this.cuts;
    this.cuts.compute(items, order, cuts, this.scaledTotal, this.onLeft);
    let highest = this.aboveNoise(best.score);
    let lefts = 0;
    let rows = items === this.rowItems ? rowsOnLeft : this.onLeft[0];
    for (let j = 0; j < cuts; j++) {
      if (minSamplesLeaf > 1) {
        rows += items === this.rowItems ? 1 : items[order[j]];
        if (rows < minSamplesLeaf || this.size - rows < minSamplesLeaf) continue;
      }
      if (only !== undefined && j !== only.item) continue;
      // Between rows of one bin there is no cut.
      if (scores[j] > highest && (j + 1 === present || bins[j] !== bins[j + 1])) {
        highest = this.aboveNoise(scores[j]);
        lefts = j + 1;
      }
    }
    if (lefts === 0) return;
    const categorical = this.categorical[feature] === 1;
    best.take(feature, scores[lefts - 1], bins, lefts, present, missing, categorical, only?.threshold);
    best.perfect = this.knowsPurest && best.score >= this.purest - 1e-5 * (this.purest - this.base);
  }
}
