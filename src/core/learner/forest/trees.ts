import { type FeatureBins, lastAtMost, MISSING_BIN, type NumericBins } from './binner';
import { Growable } from './growable';
import type { BestSplit } from './split';

/** Bits of `flags`. */
export const MISSING_LEFT = 1;
export const CATEGORICAL = 2;

/**
 * Decision trees as flat arrays. Nodes of a tree are in preorder: the left child of node i is i + 1.
 *
 * A leaf has feature −1 and, in `right`, its place l in the values. An inner node sends a row to the left when
 * - numeric feature: x ≤ threshold, or x is missing and flags has MISSING_LEFT;
 * - categorical (flags has CATEGORICAL): bit b of the 256 bits that begin at byte 32 × threshold of `categorySets` is
 *   set, b the bin of the row's category (MISSING_BIN where it is missing or unknown).
 */
export interface Trees {
  /** First node of each tree, and the number of nodes (trees + 1 numbers). */
  readonly starts: Int32Array;
  /** Index into the features of the forest. */
  readonly feature: Int32Array;
  readonly threshold: Float64Array;
  readonly right: Int32Array;
  readonly flags: Uint8Array;
  readonly categorySets: Uint8Array;
  /** Row-major (leaves × outputs): a mean (in original units), shares of classes, P(positive class). */
  readonly values: Float32Array;
}

/** Collects trees as they grow. */
export class TreesBuilder {
  private readonly starts = new Growable((length) => new Int32Array(length));
  private readonly feature = new Growable((length) => new Int32Array(length));
  private readonly threshold = new Growable((length) => new Float64Array(length));
  /** The threshold in bins, for rows that are known by their codes: code ≤ bin goes left. */
  private readonly bin = new Growable((length) => new Uint8Array(length));
  private readonly right = new Growable((length) => new Int32Array(length));
  private readonly flags = new Growable((length) => new Uint8Array(length));
  private readonly categorySets = new Growable((length) => new Uint8Array(length));
  private readonly values = new Growable((length) => new Float32Array(length));

  constructor(
    private readonly features: readonly FeatureBins[],
    private readonly outputs: number,
  ) {
    this.starts.push(0);
  }

  /** Number of nodes so far: the first node of the next tree. */
  get size(): number {
    return this.feature.length;
  }

  /** @returns the new node, a leaf with the given values until it is split */
  addNode(): number {
    this.feature.push(-1);
    this.threshold.push(0);
    this.bin.push(0);
    this.right.push(-1);
    this.flags.push(0);
    return this.feature.length - 1;
  }

  makeLeaf(node: number, values: Float64Array): void {
    this.right.set(node, this.values.length / this.outputs);
    this.values.append(values);
  }

  /** `missingLeft`: where rows go that have a value this node never saw. */
  makeSplit(node: number, split: BestSplit, missingLeft: boolean): void {
    this.feature.set(node, split.feature);
    this.flags.set(node, (missingLeft ? MISSING_LEFT : 0) | (split.categorical ? CATEGORICAL : 0));
    const bins = this.features[split.feature];
    if (bins.kind === 'numeric') {
      const value = threshold(bins, split);
      this.threshold.set(node, value);
      this.bin.set(node, lastAtMost(bins.upper, value));
      return;
    }
    this.threshold.set(node, this.categorySets.length / 32);
    const set = split.left.slice();
    if (missingLeft) {
      for (let byte = 0; byte < 32; byte++) set[byte] |= ~split.present[byte];
    }
    this.categorySets.append(set);
  }

  setRight(node: number, right: number): void {
    this.right.set(node, right);
  }

  endTree(): void {
    this.starts.push(this.feature.length);
  }

  /** The leaf of position i in the tree that begins at `node`; codes[f][i] is its bin of feature f. */
  findLeaf(node: number, codes: readonly Uint8Array[], i: number): number {
    for (;;) {
      const feature = this.feature.get(node);
      if (feature < 0) return this.right.get(node);
      const code = codes[feature][i];
      const flags = this.flags.get(node);
      const left =
        flags & CATEGORICAL
          ? (this.categorySets.get(32 * this.threshold.get(node) + (code >> 3)) >> (code & 7)) & 1
          : code === MISSING_BIN
            ? flags & MISSING_LEFT
            : code <= this.bin.get(node);
      node = left ? node + 1 : this.right.get(node);
    }
  }

  leafValue(leaf: number, output: number): number {
    return this.values.get(leaf * this.outputs + output);
  }

  finish(): Trees {
    return {
      starts: this.starts.toArray(),
      feature: this.feature.toArray(),
      threshold: this.threshold.toArray(),
      right: this.right.toArray(),
      flags: this.flags.toArray(),
      categorySets: this.categorySets.toArray(),
      values: this.values.toArray(),
    };
  }
}

/** Halfway between the two values that the node's rows have next to the cut, as scikit-learn does. */
function threshold(bins: NumericBins, split: BestSplit): number {
  if (split.nextBin === MISSING_BIN) return Infinity;
  const below = bins.upper[split.bin];
  const above = bins.lower[split.nextBin];
  const middle = below + (above - below) / 2;
  return middle < above ? middle : below;
}
