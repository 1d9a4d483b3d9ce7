import type { Random } from '../../random';
import type { FeatureBins } from '../trees';

/** Uniform in [0, bound) up to a bias of bound / 2³²; no division, unlike `Random.integer`. */
export function below(random: Random, bound: number): number {
  return Math.floor(random.uint32() * bound * 2 ** -32);
}

/**
 * The one cut of a feature that extremely randomised trees try: between two values of the node, the threshold uniform
 * between the smallest and the largest; of categories, which are shuffled before, any cut alike.
 *
 * @param bins of the items, ascending unless shuffled, `present` of which are not missing
 * @returns the last item on the left
 */
export function drawCut(random: Random, feature: FeatureBins, bins: Uint8Array, present: number): number {
  if (present < 2) return 0;
  if (bins[0] === bins[present - 1]) return present - 1;
  if (feature.kind === 'categorical') return below(random, present - 1);
  const least = feature.upper[bins[0]];
  const most = feature.lower[bins[present - 1]];
  const threshold = least + (most - least) * random.uniform();
  let item = 0;
  while (item + 2 < present && feature.lower[bins[item + 1]] <= threshold) item++;
  return item;
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
