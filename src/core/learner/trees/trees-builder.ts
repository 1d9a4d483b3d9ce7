import { type FeatureBins, lastAtMost, MISSING_BIN, type NumericBins } from './binner';
import { Growable } from './growable';
import type { BestSplit } from './split';
import { CATEGORICAL, MISSING_LEFT, type Trees } from './trees';

/** Collects trees as they grow, one after another, nodes in preorder. */
export class TreesBuilder {
  private readonly starts = new Growable((length) => new Int32Array(length));
  private readonly features = new Growable((length) => new Int32Array(length));
  private readonly thresholds = new Growable((length) => new Float64Array(length));
  private readonly rights = new Growable((length) => new Int32Array(length));
  private readonly allFlags = new Growable((length) => new Uint8Array(length));
  private readonly categorySets = new Growable((length) => new Uint8Array(length));
  private readonly values = new Growable((length) => new Float32Array(length));
  private readonly firstValue = new Growable((length) => new Int32Array(length));
  private readonly output = new Growable((length) => new Int32Array(length));

  // The current tree; its nodes count from 0.
  private size = 0;
  private readonly feature: Int32Array;
  private readonly threshold: Float64Array;
  /** The threshold in bins, for rows that are known by their codes: code ≤ bin goes left. */
  private readonly bin: Uint8Array;
  private readonly right: Int32Array;
  private readonly flags: Uint8Array;

  /**
   * @param outputs numbers that a row is predicted
   * @param rows most rows that a tree is grown on
   * @param alongPaths values are kept at the node where they are fixed, not all at the leaf (see `Trees`)
   */
  constructor(
    private readonly bins: readonly FeatureBins[],
    private readonly outputs: number,
    rows: number,
    readonly alongPaths: boolean,
  ) {
    const nodes = Math.max(1, 2 * rows);
    this.feature = new Int32Array(nodes);
    this.threshold = new Float64Array(nodes);
    this.bin = new Uint8Array(nodes);
    this.right = new Int32Array(nodes);
    this.flags = new Uint8Array(nodes);
    this.starts.push(0);
  }

  beginTree(): void {
    this.size = 0;
  }

  /** @returns the new node, a leaf until it is split */
  addNode(): number {
    const node = this.size++;
    this.feature[node] = -1;
    this.threshold[node] = 0;
    this.right[node] = 0;
    this.flags[node] = 0;
    if (this.alongPaths) this.firstValue.push(this.values.length);
    return node;
  }

  /** Gives the leaf all values of its rows, one an output. */
  setLeafValues(node: number, values: ArrayLike<number>): void {
    this.right[node] = this.values.length / this.outputs;
    this.values.append(values);
  }

  /** Fixes one output at the node that was added last. */
  fixValue(output: number, value: number): void {
    this.output.push(output);
    this.values.push(value);
  }

  /** @param missingLeft where rows go that are missing, or of a category that the node never saw */
  setSplit(node: number, split: BestSplit, missingLeft: boolean): void {
    this.feature[node] = split.feature;
    this.flags[node] = (missingLeft ? MISSING_LEFT : 0) | (split.categorical ? CATEGORICAL : 0);
    const bins = this.bins[split.feature];
    if (bins.kind === 'numeric') {
      this.threshold[node] = threshold(bins, split);
      this.bin[node] = lastAtMost(bins.upper, this.threshold[node], 0, bins.upper.length);
      return;
    }
    this.threshold[node] = this.categorySets.length / 32;
    const set = split.left.slice();
    if (missingLeft) {
      for (let byte = 0; byte < 32; byte++) set[byte] |= ~split.present[byte];
    }
    this.categorySets.append(set);
  }

  setRight(node: number, right: number): void {
    this.right[node] = right;
  }

  endTree(): void {
    const first = this.features.length;
    for (let node = 0; node < this.size; node++) {
      this.rights.push(this.right[node] + (this.feature[node] >= 0 ? first : 0));
    }
    this.features.append(this.feature.subarray(0, this.size));
    this.thresholds.append(this.threshold.subarray(0, this.size));
    this.allFlags.append(this.flags.subarray(0, this.size));
    this.starts.push(this.features.length);
  }

  /** Adds to `sums` what the tree that ended last predicts for position i; codes[f][i] is its bin of feature f. */
  addPrediction(codes: readonly Uint8Array[], i: number, sums: Float64Array, offset: number): void {
    const { feature, right, outputs } = this;
    const values = this.values.view;
    let node = 0;
    if (this.alongPaths) {
      const root = this.features.length - this.size;
      for (;;) {
        this.addFixed(root + node, sums, offset);
        if (feature[node] < 0) return;
        node = this.child(node, codes[feature[node]][i]);
      }
    }
    while (feature[node] >= 0) node = this.child(node, codes[feature[node]][i]);
    const leaf = right[node] * outputs;
    for (let o = 0; o < outputs; o++) sums[offset + o] += values[leaf + o];
  }

  finish(): Trees {
    this.firstValue.push(this.values.length);
    return {
      starts: this.starts.toArray(),
      feature: this.features.toArray(),
      threshold: this.thresholds.toArray(),
      right: this.rights.toArray(),
      flags: this.allFlags.toArray(),
      categorySets: this.categorySets.toArray(),
      values: this.values.toArray(),
      ...(this.alongPaths && {
        paths: { firstValue: this.firstValue.toArray(), output: this.output.toArray() },
      }),
    };
  }

  private addFixed(node: number, sums: Float64Array, offset: number): void {
    const first = this.firstValue.view;
    const end = node + 1 < this.firstValue.length ? first[node + 1] : this.values.length;
    const values = this.values.view;
    const output = this.output.view;
    for (let v = first[node]; v < end; v++) sums[offset + output[v]] += values[v];
  }

  private child(node: number, code: number): number {
    const flags = this.flags[node];
    let left = code <= this.bin[node];
    if ((flags & CATEGORICAL) !== 0) {
      left = ((this.categorySets.view[32 * this.threshold[node] + (code >> 3)] >> (code & 7)) & 1) !== 0;
    } else if (code === MISSING_BIN) {
      left = (flags & MISSING_LEFT) !== 0;
    }
    return left ? node + 1 : this.right[node];
  }
}

/** What was drawn, else halfway between the two values that the node's rows have next to the cut, as scikit-learn does. */
function threshold(bins: NumericBins, split: BestSplit): number {
  if (!Number.isNaN(split.threshold)) return split.threshold;
  if (split.nextBin === MISSING_BIN) return Infinity;
  const below = bins.upper[split.bin];
  const above = bins.lower[split.nextBin];
  const middle = below + (above - below) / 2;
  return middle < above ? middle : below;
}
