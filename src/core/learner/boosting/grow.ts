import type { Lanes } from './lanes';
import type { Monotone } from './monotone';
import { type Bounds, Node, type Split } from './node';
import type { Score } from './score';
import { SplitSearch } from './search';
import type { FeatureCells } from './training-data';
import type { Workspace } from './workspace';

export interface Limits {
  readonly maxLeaves: number;
  readonly maxDepth: number;
  readonly leastRows: number;
  readonly lambda: number;
  readonly learningRate: number;
}

/** No step of a classification is longer, in log odds: where λ is 0, a leaf of one class would have it without end. */
const LONGEST_STEP = 10;

/**
 * Grows the trees of one kind, leaf by leaf: the split that gains most is made next (as LightGBM does). A child's histogram is
 * summed over the smaller of two siblings; the other's is what is left of their parent's.
 */
export class TreeGrower {
  private readonly search: SplitSearch;
  private readonly free: number[] = [];
  private open: Node[] = [];
  private leaves = 0;
  private features: Int32Array = new Int32Array(0);
  /** Decrease of each task's expanded loss by the splits of each feature, row-major (features × outputs). */
  readonly gains: Float64Array;
  /** Decrease of the score by the splits of each feature. */
  readonly jointGains: Float64Array;

  constructor(
    private readonly workspace: Workspace,
    readonly lanes: Lanes,
    private readonly cells: readonly FeatureCells[],
    private readonly limits: Limits,
    private readonly score: Score,
    private readonly monotone: Monotone | undefined,
    private readonly isRegression: readonly boolean[],
  ) {
    this.search = new SplitSearch(workspace, lanes, cells, score, monotone);
    this.gains = new Float64Array(cells.length * lanes.outputs.length);
    this.jointGains = new Float64Array(cells.length);
  }

  /**
   * A tree for the rows that are the first `count` of the workspace's, by the given features (ascending). Its leaves hold their
   * rows from `start` to `end` − 1 afterwards.
   */
  grow(count: number, features: Int32Array): Node {
    const { workspace, lanes, limits } = this;
    this.features = features;
    this.free.length = 0;
    for (let slot = workspace.slots - 1; slot >= 0; slot--) this.free.push(slot);
    this.open = [];
    this.leaves = 1;
    this.score.writeBlock(workspace);
    const stride = lanes.quads * 4;
    const root = new Node(0, count, 0, new Int32Array(stride), this.monotone?.unbounded());
    if (features.length > 0 && this.mayDivide(root)) {
      root.slot = this.takeSlot();
      this.sum(root);
      const histogram = workspace.histogram(root.slot, stride);
      const first = workspace.firstCell[features[0]] * stride;
      const end = workspace.firstCell[features[0] + 1] * stride;
      for (let at = first; at < end; at++) root.totals[(at - first) % stride] += histogram[at];
      this.consider(root);
    }
    while (this.leaves < limits.maxLeaves) {
      const node = this.takeBest();
      if (node?.split === undefined) break;
      this.divide(node, node.split);
    }
    this.fixValues(root);
    return root;
  }

  private mayDivide(node: Node): boolean {
    const { maxLeaves, maxDepth, leastRows } = this.limits;
    const rows = node.end - node.start;
    return this.leaves < maxLeaves && node.depth < maxDepth && rows >= 2 * leastRows;
  }

  /** Searches a node that has its histogram, and keeps it open when there is a split. */
  private consider(node: Node): void {
    node.split = this.search.find(node, this.features);
    if (node.split === undefined) this.releaseSlot(node);
    else this.open.push(node);
  }

  private takeBest(): Node | undefined {
    let best = -1;
    for (let i = 0; i < this.open.length; i++) {
      if (best < 0 || (this.open[i].split?.gain ?? 0) > (this.open[best].split?.gain ?? 0)) best = i;
    }
    return best < 0 ? undefined : this.open.splice(best, 1)[0];
  }

  private divide(node: Node, split: Split): void {
    const middle = this.partition(node, split);
    node.missingLeft = split.sawMissing ? split.missingLeft : middle - node.start >= node.end - middle;
    const [below, above]: [Bounds?, Bounds?] = this.monotone?.divide(node, split) ?? [];
    const rest = node.totals.map((sum, l) => sum - split.left[l]);
    const left = new Node(node.start, middle, node.depth + 1, split.left, below);
    const right = new Node(middle, node.end, node.depth + 1, rest, above);
    node.left = left;
    node.right = right;
    this.leaves++;
    this.addGains(node, split);

    const [small, large] = left.end - left.start <= right.end - right.start ? [left, right] : [right, left];
    if (!this.mayDivide(large)) {
      this.releaseSlot(node);
      return;
    }
    if (node.slot < 0) {
      large.slot = this.takeSlot();
      this.sum(large);
      this.consider(large);
      if (!this.mayDivide(small)) return;
      small.slot = this.takeSlot();
      this.sum(small);
      this.consider(small);
      return;
    }
    large.slot = node.slot;
    node.slot = -1;
    small.slot = this.takeSlot();
    this.sum(small);
    const { workspace } = this;
    const cells = workspace.firstCell[workspace.firstCell.length - 1];
    workspace.run.subtract(
      workspace.histogramAt(large.slot),
      workspace.histogramAt(small.slot),
      cells * this.lanes.quads,
    );
    if (this.mayDivide(small)) this.consider(small);
    else this.releaseSlot(small);
    this.consider(large);
  }

