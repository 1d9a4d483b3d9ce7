import {
  clear,
  counting,
  gains,
  items,
  means,
  multiplicity,
  nodeMeans,
  outputs,
  pairs,
  positions,
  roots,
  scales,
  spreads,
  sums,
  targets,
  weights,
} from './memory';

export const MOST_ITEMS: i32 = 256;

// The node that is being split: positions[start … start + size − 1].
export let start: usize = 0;
export let size: i32 = 0;
export let weight: f64 = 0;
/** Σ scale T² / W: what a gain is added to before it is compared, so that rounding does not choose between equal splits. */
export let base: f64 = 0;
/** Gain of a split into two pure sides, less what may be rounding; infinite where that is not known. */
export let perfectGain: f64 = Infinity;

// In the loops below, globals are read once: the compiler may not keep them in registers past a store.

/** Makes positions[from … from + count − 1] the node and sums its targets. @returns whether its labels differ */
export function enter(from: usize, count: i32): bool {
  const begin = positions + (from << 2);
  const end = begin + ((<usize>count) << 2);
  const width = (<usize>pairs) << 4;
  const into = sums;
  const rowTargets = targets;
  const rowWeights = weights;
  const times = multiplicity;
  clear(into, width);
  const first = rowTargets + <usize>load<u32>(begin) * width;
  let total: f64 = 0;
  let differ = i64x2.splat(0);
  for (let at = begin; at < end; at += 4) {
    const position = <usize>load<u32>(at);
    const w = load<f64>(rowWeights + (position << 3)) * <f64>load<u16>(times + (position << 1));
    total += w;
    const ws = f64x2.splat(w);
    const row = rowTargets + position * width;
    for (let pair: usize = 0; pair < width; pair += 16) {
      const y = v128.load(row + pair);
      differ = v128.or(differ, v128.xor(y, v128.load(first + pair)));
      v128.store(into + pair, f64x2.add(v128.load(into + pair), f64x2.mul(y, ws)));
    }
  }
  start = begin;
  size = count;
  weight = total;
  return v128.any_true(differ);
}

/** Fills the items of the node's rows: w (y − ȳ) √scale, so that their sums are 0. */
export function centre(): void {
  const width = (<usize>pairs) << 4;
  const centres = nodeMeans;
  const scaleRoots = roots;
  const rowTargets = targets;
  const rowWeights = weights;
  const times = multiplicity;
  const inverse = f64x2.splat(1 / weight);
  let baseSum = f64x2.splat(0);
  for (let pair: usize = 0; pair < width; pair += 16) {
    const total = v128.load(sums + pair);
    const mean = f64x2.mul(total, inverse);
    v128.store(centres + pair, mean);
    baseSum = f64x2.add(baseSum, f64x2.mul(f64x2.mul(total, mean), v128.load(scales + pair)));
  }
  base = f64x2.extract_lane(baseSum, 0) + f64x2.extract_lane(baseSum, 1);
  let spread = f64x2.splat(0);
  let item = items;
  const end = start + ((<usize>size) << 2);
  for (let at = start; at < end; at += 4) {
    const position = <usize>load<u32>(at);
    const w = load<f64>(rowWeights + (position << 3)) * <f64>load<u16>(times + (position << 1));
    const ws = f64x2.splat(w);
    v128.store(item, f64x2(w, 1));
    const row = rowTargets + position * width;
    for (let pair: usize = 0; pair < width; pair += 16) {
      const deviation = f64x2.mul(
        f64x2.sub(v128.load(row + pair), v128.load(centres + pair)),
        v128.load(scaleRoots + pair),
      );
      const value = f64x2.mul(deviation, ws);
      v128.store(item + pair, value, 16);
      spread = f64x2.add(spread, f64x2.mul(deviation, value));
    }
    item += width + 16;
  }
  const impurity = f64x2.extract_lane(spread, 0) + f64x2.extract_lane(spread, 1);
  perfectGain = counting || size < MOST_ITEMS ? impurity - 1e-12 * (impurity + base) : Infinity;
}

/** Adds scale T² / W of each target to the feature's gains, times `sign`. */
export function addGains(feature: i32, sign: f64): void {
  const width = (<usize>pairs) << 4;
  const to = gains + <usize>feature * width;
  const factor = f64x2.splat(sign / weight);
  for (let at: usize = 0; at < width; at += 16) {
    const total = v128.load(sums + at);
    const purity = f64x2.mul(f64x2.mul(f64x2.mul(total, total), v128.load(scales + at)), factor);
    v128.store(to + at, f64x2.add(v128.load(to + at), purity));
  }
}

/** Writes the node's predictions, one float32 an output. */
export function writeValues(to: usize): void {
  for (let o: usize = 0; o < <usize>outputs; o++) {
    const mean = load<f64>(sums + (o << 3)) / weight;
    const value = load<f64>(means + (o << 3)) + load<f64>(spreads + (o << 3)) * mean;
    store<f32>(to + (o << 2), <f32>value);
  }
}
