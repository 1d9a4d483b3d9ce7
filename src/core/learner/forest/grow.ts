import { taskWidth } from '../../dataset/problem';
import { Random } from '../../random';
import { type BestSplit, MISSING_BIN, type TrainingSet, type TreesBuilder } from '../trees';
import { below } from './random-cut';
import type { Splitter } from './splitter';

export interface GrowthLimits {
  readonly maxDepth: number;
  readonly minSamplesLeaf: number;
  /** Features drawn for each split. */
  readonly features: number;
  readonly bootstrap: boolean;
  /** Labels' worth of weight with which a node's values are drawn to those of its parent. */
  readonly smoothing: number;
  /** Each feature is cut at one place drawn at random, not at its best. */
  readonly randomCuts: boolean;
}

/**
 * Grows trees one after another on the same training set, splitting every node that is not pure by the best of a
 * random draw of its features. As in scikit-learn, the draw goes on until one feature varies in the node, and a split
 * that gains nothing is made all the same (the next may gain).
 */
export class TreeGrower {
  /** How often the current tree's sample holds each position. */
  readonly multiplicity: Int32Array;
  /** Impurity decrease by feature and task (features × tasks), each task's root impurity being its weight; all trees. */
  readonly gains: Float64Array;
  private readonly positions: Int32Array;
  private readonly moved: Int32Array;
  private readonly draw: Int32Array;
  private readonly outputs: number;
  /** Values of the nodes on the path to the current one, by depth. */
  private path: Float64Array;
  /** By depth, per task: 1 where the node on that path has labels. */
  private readonly labelled: Uint8Array[] = [];
  private readonly firstOutput: Int32Array;

  /** @param prior values of a node without any label (one an output) */
  constructor(
    private readonly set: TrainingSet,
    private readonly splitter: Splitter,
    private readonly limits: GrowthLimits,
    private readonly prior: Float64Array,
  ) {
    const n = set.rows.length;
    this.multiplicity = new Int32Array(n);
    this.gains = new Float64Array(set.features.length * set.tasks.length);
    this.positions = new Int32Array(n);
    this.moved = new Int32Array(n);
    this.draw = new Int32Array(set.features.length);
    this.outputs = prior.length;
    this.path = new Float64Array(32 * this.outputs);
    this.firstOutput = new Int32Array(set.tasks.length + 1);
    set.tasks.forEach((task, t) => {
      this.firstOutput[t + 1] = this.firstOutput[t] + taskWidth(task);
    });
  }

  grow(trees: TreesBuilder, seed: number): void {
    const { splitter, limits } = this;
    const random = new Random(seed);
    const drawn = this.sample(random);
    trees.beginTree();
    splitter.beginTree(limits.bootstrap ? this.multiplicity : undefined);
    for (let f = 0; f < this.draw.length; f++) this.draw[f] = f;

    // Nodes to come: first and last position, depth, the parent when it is a right child, the parent's feature.
    const stack = [{ start: 0, end: drawn, depth: 0, rightOf: -1, splitBy: -1 }];
    for (let item = stack.pop(); item !== undefined; item = stack.pop()) {
      const { start, end, depth, rightOf, splitBy } = item;
      const node = trees.addNode();
      if (rightOf >= 0) trees.setRight(rightOf, node);
      const differ = splitter.enter(this.positions, start, end);
      this.addGains(splitBy, 1);
      this.writeValues(depth);
      if (trees.alongPaths) this.fixVanished(trees, depth);
      const mayDivide = differ && depth < limits.maxDepth && end - start >= 2 * limits.minSamplesLeaf;
      if (!mayDivide || !this.findSplit(random)) {
        this.makeLeaf(trees, node, depth);
        continue;
      }
      const split = splitter.best;
      this.addGains(split.feature, -1);
      const middle = this.partition(split, start, end);
      const missingLeft = split.sawMissing ? split.missingLeft : middle - start >= end - middle;
      trees.setSplit(node, split, missingLeft);
      const child = { depth: depth + 1, splitBy: split.feature };
      stack.push({ ...child, start: middle, end, rightOf: node });
      stack.push({ ...child, start, end: middle, rightOf: -1 });
    }
    trees.endTree();
  }