  private addGains(node: Node, split: Split): void {
    const width = this.lanes.outputs.length;
    const right = node.right?.totals ?? node.totals;
    this.jointGains[split.feature] += split.gain;
    for (let o = 0; o < width; o++) {
      this.gains[split.feature * width + o] +=
        (this.score.gainOf(split.left, o) + this.score.gainOf(right, o) - this.score.gainOf(node.totals, o)) /
        2;
    }
  }

  private partition(node: Node, split: Split): number {
    const { workspace } = this;
    const { run, at } = workspace;
    writeSides(workspace.goesLeft, split, split.missingLeft, this.cells[split.feature].present);
    const left = run.partition(
      at.rows + 4 * node.start,
      node.end - node.start,
      at.codes[split.feature],
      at.goesLeft,
      at.scratch,
    );
    return node.start + left;
  }

  /** A free place for a histogram: where all are taken, that of the open leaf that gains least. */
  private takeSlot(): number {
    const slot = this.free.pop();
    if (slot !== undefined) return slot;
    let least: Node | undefined;
    for (const node of this.open) {
      if (node.slot >= 0 && (node.split?.gain ?? 0) <= (least?.split?.gain ?? Infinity)) least = node;
    }
    if (least === undefined) throw new RangeError('No histogram can be given up.');
    const taken = least.slot;
    least.slot = -1;
    return taken;
  }

  private releaseSlot(node: Node): void {
    if (node.slot >= 0) this.free.push(node.slot);
    node.slot = -1;
  }

  /** Sums the node's rows into its slot. */
  private sum(node: Node): void {
    const { workspace, lanes } = this;
    const { run, at, firstCell } = workspace;
    const { quads } = lanes;
    const count = node.end - node.start;
    const rows = at.rows + 4 * node.start;
    workspace.histogram(node.slot, quads * 4).fill(0);
    if (!lanes.sparse) run.gatherRows(at.lanes, rows, count, quads, at.ordered);
    for (const f of this.features) {
      const cells = workspace.histogramAt(node.slot) + firstCell[f] * quads * 16;
      if (lanes.sparse) run.addEntries(cells, at.codes[f], rows, at.starts, at.lanes, count, quads);
      else run.addRows(cells, at.codes[f], rows, at.ordered, count, quads);
    }
  }

  /** −G / (H + λ) of every leaf, from the gradients themselves, times the learning rate. */
  private fixValues(node: Node): void {
    if (node.left !== undefined && node.right !== undefined) {
      this.fixValues(node.left);
      this.fixValues(node.right);
      return;
    }
    const { outputIndex } = this.lanes;
    const { rows, derivatives } = this.workspace;
    const { lambda, learningRate } = this.limits;
    const values = new Float32Array(outputIndex.length);
    for (let o = 0; o < values.length; o++) {
      const { gradient, hessian } = derivatives[outputIndex[o]];
      let g = 0;
      let h = 0;
      for (let j = node.start; j < node.end; j++) {
        g += gradient[rows[j]];
        h += hessian[rows[j]];
      }
      let value = g === 0 ? 0 : -g / (h + lambda);
      if (!this.isRegression[o]) value = Math.min(Math.max(value, -LONGEST_STEP), LONGEST_STEP);
      if (node.bounds !== undefined) {
        value = Math.min(Math.max(value, node.bounds.lower[o]), node.bounds.upper[o]);
      }
      values[o] = learningRate * value;
    }
    node.values = values;
  }
}

/** Per cell of the split's feature, 1 where its rows go left; `elsewhere`: of missing values and categories not seen. */
export function writeSides(goesLeft: Uint8Array, split: Split, elsewhere: boolean, present: number): void {
  if (split.categories === undefined) {
    goesLeft.fill(1, 0, split.cut + 1);
    goesLeft.fill(0, split.cut + 1, 256);
    if (present < 256) goesLeft[present] = elsewhere ? 1 : 0;
    return;
  }
  const { left, seen } = split.categories;
  for (let c = 0; c < 256; c++) goesLeft[c] = seen[c] === 1 ? left[c] : elsewhere ? 1 : 0;
}
