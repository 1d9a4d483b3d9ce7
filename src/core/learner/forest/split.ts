import type { Random } from '../../random';
import { MISSING_BIN } from './binner';

/** The best split found so far at a node; mutable, reused from node to node. */
export class BestSplit {
  /** Scores are sums of squares: −1 when no split was found. */
  score = -1;
  feature = -1;
  /** Numeric features: bins up to `bin` go left; `nextBin` is the next that the node's rows have (MISSING_BIN: none). */
  bin = 0;
  nextBin = 0;
  categorical = false;
  /** The node has rows with this feature missing, so `missingLeft` was learned. */
  sawMissing = false;
  missingLeft = false;
  /** No split can be better: both sides are pure. */
  perfect = false;
  /** Categorical features: 256 bits each, of the bins that go left and of those that the node's rows have. */
  readonly left = new Uint8Array(32);
  readonly present = new Uint8Array(32);

  reset(): void {
    this.score = -1;
    this.feature = -1;
    this.perfect = false;
  }

  /**
   * Takes a better split: of `bins`, those that the node's rows have, in the order they were tried, the first
   * `lefts` of `present` go left; after these comes MISSING_BIN when the node `sawMissing`.
   */
  take(
    feature: number,
    score: number,
    bins: Uint8Array,
    lefts: number,
    present: number,
    missing: { readonly saw: boolean; readonly left: boolean },
    categorical: boolean,
  ): void {
    this.feature = feature;
    this.score = score;
    this.bin = bins[lefts - 1];
    this.nextBin = lefts < present ? bins[lefts] : MISSING_BIN;
    this.sawMissing = missing.saw;
    this.missingLeft = missing.left;
    this.categorical = categorical;
    if (!categorical) return;
    this.left.fill(0);
    this.present.fill(0);
    for (let j = 0; j < present; j++) {
      const bin = bins[j];
      this.present[bin >> 3] |= 1 << (bin & 7);
      if (j < lefts) this.left[bin >> 3] |= 1 << (bin & 7);
    }
  }
}

export const MISSING_NONE = { saw: false, left: false } as const;
export const MISSING_GOES_RIGHT = { saw: true, left: false } as const;
export const MISSING_GOES_LEFT = { saw: true, left: true } as const;

/** What a score must exceed to be better than one found before: rounding does not choose between equal splits. */
export function aboveNoise(score: number): number {
  return score + 1e-12 * Math.abs(score);
}

/** Chooses splits by the summed impurity of all tasks; one implementation for dense, one for sparse labels. */
export interface Splitter {
  readonly best: BestSplit;
  /** Before each tree: how often the bootstrap sample holds each position; absent: once. */
  beginTree(multiplicity: Int32Array | undefined): void;
  /** Makes positions[start … end − 1] the current node. @returns whether the labels of any task differ in it */
  enter(positions: Int32Array, start: number, end: number): boolean;
  /**
   * Improves `best` by the best split of the feature, or, given `random`, by one drawn from it.
   * @returns false when the feature is constant in the node
   */
  search(feature: number, random?: Random): boolean;
  /** Adds each task's Σ scale S²/W of the current node (its impurity decrease against no split) to `sums`, times `sign`. */
  addPurity(sums: Float64Array, offset: number, sign: number): void;
  /** Whether the current node has labels of the task. */
  hasLabels(task: number): boolean;
  /**
   * Writes the node's predictions of the tasks labelled in it (in original units) into `values` (one number an output,
   * at `offset`), which holds the parent's, drawn to these by the smoothing; those of other tasks are left as they are.
   */
  writeValues(values: Float64Array, offset: number): void;
}
