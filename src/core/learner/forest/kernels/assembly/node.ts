import { enterMasked, maskedSquares } from './masked-node';
import {
  centres,
  clear,
  counting,
  first,
  gains,
  items,
  masked,
  means,
  outputs,
  path,
  positions,
  prior,
  quads,
  roots,
  shifts,
  smoothing,
  spreads,
  sums,
  targetMask,
  targetQuads,
  weightSums,
} from './memory';
import { rowMultiplicity, rowTable } from './near';

type Yes = u64;
type No = u8;

/** In nodes of fewer rows, regressions' impurity is summed exactly enough to know that a split leaves none. */
export const MOST_ITEMS: i32 = 256;
/** Σ W (ȳ − c)² over impurity from which on rows are centred again. */
const FAR: f64 = 8;
/** In nodes of fewer rows, bins are read row by row: those of a row lie together. */
export const ROW_MAJOR: i32 = 2048;

// The node that is being split: positions[start … start + size − 1].
export let start: usize = 0;
export let size: i32 = 0;
/** Where every row has every label: the node's. */
export let weight: f64 = 0;
/** Σ scale Σ w (y − ȳ)²: what a split takes away at most. */
export let impurity: f64 = 0;
/** Σ scale Σ w y²; not where every target is 0 or 1. */
let squares: f64 = 0;
/** Gain of a split into two pure sides, less what may be rounding; infinite where that is not known. */
export let perfectGain: f64 = Infinity;

// In the loops below, globals are read once: the compiler may not keep them in registers past a store.

/**
 * Makes positions[from … from + count − 1] the node: sums its rows and copies them, their targets as w (y − c), c the means
 * of the parent. @returns whether its labels differ
 */
export function enter(from: usize, count: i32, depth: i32): bool {
  start = positions + (from << 2);
  size = count;
  const before = centres + <usize>depth * ((<usize>targetQuads) << 4);
  if (masked) {
    const differs = enterMasked(before, start, size);
    squares = maskedSquares;
    return differs;
  }
  if (quads === 1) return enterLabelled<No, No>(before);
  return quads === 2 ? enterLabelled<Yes, No>(before) : enterLabelled<Yes, Yes>(before);
}

function enterLabelled<Second, More>(before: usize): bool {
  const width: usize = sizeof<More>() === 8 ? (<usize>quads) << 4 : sizeof<Second>() === 8 ? 32 : 16;
  const into = sums;
  const lines = rowTable;
  const times = rowMultiplicity;
  const sumSquares = !counting;
  const mask = v128.load(targetMask);
  const firstRow = lines + <usize>load<u32>(start) * width;
  const first0 = v128.load(firstRow);
  const first1 = sizeof<Second>() === 8 ? v128.load(firstRow, 16) : first0;
  const centre0 = v128.load(before);
  const centre1 = sizeof<Second>() === 8 ? v128.load(before, 16) : centre0;
  if (sizeof<More>() === 8) clear(into, width << 1);
  let total: f64 = 0;
  let sum0 = f64x2.splat(0);
  let sum1 = sum0;
  let sum2 = sum0;
  let sum3 = sum0;
  let square = sum0;
  let differ = i64x2.splat(0);
  let item = items;
  const end = start + ((<usize>size) << 2);
  for (let at = start; at < end; at += 4) {
    const position = <usize>load<u32>(at);
    const row = lines + position * width;
    const all = v128.load(row);
    const w = f32x4.extract_lane(all, 0) * <f32>load<u16>(times + (position << 1));
    const ws = f32x4.splat(w);
    const wide = f64x2.promote_low_f32x4(ws);
    total += <f64>w;
    differ = v128.or(differ, v128.and(v128.xor(all, first0), mask));
    v128.store(
      item,
      v128.bitselect(f32x4.mul(f32x4.sub(all, centre0), ws), f32x4.replace_lane(all, 0, w), mask),
    );
    const one = v128.and(all, mask);
    const low = f64x2.promote_low_f32x4(one);
    const high = f64x2.promote_low_f32x4(v128.shuffle<f32>(one, one, 2, 3, 2, 3));
    const lowW = f64x2.mul(low, wide);
    const highW = f64x2.mul(high, wide);
    sum0 = f64x2.add(sum0, lowW);
    sum1 = f64x2.add(sum1, highW);
    if (sumSquares) square = f64x2.add(square, f64x2.add(f64x2.mul(low, lowW), f64x2.mul(high, highW)));
    if (sizeof<Second>() === 8) {
      const two = v128.load(row, 16);
      differ = v128.or(differ, v128.xor(two, first1));
      v128.store(item, f32x4.mul(f32x4.sub(two, centre1), ws), 16);
      const low = f64x2.promote_low_f32x4(two);
      const high = f64x2.promote_low_f32x4(v128.shuffle<f32>(two, two, 2, 3, 2, 3));
      const lowW = f64x2.mul(low, wide);
      const highW = f64x2.mul(high, wide);
      sum2 = f64x2.add(sum2, lowW);
      sum3 = f64x2.add(sum3, highW);
      if (sumSquares) square = f64x2.add(square, f64x2.add(f64x2.mul(low, lowW), f64x2.mul(high, highW)));
    }
    if (sizeof<More>() === 8) {
      for (let at: usize = 32; at < width; at += 16) {
        const lanes = v128.load(row + at);
        differ = v128.or(differ, v128.xor(lanes, v128.load(firstRow + at)));
        v128.store(item + at, f32x4.mul(f32x4.sub(lanes, v128.load(before + at)), ws));
        const low = f64x2.promote_low_f32x4(lanes);
        const high = f64x2.promote_low_f32x4(v128.shuffle<f32>(lanes, lanes, 2, 3, 2, 3));
        const lowW = f64x2.mul(low, wide);
        const highW = f64x2.mul(high, wide);
        const to = into + (at << 1);
        v128.store(to, f64x2.add(v128.load(to), lowW));
        v128.store(to, f64x2.add(v128.load(to, 16), highW), 16);
        if (sumSquares) square = f64x2.add(square, f64x2.add(f64x2.mul(low, lowW), f64x2.mul(high, highW)));
      }
    }
    item += width;
  }
  v128.store(into, sum0);
  v128.store(into, sum1, 16);
  if (sizeof<Second>() === 8) {
    v128.store(into, sum2, 32);
    v128.store(into, sum3, 48);
  }
  squares = sumOfTwo(square);
  weight = total;
  return v128.any_true(differ);
}

