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
  /** Numeric features: a threshold that was drawn between the bins; NaN: halfway. */
  threshold = Number.NaN;
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
    threshold = Number.NaN,
  ): void {
    this.feature = feature;
    this.score = score;
    this.bin = bins[lefts - 1];
    this.nextBin = lefts < present ? bins[lefts] : MISSING_BIN;
    this.sawMissing = missing.saw;
    this.missingLeft = missing.left;
    this.categorical = categorical;
    this.threshold = threshold;
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
