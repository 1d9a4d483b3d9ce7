import { CategoryOrder, MOST_ITEMS, type TargetGroups } from '../trees/category-order';
import { FOUND } from './kernel';
import type { Lanes } from './lanes';
import type { Monotone } from './monotone';
import type { Node, Split } from './node';
import type { Score } from './score';
import type { FeatureCells } from './training-data';
import type { Workspace } from './workspace';

/** Added to a category's hessian where categories are put in order: a rare one does not come first by chance. */
const CATEGORY_SMOOTHING = 10;

/** The best found so far of a node. */
interface Found {
  score: number;
  feature: number;
  cut: number;
  sawMissing: boolean;
  missingLeft: boolean;
  left?: Uint8Array;
}

/**
 * Chooses the split of a node from its histogram.
 *
 * Numbers: after each cell that holds rows, with the missing values on either side. Categories: put in an order in which
 * the best division is a cut, or close to one (`CategoryOrder`), by their values −G / (H + smoothing); missing values are one
 * more category. Of many categories the best division gains much by chance: that is its price (`Score.priceOfOrder`).
 */
export class SplitSearch {
  private readonly stride: number;
  private readonly order: CategoryOrder;
  private readonly items: Float64Array;
  private readonly itemTotals: Float64Array;
  private readonly permutation = new Int32Array(MOST_ITEMS);
  private readonly cells = new Int32Array(MOST_ITEMS);
  private readonly sides: Int32Array;
  private readonly leftSums: Int32Array;
  private readonly rightSums: Int32Array;

  constructor(
    private readonly workspace: Workspace,
    private readonly lanes: Lanes,
    private readonly features: readonly FeatureCells[],
    private readonly score: Score,
    private readonly monotone: Monotone | undefined,
  ) {
    this.stride = lanes.quads * 4;
    const width = lanes.outputs.length;
    this.order = new CategoryOrder(orderedChannels(width));
    this.items = new Float64Array(2 * width * MOST_ITEMS);
    this.itemTotals = new Float64Array(2 * width);
    this.sides = new Int32Array(2 * this.stride);
    this.leftSums = new Int32Array(this.stride);
    this.rightSums = new Int32Array(this.stride);
  }

  /** What a split has to exceed. */
  ownScore(node: Node): number {
    return this.monotone?.scoreOf(node.totals, node.bounds) ?? this.score.of(node.totals);
  }

  /**
   * The best split of the node by one of the features, whose histogram is in the node's slot.
   * @param which of the last division's two it is: the crew has searched the numbers already, where nothing constrains them
   */
  find(node: Node, features: Int32Array, which: number): Split | undefined {
    const histogram = this.workspace.histogram(node.slot, this.stride);
    const own = this.ownScore(node);
    const best: Found = { score: own, feature: -1, cut: -1, sawMissing: false, missingLeft: false };
    for (const f of features) {
      if (this.features[f].cells < 2) continue;
      if (this.workspace.searched[f] > 0) this.takeFound(which, f, best);
      else if (this.features[f].bins.kind === 'numeric') this.searchConstrained(node, f, histogram, best);
      else this.searchCategories(node, f, histogram, best);
    }
    if (best.feature < 0) return undefined;
    return this.describe(best, own, histogram);
  }

  private takeFound(which: number, feature: number, best: Found): void {
    const { score, cut, flags } = this.workspace.crew.foundCut(which, feature);
    if (cut < 0 || score <= best.score) return;
    best.score = score;
    best.feature = feature;
    best.cut = cut;
    best.sawMissing = (flags & FOUND.sawMissing) !== 0;
    best.missingLeft = (flags & FOUND.missingLeft) !== 0;
    best.left = undefined;
  }

  private searchConstrained(node: Node, f: number, histogram: Int32Array, best: Found): void {
    const { present, cells } = this.features[f];
    const { stride } = this;
    const missing = (this.workspace.firstCell[f] + present) * stride;
    const { totals } = node;
    if (cells === present || histogram[missing] === 0) {
      this.tryCuts(node, f, present - 1, -1, histogram, false, best);
      return;
    }
    this.tryCuts(node, f, present, -1, histogram, true, best);
    // Every row missing on the left is the mirror of the last of these.
    if (histogram[missing] < totals[0]) this.tryCuts(node, f, present - 1, missing, histogram, true, best);
  }

  /** @param missing where the lanes of missing values are that go left; −1: they go right, if there are any */
  private tryCuts(
    node: Node,
    f: number,
    cells: number,
    missing: number,
    histogram: Int32Array,
    sawMissing: boolean,
    best: Found,
  ): void {
    const { stride, workspace, sides, monotone } = this;
    const { totals } = node;
    for (let l = 0; l < stride; l++) {
      const onLeft = missing < 0 ? 0 : histogram[missing + l];
      sides[l] = onLeft;
      sides[stride + l] = totals[l] - onLeft;
    }
    const first = workspace.firstCell[f];
    const [score, cut] = monotone?.bestCut(node, f, histogram, first, cells, sides, best.score) ?? [0, -1];
    if (cut < 0) return;
    best.score = score;
    best.feature = f;
    best.cut = cut;
    best.sawMissing = sawMissing;
    best.missingLeft = missing >= 0;
    best.left = undefined;
  }