  /** Draws the tree's sample into `multiplicity`, its distinct positions (ascending) into `positions`. */
  private sample(random: Random): number {
    const { multiplicity, positions } = this;
    const n = positions.length;
    multiplicity.fill(this.limits.bootstrap ? 0 : 1);
    for (let i = 0; this.limits.bootstrap && i < n; i++) multiplicity[below(random, n)]++;
    let drawn = 0;
    for (let i = 0; i < n; i++) {
      if (multiplicity[i] > 0) positions[drawn++] = i;
    }
    return drawn;
  }

  private addGains(feature: number, sign: number): void {
    if (feature >= 0) this.splitter.addPurity(this.gains, feature * this.set.tasks.length, sign);
  }

  /** Values of the current node; of tasks without labels in it, those of its nearest ancestor that has some. */
  private writeValues(depth: number): void {
    const { outputs } = this;
    const offset = depth * outputs;
    if (offset + outputs > this.path.length) {
      const longer = new Float64Array(2 * this.path.length);
      longer.set(this.path);
      this.path = longer;
    }
    if (depth === 0) this.path.set(this.prior);
    else this.path.copyWithin(offset, offset - outputs, offset);
    this.splitter.writeValues(this.path, offset);
  }

  /** Fixes the values of tasks that have labels in the parent of the current node (at the root: ever) but not in it. */
  private fixVanished(trees: TreesBuilder, depth: number): void {
    const tasks = this.set.tasks.length;
    if (this.labelled.length <= depth) this.labelled.push(new Uint8Array(tasks));
    for (let t = 0; t < tasks; t++) {
      const before = depth === 0 ? 1 : this.labelled[depth - 1][t];
      const has = this.splitter.hasLabels(t);
      if (before === 1 && !has) this.fixTask(trees, t, depth);
      this.labelled[depth][t] = has ? 1 : 0;
    }
  }

  private makeLeaf(trees: TreesBuilder, node: number, depth: number): void {
    if (trees.alongPaths) {
      this.labelled[depth].forEach((has, t) => {
        if (has) this.fixTask(trees, t, depth);
      });
    } else {
      trees.setLeafValues(node, this.path.subarray(depth * this.outputs, (depth + 1) * this.outputs));
    }
  }

  private fixTask(trees: TreesBuilder, t: number, depth: number): void {
    for (let output = this.firstOutput[t]; output < this.firstOutput[t + 1]; output++) {
      trees.fixValue(output, this.path[depth * this.outputs + output]);
    }
  }

  private findSplit(random: Random): boolean {
    const { draw, splitter } = this;
    const cutBy = this.limits.randomCuts ? random : undefined;
    let varying = 0;
    for (let drawn = 0; drawn < draw.length && (drawn < this.limits.features || varying === 0); drawn++) {
      const pick = drawn + below(random, draw.length - drawn);
      const feature = draw[pick];
      draw[pick] = draw[drawn];
      draw[drawn] = feature;
      if (splitter.search(feature, cutBy)) varying++;
      if (splitter.best.perfect) break;
    }
    return splitter.best.feature >= 0;
  }

  /** Puts the rows that go left first, both sides in their old order. @returns the first position of the right side */
  private partition(split: BestSplit, start: number, end: number): number {
    const { positions, moved } = this;
    const { codes } = this.set.features[split.feature];
    const { categorical, left, bin } = split;
    const missing = split.missingLeft ? MISSING_BIN : -1;
    let middle = start;
    let right = 0;
    for (let i = start; i < end; i++) {
      const position = positions[i];
      const code = codes[position];
      const goesLeft =
        code === missing ||
        (categorical ? (left[code >> 3] >> (code & 7)) & 1 : code <= bin && code !== MISSING_BIN);
      if (goesLeft) positions[middle++] = position;
      else moved[right++] = position;
    }
    positions.set(moved.subarray(0, right), middle);
    return middle;
  }
}
