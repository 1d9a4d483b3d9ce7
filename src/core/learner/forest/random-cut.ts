import type { Random } from '../../random';
import { type FeatureBins, MISSING_BIN } from '../trees';

/** Uniform in [0, bound) up to a bias of bound / 2³²; no division, unlike `Random.integer`. */
export function below(random: Random, bound: number): number {
  return Math.floor(random.uint32() * bound * 2 ** -32);
}

/** The one cut of a feature that extremely randomised trees try. */
export class RandomCut {
  /** The last item on the left. */
  item = 0;
  /** Where numbers are divided; NaN for categories, and between numbers and missing values. */
  threshold = Number.NaN;

  /**
   * Draws a threshold, uniform between the smallest and the largest value of the node; of categories, which are shuffled
   * before, any cut alike. Values that share a bin are not divided: a threshold among them moves to the last.
   *
   * @param bins of the items, ascending unless shuffled, `present` of which are not missing
   */
  draw(random: Random, feature: FeatureBins, bins: Uint8Array, present: number): void {
    this.threshold = Number.NaN;
    this.item = 0;
    if (present < 2) return;
    if (bins[0] === bins[present - 1]) {
      this.item = present - 1;
      return;
    }
    if (feature.kind === 'categorical') {
      this.item = below(random, present - 1);
      return;
    }
    const { lower, upper } = feature;
    const least = upper[bins[0]];
    const threshold = least + (lower[bins[present - 1]] - least) * random.uniform();
    let item = 0;
    while (item + 2 < present && lower[bins[item + 1]] <= threshold) item++;
    const under = upper[bins[item]];
    this.item = item;
    this.threshold = threshold > under && threshold < lower[bins[item + 1]] ? threshold : under;
  }

  /** Divides the two rows of a node; missing values have nothing between them to draw. */
  drawOfTwo(random: Random, feature: FeatureBins, bins: Uint8Array): void {
    this.threshold = Number.NaN;
    if (feature.kind === 'numeric' && bins[1] !== MISSING_BIN) this.draw(random, feature, bins, 2);
  }
}

/** Fisher–Yates over the first `count` bins, and whatever else goes with them. */
export function shuffleBins(random: Random, count: number, bins: Uint8Array, order?: Int32Array): void {
  for (let i = count - 1; i > 0; i--) {
    const j = below(random, i + 1);
    swap(bins, i, j);
    if (order) swap(order, i, j);
  }
}

function swap(items: Uint8Array | Int32Array, i: number, j: number): void {
  const held = items[i];
  items[i] = items[j];
  items[j] = held;
}
