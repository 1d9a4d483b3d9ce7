import type { Searched } from './kernel';
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
  /** Of Σ G² / (H + λ) over all outputs. */
  readonly leastGain: number;
  readonly lambda: number;
  readonly learningRate: number;
}

/** A tree, and its leaves from left to right. */
export interface Grown {
  readonly root: Node;
  readonly leaves: readonly Node[];
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
  }

  /**
   * A tree of the rows that are the first `count` of the workspace's, by the given features (ascending). Its leaves hold their
   * rows from `start` to `end` − 1 afterwards.
   */
  grow(count: number, features: Int32Array): Grown {
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
      this.compute(root, { sum: true, search: false });
      const histogram = workspace.histogram(root.slot, stride);
      const first = workspace.firstCell[features[0]] * stride;
      const end = workspace.firstCell[features[0] + 1] * stride;
      for (let at = first; at < end; at++) root.totals[(at - first) % stride] += histogram[at];
      this.compute(root, { sum: false, search: true });
      this.consider(root, 0);
    }
    while (this.leaves < limits.maxLeaves) {
      const node = this.takeBest();
      if (node?.split === undefined) break;
      this.divide(node, node.split);
    }
    const leaves = leavesOf(root);
    this.fixValues(leaves);
    return { root, leaves };
  }

  private mayDivide(node: Node): boolean {
    const { maxLeaves, maxDepth, leastRows } = this.limits;
    const rows = node.end - node.start;
    return this.leaves < maxLeaves && node.depth < maxDepth && rows >= 2 * leastRows;
  }

  /** Takes the best split of a node that `compute` has searched (see `SplitSearch.find`), and keeps it open when there is one. */
  private consider(node: Node, which: number): void {
    const split = this.search.find(node, this.features, which);
    node.split = split && this.isEnough(node, split) ? split : undefined;
    if (node.split === undefined) this.releaseSlot(node);
    else this.open.push(node);
  }

  private isEnough({ totals }: Node, { left }: Split): boolean {
    const { leastGain } = this.limits;
    if (leastGain === 0) return true;
    const right = totals.map((sum, l) => sum - left[l]);
    let gain = 0;
    for (let o = 0; o < this.lanes.outputs.length; o++) {
      gain += this.score.gainOf(left, o) + this.score.gainOf(right, o) - this.score.gainOf(totals, o);
    }
    return gain >= leastGain;
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
    node.gains = this.gainsOf(node.totals, split, rest);

    const [small, large] = left.end - left.start <= right.end - right.start ? [left, right] : [right, left];
    if (!this.mayDivide(large)) {
      this.releaseSlot(node);
      return;
    }
    if (node.slot < 0) {
      for (const child of [large, small]) {
        if (!this.mayDivide(child)) continue;
        child.slot = this.takeSlot();
        this.compute(child, { sum: true, search: true });
        this.consider(child, 0);
      }
      return;
    }
    large.slot = node.slot;
    node.slot = -1;
    small.slot = this.takeSlot();
    const search = this.mayDivide(small);
    this.compute(small, { sum: true, search, sibling: large });
    if (search) this.consider(small, 0);
    else this.releaseSlot(small);
    this.consider(large, 1);
  }

  private gainsOf(totals: Int32Array, { left, gain }: Split, right: Int32Array): Float64Array {
    const { score } = this;
    const width = this.lanes.outputs.length;
    const gains = new Float64Array(1 + width);
    gains[0] = gain;
    for (let o = 0; o < width; o++) {
      gains[1 + o] = (score.gainOf(left, o) + score.gainOf(right, o) - score.gainOf(totals, o)) / 2;
    }
    return gains;
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

  /**
   * Sums the node's rows into its slot and searches it for cuts; what is left of the parent's sums, in its slot, is the
   * sibling's, which is searched as well.
   */
  private compute(
    node: Node,
    { sum, search, sibling }: { readonly sum: boolean; readonly search: boolean; readonly sibling?: Node },
  ): void {
    const { workspace, lanes } = this;
    const { crew, at } = workspace;
    const { quads, sparse } = lanes;
    const count = sum ? node.end - node.start : 0;
    const rows = at.rows + 4 * node.start;
    if (!sparse) crew.gather(at.lanes, rows, count, quads, at.ordered);
    const searched = (one: Node): Searched => ({ totals: one.totals, bar: this.search.ownScore(one) });
    crew.divide(
      {
        features: this.features,
        quads,
        histogram: workspace.histogramAt(node.slot),
        rows,
        count,
        lanes: sparse ? at.lanes : at.ordered,
        starts: sparse ? at.starts : 0,
        parent: sibling ? workspace.histogramAt(sibling.slot) : 0,
        search: [search ? searched(node) : undefined, sibling && searched(sibling)],
      },
      at.block,
    );
  }

  /** −G / (H + λ) of every leaf, from the gradients themselves, times the learning rate. */
  private fixValues(leaves: readonly Node[]): void {
    const { workspace, lanes } = this;
    const { lambda, learningRate } = this.limits;
    const outputs = workspace.leafOutputs(lanes.outputIndex);
    workspace.crew.sumLeaves(workspace.at.rows, leaves, outputs, (l, sums) => {
      const { bounds } = leaves[l];
      const values = new Float32Array(outputs.length);
      for (let o = 0; o < values.length; o++) {
        const g = sums[2 * o];
        let value = g === 0 ? 0 : -g / (sums[2 * o + 1] + lambda);
        if (!this.isRegression[o]) value = Math.min(Math.max(value, -LONGEST_STEP), LONGEST_STEP);
        if (bounds !== undefined) value = Math.min(Math.max(value, bounds.lower[o]), bounds.upper[o]);
        values[o] = learningRate * value;
      }
      leaves[l].values = values;
    });
  }
}

/** From left to right. */
function leavesOf(node: Node): readonly Node[] {
  if (node.left === undefined || node.right === undefined) return [node];
  return [...leavesOf(node.left), ...leavesOf(node.right)];
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
