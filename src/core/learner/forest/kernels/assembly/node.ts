import { centreMasked, enterMasked } from './masked-node';
import {
  centres,
  clear,
  counting,
  first,
  gains,
  items,
  masked,
  means,
  multiplicity,
  outputs,
  path,
  positions,
  prior,
  quads,
  roots,
  smoothing,
  spreads,
  sums,
  table,
  targetMask,
  targetQuads,
  weightSums,
} from './memory';

type Yes = u64;
type No = u8;

/** In nodes of fewer rows, regressions' impurity is summed exactly enough to know that a split leaves none. */
export const MOST_ITEMS: i32 = 256;

// The node that is being split: positions[start … start + size − 1].
export let start: usize = 0;
export let size: i32 = 0;
/** Where every row has every label: the node's. */
export let weight: f64 = 0;
/** Σ scale Σ w (y − ȳ)²: what a split takes away at most. */
export let impurity: f64 = 0;
/** Gain of a split into two pure sides, less what may be rounding; infinite where that is not known. */
export let perfectGain: f64 = Infinity;

// In the loops below, globals are read once: the compiler may not keep them in registers past a store.

/** Makes positions[from … from + count − 1] the node, copies its rows and sums them. @returns whether its labels differ */
export function enter(from: usize, count: i32): bool {
  start = positions + (from << 2);
  size = count;
  if (masked) return enterMasked();
  return quads === 1 ? enterLabelled<No>() : enterLabelled<Yes>();
}

function enterLabelled<Many>(): bool {
  const width = (<usize>quads) << 4;
  const into = sums;
  const rowTable = table;
  const times = multiplicity;
  const mask = v128.load(targetMask);
  const firstRow = rowTable + <usize>load<u32>(start) * width;
  const first0 = v128.load(firstRow);
  if (sizeof<Many>() === 8) clear(into, width << 1);
  let total: f64 = 0;
  let low = f64x2.splat(0);
  let high = f64x2.splat(0);
  let differ = i64x2.splat(0);
  let item = items;
  const end = start + ((<usize>size) << 2);
  for (let at = start; at < end; at += 4) {
    const position = <usize>load<u32>(at);
    const row = rowTable + position * width;
    const one = v128.load(row);
    const w = f32x4.extract_lane(one, 0) * <f32>load<u16>(times + (position << 1));
    v128.store(item, f32x4.replace_lane(one, 0, w));
    differ = v128.or(differ, v128.and(v128.xor(one, first0), mask));
    total += <f64>w;
    const ws = f64x2.splat(<f64>w);
    low = f64x2.add(low, f64x2.mul(f64x2.promote_low_f32x4(one), ws));
    high = f64x2.add(high, f64x2.mul(f64x2.promote_low_f32x4(v128.shuffle<f32>(one, one, 2, 3, 2, 3)), ws));
    if (sizeof<Many>() === 8) {
      for (let at: usize = 16; at < width; at += 16) {
        const lanes = v128.load(row + at);
        differ = v128.or(differ, v128.xor(lanes, v128.load(firstRow + at)));
        v128.store(item + at, lanes);
        const to = into + (at << 1);
        v128.store(to, f64x2.add(v128.load(to), f64x2.mul(f64x2.promote_low_f32x4(lanes), ws)));
        const above = f64x2.promote_low_f32x4(v128.shuffle<f32>(lanes, lanes, 2, 3, 2, 3));
        v128.store(to, f64x2.add(v128.load(to, 16), f64x2.mul(above, ws)), 16);
      }
    }
    item += width;
  }
  v128.store(into, low);
  v128.store(into, high, 16);
  weight = total;
  return v128.any_true(differ);
}

/** Makes the targets of the copied rows w (y − ȳ) √scale, so that their sums are 0. */
export function centre(): void {
  let known: f64;
  if (masked) known = centreMasked();
  else known = centreLabelled();
  impurity = counting ? impurityOfCounts() : known;
  perfectGain = counting || size < MOST_ITEMS ? impurity * (1 - 1e-5) : Infinity;
}