  private searchCategories(node: Node, f: number, histogram: Int32Array, best: Found): void {
    const { cells, permutation, leftSums, rightSums, stride, score } = this;
    const first = this.workspace.firstCell[f];
    const count = this.orderCategories(node, f, histogram);
    const price = score.priceOfOrder(count);
    leftSums.fill(0);
    rightSums.set(node.totals);
    let lefts = 0;
    for (let j = 0; j < count - 1; j++) {
      const cell = (first + cells[permutation[j]]) * stride;
      for (let l = 0; l < stride; l++) {
        leftSums[l] += histogram[cell + l];
        rightSums[l] -= histogram[cell + l];
      }
      const total =
        this.monotone?.scoreOfSides(leftSums, rightSums, node.bounds) ??
        score.of(leftSums) + score.of(rightSums);
      if (total - price <= best.score || !score.admits(leftSums) || !score.admits(rightSums)) continue;
      best.score = (total - price) * (1 + 1e-12);
      lefts = j + 1;
    }
    if (lefts === 0) return;
    const { present } = this.features[f];
    best.feature = f;
    best.cut = -1;
    best.left = new Uint8Array(256);
    for (let j = 0; j < lefts; j++) best.left[cells[permutation[j]]] = 1;
    best.missingLeft = best.left[present] === 1;
    best.sawMissing = cells[count - 1] === present;
  }

  /** Cells with rows into `cells`, ascending, and their order into `permutation`. @returns their number */
  private orderCategories(node: Node, f: number, histogram: Int32Array): number {
    const { lanes, items, itemTotals, permutation, cells, stride, score } = this;
    const first = this.workspace.firstCell[f];
    const width = lanes.outputs.length;
    let count = 0;
    for (let c = 0; c < this.features[f].cells; c++) {
      if (histogram[(first + c) * stride] === 0) continue;
      permutation[count] = count;
      cells[count++] = c;
    }
    for (let o = 0; o < width; o++) {
      // In shares of the node's hessian, so that outputs of different units weigh a category alike.
      const whole = node.totals[lanes.hessian[o]] + score.shrinkage[o];
      const smoothing = CATEGORY_SMOOTHING / node.totals[0] + score.shrinkage[o] / whole;
      const root = Math.sqrt(score.scale[o] / whole);
      const mean = node.totals[lanes.gradient[o]] / whole;
      for (let j = 0; j < count; j++) {
        const cell = (first + cells[j]) * stride;
        const h = histogram[cell + lanes.hessian[o]];
        items[o * MOST_ITEMS + j] = h / whole + smoothing;
        items[(width + o) * MOST_ITEMS + j] = root * (histogram[cell + lanes.gradient[o]] - h * mean);
      }
      itemTotals[o] = 1;
      itemTotals[width + o] = 0;
    }
    this.order.sort(permutation, items, count, itemTotals);
    return count;
  }

  private describe(best: Found, own: number, histogram: Int32Array): Split | undefined {
    const { stride, workspace } = this;
    const { feature, cut, sawMissing, missingLeft } = best;
    const { present, cells } = this.features[feature];
    const first = workspace.firstCell[feature];
    const left = new Int32Array(stride);
    const seen = new Uint8Array(256);
    let next = -1;
    for (let c = 0; c < cells; c++) {
      const cell = (first + c) * stride;
      if (histogram[cell] === 0) continue;
      seen[c] = 1;
      if (best.left === undefined && next < 0 && c > cut && c < present) next = c;
      const goesLeft = best.left === undefined ? (c < present ? c <= cut : missingLeft) : best.left[c] === 1;
      if (!goesLeft) continue;
      for (let l = 0; l < stride; l++) left[l] += histogram[cell + l];
    }
    const gain = best.score - own;
    if (gain <= LEAST_GAIN * own) return undefined;
    const categories = best.left && { left: best.left, seen };
    return { gain, feature, cut, next, sawMissing, missingLeft, left, ...(categories && { categories }) };
  }
}

/** A gain below this share of the node's score is rounding. */
const LEAST_GAIN = 1e-11;

/** Each output a group of its own: its weight is channel o, its sum channel outputs + o. */
function orderedChannels(outputs: number): TargetGroups {
  const all = Int32Array.from({ length: outputs }, (_, o) => o);
  const targets = all.map((o) => outputs + o);
  return {
    groupWeight: all,
    groupStart: Int32Array.from({ length: outputs + 1 }, (_, o) => o),
    groupTargets: targets,
  };
}