/** Makes the row at `place` the node: of one row, whose labels are all there. */
export function enterOne(place: usize): void {
  const position = <usize>load<u32>(place);
  const row = rowTable + position * ((<usize>quads) << 4);
  const bytes = (<usize>targetQuads) << 4;
  const w = load<f32>(row) * <f32>load<u16>(rowMultiplicity + (position << 1));
  weight = <f64>w;
  const wide = f64x2.splat(weight);
  for (let lane: usize = 0; lane < bytes; lane += 8) {
    const target = f64x2.promote_low_f32x4(v128.load64_zero(row + lane));
    v128.store(sums + (lane << 1), f64x2.mul(target, wide));
  }
}

/**
 * Prepares the search: the node's means, for its children; how far they are from the parent's, by which its rows were
 * centred; and what a split can gain.
 */
export function prepare(depth: i32): void {
  const bytes = (<usize>targetQuads) << 4;
  const before = centres + <usize>depth * bytes;
  const mine = before + bytes;
  const zero = f64x2.splat(0);
  let purities = zero;
  let pures = zero;
  let moves = zero;
  let whole = f64x2.splat(weight);
  for (let lane: usize = 0; lane < bytes; lane += 8) {
    if (masked) whole = v128.load(weightSums + (lane << 1));
    const there = f64x2.gt(whole, zero);
    const total = v128.load(sums + (lane << 1));
    const mean = v128.and(f64x2.div(total, whole), there);
    const old = f64x2.promote_low_f32x4(v128.load64_zero(before + lane));
    const shift = v128.and(f64x2.sub(mean, old), there);
    v128.store64_lane(mine + lane, f32x4.demote_f64x2_zero(v128.bitselect(mean, old, there)), 0);
    v128.store64_lane(shifts + lane, f32x4.demote_f64x2_zero(shift), 0);
    moves = f64x2.add(moves, f64x2.mul(f64x2.mul(whole, shift), shift));
    purities = f64x2.add(purities, f64x2.mul(total, mean));
    pures = f64x2.add(pures, f64x2.mul(total, v128.load(roots + (lane << 1))));
  }
  const purity = sumOfTwo(purities);
  const pure = sumOfTwo(pures);
  const moved = sumOfTwo(moves);
  impurity = (counting ? pure : squares) - purity;
  perfectGain = counting || size < MOST_ITEMS ? impurity * (1 - 1e-5) : Infinity;
  if (moved > FAR * impurity) recentre(mine);
}

/**
 * Centres rows by the node's own means, as they are in the table: those of its parent are so far off that float32 would
 * lose what differs here, and has lost it in the items.
 */
function recentre(mine: usize): void {
  const width = (<usize>quads) << 4;
  const half = (<usize>targetQuads) << 4;
  const mask = v128.load(targetMask);
  for (let lane: usize = 0; lane < half; lane += 4) {
    const whole = masked ? load<f64>(weightSums + (lane << 1)) : weight;
    const rest = whole > 0 ? load<f64>(sums + (lane << 1)) / whole - <f64>load<f32>(mine + lane) : 0;
    store<f32>(shifts + lane, <f32>rest);
  }
  let item = items;
  const end = start + ((<usize>size) << 2);
  for (let place = start; place < end; place += 4) {
    const row = rowTable + <usize>load<u32>(place) * width;
    for (let at: usize = 0; at < half; at += 16) {
      const ws = masked ? v128.load(item + half + at) : v128.load32_splat(item);
      const moved = f32x4.mul(ws, f32x4.sub(v128.load(row + at), v128.load(mine + at)));
      v128.store(item + at, masked || at > 0 ? moved : v128.bitselect(moved, v128.load(item), mask));
    }
    item += width;
  }
}

function sumOfTwo(lanes: v128): f64 {
  return f64x2.extract_lane(lanes, 0) + f64x2.extract_lane(lanes, 1);
}

export function sumOfLanes(lanes: v128): f32 {
  const pairs = f32x4.add(lanes, v128.shuffle<f32>(lanes, lanes, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
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