function centreLabelled(): f64 {
  const width = (<usize>quads) << 4;
  const to = centres;
  for (let lane: usize = 0; lane < width; lane += 4) {
    store<f32>(to + lane, <f32>(load<f64>(sums + (lane << 1)) / weight));
  }
  const mask = v128.load(targetMask);
  v128.store(to, v128.and(v128.load(to), mask));
  const centre0 = v128.load(to);
  let spread = f32x4.splat(0);
  let item = items;
  const end = item + <usize>size * width;
  for (; item < end; item += width) {
    const one = v128.load(item);
    const ws = f32x4.splat(f32x4.extract_lane(one, 0));
    const deviation = f32x4.sub(one, centre0);
    const value = f32x4.mul(deviation, ws);
    v128.store(item, v128.bitselect(value, one, mask));
    spread = f32x4.add(spread, v128.and(f32x4.mul(deviation, value), mask));
    for (let at: usize = 16; at < width; at += 16) {
      const deviations = f32x4.sub(v128.load(item + at), v128.load(to + at));
      const values = f32x4.mul(deviations, ws);
      v128.store(item + at, values);
      spread = f32x4.add(spread, f32x4.mul(deviations, values));
    }
  }
  return <f64>sumOfLanes(spread);
}

export function sumOfLanes(lanes: v128): f32 {
  const pairs = f32x4.add(lanes, v128.shuffle<f32>(lanes, lanes, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

/** 0/1 targets are their own squares: Σ scale W ȳ (1 − ȳ). */
function impurityOfCounts(): f64 {
  let sum: f64 = 0;
  for (let o: usize = 0; o < <usize>outputs; o++) {
    const lane = o + <usize>first;
    const whole = masked ? load<f64>(weightSums + (lane << 3)) : weight;
    if (whole === 0) continue;
    const total = load<f64>(sums + (lane << 3));
    sum += total * load<f64>(roots + (o << 3)) - (total * total) / whole;
  }
  return sum;
}

/** Adds scale T² / W of each target to the feature's gains, times `sign`. */
export function addGains(feature: i32, sign: f64): void {
  const width = (<usize>targetQuads) << 5;
  const to = gains + <usize>feature * width;
  if (masked) {
    for (let at: usize = 0; at < width; at += 8) {
      const whole = load<f64>(weightSums + at);
      if (whole === 0) continue;
      const total = load<f64>(sums + at);
      store<f64>(to + at, load<f64>(to + at) + (sign * total * total) / whole);
    }
    return;
  }
  const factor = f64x2.splat(sign / weight);
  for (let at: usize = 0; at < width; at += 16) {
    const total = v128.load(sums + at);
    v128.store(to + at, f64x2.add(v128.load(to + at), f64x2.mul(f64x2.mul(total, total), factor)));
  }
}

/** Writes the node's predictions, one float32 an output. */
export function writeValues(to: usize): void {
  const factor = 1 / weight;
  for (let o: usize = 0; o < <usize>outputs; o++) {
    const mean = load<f64>(sums + ((o + <usize>first) << 3)) * factor;
    store<f32>(to + (o << 2), <f32>(load<f64>(means + (o << 3)) + load<f64>(spreads + (o << 3)) * mean));
  }
}

/** Values of the node from its parent's, on the path: drawn to them by the smoothing, and theirs where it has no label. */
export function followPath(depth: i32): void {
  const bytes = (<usize>outputs) << 3;
  const to = path + <usize>depth * bytes;
  const from = depth === 0 ? prior : to - bytes;
  const pull = load<f64>(smoothing);
  for (let o: usize = 0; o < <usize>outputs; o++) {
    const lane = o + <usize>first;
    const whole = masked ? load<f64>(weightSums + (lane << 3)) : weight;
    const before = load<f64>(from + (o << 3));
    let value = before;
    if (whole > 0) {
      const mean = load<f64>(sums + (lane << 3)) / whole;
      const mine = load<f64>(means + (o << 3)) + load<f64>(spreads + (o << 3)) * mean;
      value = pull > 0 ? before + (whole / (whole + pull)) * (mine - before) : mine;
    }
    store<f64>(to + (o << 3), value);
  }
}

/** Writes the values on the path, one float32 an output. */
export function writePath(depth: i32, to: usize): void {
  const from = path + <usize>depth * ((<usize>outputs) << 3);
  for (let o: usize = 0; o < <usize>outputs; o++) store<f32>(to + (o << 2), <f32>load<f64>(from + (o << 3)));
}
