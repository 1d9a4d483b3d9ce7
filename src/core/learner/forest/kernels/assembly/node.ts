import { enterMasked, maskedSquares } from './masked-node';
import {
  centres,
  clear,
  counting,
  first,
  items,
  masked,
  positions,
  quads,
  roots,
  shifts,
  sums,
  targetMask,
  targetQuads,
  weightSums,
} from './memory';
import { rowTable, rowWeights } from './near';

type Yes = u64;
type No = u8;

/** In nodes of fewer rows, regressions' impurity is summed exactly enough to know that a split leaves none. */
export const MOST_ITEMS: i32 = 256;
/** Σ W (ȳ − c)² over impurity from which on rows are centred again. */
const FAR: f64 = 8;
/** Rows that are summed in single precision before their sum is added in double. */
const TOGETHER: usize = 64;
/** In nodes of fewer rows, bins are read row by row: those of a row lie together. */
export const ROW_MAJOR: i32 = 2048;

// The node that is being split: positions[start … start + size − 1].
export let start: usize = 0;
export let size: i32 = 0;
/** Where every row has every label: the node's. */
export let weight: f64 = 0;
/** Σ scale Σ w (y − ȳ)²: what a split takes away at most. */
export let impurity: f64 = 0;
/** Σ scale Σ w y² (masked), else Σ scale Σ w (y − c)², c the means of the parent. */
let squares: f64 = 0;
/** Of the impurity: what float32 may make of a gain of nothing. */
export let rounding: f64 = 0;
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
  const lines = rowTable;
  const weights = rowWeights;
  const counts = first === 2;
  const firstRow = lines + <usize>load<u32>(start) * width;
  const first0 = v128.load(firstRow);
  const first1 = sizeof<Second>() === 8 ? v128.load(firstRow, 16) : first0;
  const centre0 = v128.load(before);
  const centre1 = sizeof<Second>() === 8 ? v128.load(before, 16) : centre0;
  const zero = f32x4.splat(0);
  clear(sums, width << 1);
  squares = 0;
  let differ = zero;
  let item = items;
  let at = start;
  const end = start + ((<usize>size) << 2);
  while (at < end) {
    const until = min<usize>(end, at + (TOGETHER << 2));
    let sum0 = zero;
    let sum1 = zero;
    let square0 = zero;
    let square1 = zero;
    for (; at < until; at += 4) {
      const position = <usize>load<u32>(at);
      const row = lines + position * width;
      const ws = v128.load32_splat(weights + (position << 2));
      const y0 = v128.load(row);
      differ = v128.or(differ, v128.xor(y0, first0));
      const d0 = f32x4.sub(y0, centre0);
      const item0 = f32x4.mul(d0, ws);
      v128.store(item, item0);
      if (counts) store<f32>(item, 1, 4);
      sum0 = f32x4.add(sum0, item0);
      square0 = f32x4.add(square0, f32x4.mul(d0, item0));
      if (sizeof<Second>() === 8) {
        const y1 = v128.load(row, 16);
        differ = v128.or(differ, v128.xor(y1, first1));
        const d1 = f32x4.sub(y1, centre1);
        const item1 = f32x4.mul(d1, ws);
        v128.store(item, item1, 16);
        sum1 = f32x4.add(sum1, item1);
        square1 = f32x4.add(square1, f32x4.mul(d1, item1));
      }
      if (sizeof<More>() === 8) {
        for (let lane: usize = 32; lane < width; lane += 16) {
          const y = v128.load(row + lane);
          differ = v128.or(differ, v128.xor(y, v128.load(firstRow + lane)));
          const d = f32x4.sub(y, v128.load(before + lane));
          const moved = f32x4.mul(d, ws);
          v128.store(item + lane, moved);
          addWide(sums + (lane << 1), moved);
          square1 = f32x4.add(square1, f32x4.mul(d, moved));
        }
      }
      item += width;
    }
    addWide(sums, sum0);
    if (sizeof<Second>() === 8) addWide(sums + 32, sum1);
    squares += <f64>sumOfLanes(v128.and(square0, v128.load(targetMask)));
    squares += <f64>sumOfLanes(square1);
  }
  weight = load<f64>(sums);
  const differs = v128.any_true(differ);
  // Of rows that are alike the sums are known to the last digit.
  fromCentre(differs ? before : firstRow, differs);
  return differs;
}

function addWide(to: usize, lanes: v128): void {
  v128.store(to, f64x2.add(v128.load(to), f64x2.promote_low_f32x4(lanes)));
  const high = v128.shuffle<f32>(lanes, lanes, 2, 3, 2, 3);
  v128.store(to, f64x2.add(v128.load(to, 16), f64x2.promote_low_f32x4(high)), 16);
}

/** Turns sums of w (y − c) into those of w y, or without them sets these to w c; what is no target has none. */
function fromCentre(centre: usize, add: bool): void {
  const bytes = (<usize>targetQuads) << 4;
  const wide = f64x2.splat(weight);
  for (let lane: usize = 0; lane < bytes; lane += 8) {
    const to = sums + (lane << 1);
    const part = f64x2.mul(f64x2.promote_low_f32x4(v128.load64_zero(centre + lane)), wide);
    v128.store(to, add ? f64x2.add(v128.load(to), part) : part);
  }
  for (let lane: usize = 0; lane < <usize>first; lane++) store<f64>(sums + (lane << 3), 0);
}

/** Makes the row at `place` the node: of one row, whose labels are all there. */
export function enterOne(place: usize): void {
  const position = <usize>load<u32>(place);
  const row = rowTable + position * ((<usize>quads) << 4);
  const bytes = (<usize>targetQuads) << 4;
  weight = <f64>load<f32>(rowWeights + (position << 2));
  const wide = f64x2.splat(weight);
  for (let lane: usize = 0; lane < bytes; lane += 8) {
    const target = f64x2.promote_low_f32x4(v128.load64_zero(row + lane));
    v128.store(sums + (lane << 1), f64x2.mul(target, wide));
  }
  for (let lane: usize = 0; lane < <usize>first; lane++) store<f64>(sums + (lane << 3), 0);
}

/** Keeps the means of a node that needs no search, of two rows, for its children. */
export function keepMeans(depth: i32): void {
  const bytes = (<usize>targetQuads) << 4;
  const mine = centres + <usize>(depth + 1) * bytes;
  const part = f64x2.splat(1 / weight);
  for (let lane: usize = 0; lane < bytes; lane += 8) {
    const mean = f32x4.demote_f64x2_zero(f64x2.mul(v128.load(sums + (lane << 1)), part));
    v128.store64_lane(mine + lane, mean, 0);
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
  impurity = !masked ? squares - moved : (counting ? pure : squares) - purity;
  if (moved > FAR * impurity) recentre(mine);
  rounding = 1e-7 * impurity;
  perfectGain = counting || size < MOST_ITEMS ? impurity * (1 - 1e-5) : Infinity;
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
  let sum: f64 = 0;
  const end = start + ((<usize>size) << 2);
  for (let place = start; place < end; place += 4) {
    const row = rowTable + <usize>load<u32>(place) * width;
    for (let at: usize = 0; at < half; at += 16) {
      const ws = masked ? v128.load(item + half + at) : v128.load32_splat(item);
      const d = f32x4.sub(v128.load(row + at), v128.load(mine + at));
      const moved = f32x4.mul(ws, d);
      const all = masked || at > 0;
      const square = f32x4.mul(d, moved);
      sum += <f64>sumOfLanes(all ? square : v128.and(square, mask));
      v128.store(item + at, all ? moved : v128.bitselect(moved, v128.load(item), mask));
    }
    item += width;
  }
  if (!masked) impurity = sum;
}

function sumOfTwo(lanes: v128): f64 {
  return f64x2.extract_lane(lanes, 0) + f64x2.extract_lane(lanes, 1);
}

export function sumOfLanes(lanes: v128): f32 {
  const pairs = f32x4.add(lanes, v128.shuffle<f32>(lanes, lanes, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

/** Says what else was entered: the sums are its, and so is this weight. */
export function setSums(total: f64): void {
  weight = total;
}

/** Says what the search has to know of a node of few rows. */
export function setNode(count: i32, total: f64, spread: f64): void {
  size = count;
  weight = total;
  impurity = spread;
  rounding = 1e-7 * spread;
  perfectGain = spread * (1 - 1e-5);
}
