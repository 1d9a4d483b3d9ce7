import { MISSING_BIN } from './best';
import {
  features,
  fewCodes,
  fewItems,
  fewList,
  fewMean,
  fewNames,
  fewShift,
  fewTargets,
  fewWeights,
  first,
  leafOfRow,
  means,
  outputs,
  outside,
  positions,
  quads,
  spreads,
  sums,
  targetMask,
} from './memory';
import { rowCodes, rowOf, rowTable, rowWeights } from './near';
import { setNode, setSums, sumOfLanes } from './node';
import { addLeaf, leaves } from './tree';

// Rows of a part of a tree that has few: each has a lane, and a node is a mask of lanes. A feature's codes lie together, 32
// bytes of the rows drawn, then 32 of those left out.

/** Most rows, drawn or left out. */
export const MOST_FEW: i32 = 32;

/** Whether two rows of the node differ in a target. */
export let differ: bool = false;

/** The lanes of the first `count` rows. */
export function lanesOf(count: i32): u32 {
  return count === 0 ? 0 : <u32>0xffffffff >> <u32>(32 - count);
}

/** Copies the rows of a node, and makes its sums those of the latest node. */
export function copyFew(from: i32, end: i32, outFrom: i32, outEnd: i32): void {
  const width = (<usize>quads) << 4;
  memory.fill(sums, 0, width << 1);
  let total: f64 = 0;
  let lane: usize = 0;
  for (let i = positions + ((<usize>from) << 2); i < positions + ((<usize>end) << 2); i += 4, lane++) {
    const name = <usize>load<u32>(i);
    const row = rowTable + name * width;
    const weight = load<f32>(rowWeights + (name << 2));
    const wide = f64x2.splat(<f64>weight);
    total += <f64>weight;
    v128.store(fewWeights + (lane << 4), f32x4.splat(weight));
    const to = fewTargets + lane * width;
    for (let at: usize = 0; at < width; at += 16) {
      const lanes = v128.load(row + at);
      v128.store(to + at, lanes);
      addTo(sums + (at << 1), f64x2.mul(f64x2.promote_low_f32x4(lanes), wide));
      const high = v128.shuffle<f32>(lanes, lanes, 2, 3, 2, 3);
      addTo(sums + (at << 1) + 16, f64x2.mul(f64x2.promote_low_f32x4(high), wide));
    }
    copyCodes(name, lane);
  }
  lane = 32;
  for (let i = outside + ((<usize>outFrom) << 2); i < outside + ((<usize>outEnd) << 2); i += 4, lane++) {
    const name = <usize>load<u32>(i);
    store<u32>(fewNames + ((lane - 32) << 2), <u32>rowOf(name));
    copyCodes(name, lane);
  }
  setSums(total);
  const whole = f64x2.splat(1 / total);
  const mask = v128.load(targetMask);
  for (let at: usize = 0; at < width; at += 8) {
    const mean = f32x4.demote_f64x2_zero(f64x2.mul(v128.load(sums + (at << 1)), whole));
    v128.store64_lane(fewMean + at, mean, 0);
  }
  v128.store(fewMean, v128.and(v128.load(fewMean), mask));
}

function addTo(sum: usize, lanes: v128): void {
  v128.store(sum, f64x2.add(v128.load(sum), lanes));
}

function copyCodes(name: usize, lane: usize): void {
  let from = rowCodes + name * <usize>features;
  const end = from + <usize>features;
  for (let to = fewCodes + lane; from < end; to += 64) store<u8>(to, load<u8>(from++));
}

/**
 * Makes the lanes the node: lists them, copies its rows' targets in this order as w (y − m), m the means told by the parent, and sums them; how far m is
 * from the node's means is in `fewShift`, 1 in the lane of the weight. @returns whether labels differ
 */
export function enterFew<Second>(mask: u32): bool {
  const width: usize = sizeof<Second>() === 8 ? 32 : 16;
  const targets = fewTargets;
  const weights = fewWeights;
  let listed = fewList;
  let item = fewItems;
  const one = targets + <usize>ctz<u32>(mask) * width;
  const one0 = v128.load(one);
  const one1 = sizeof<Second>() === 8 ? v128.load(one, 16) : one0;
  const mean0 = v128.load(fewMean);
  const mean1 = sizeof<Second>() === 8 ? v128.load(fewMean, 16) : mean0;
  const zero = f32x4.splat(0);
  let differs = zero;
  let sum0 = zero;
  let sum1 = zero;
  let squares0 = zero;
  let squares1 = zero;
  for (let rest = mask; rest !== 0; rest &= rest - 1) {
    const lane = <usize>ctz<u32>(rest);
    const row = targets + lane * width;
    const wide = v128.load(weights + (lane << 4));
    const y0 = v128.load(row);
    differs = v128.or(differs, v128.xor(y0, one0));
    const d0 = f32x4.sub(y0, mean0);
    const item0 = f32x4.mul(d0, wide);
    v128.store(item, item0);
    store<u8>(listed++, <u8>lane);
    sum0 = f32x4.add(sum0, item0);
    squares0 = f32x4.add(squares0, f32x4.mul(d0, item0));
    if (sizeof<Second>() === 8) {
      const y1 = v128.load(row, 16);
      differs = v128.or(differs, v128.xor(y1, one1));
      const d1 = f32x4.sub(y1, mean1);
      const item1 = f32x4.mul(d1, wide);
      v128.store(item, item1, 16);
      sum1 = f32x4.add(sum1, item1);
      squares1 = f32x4.add(squares1, f32x4.mul(d1, item1));
    }
    item += width;
  }
  differ = v128.any_true(differs);
  if (!differ) return false;
  const targetsOnly = v128.load(targetMask);
  const weight = f32x4.extract_lane(sum0, 0);
  const wide = f32x4.splat(1 / weight);
  const shift0 = f32x4.mul(sum0, wide);
  const moved0 = f32x4.sub(squares0, f32x4.mul(sum0, shift0));
  v128.store(fewShift, f32x4.replace_lane(shift0, 0, 1));
  v128.store(fewMean, f32x4.add(mean0, v128.and(shift0, targetsOnly)));
  let impurities = v128.and(moved0, targetsOnly);
  if (sizeof<Second>() === 8) {
    const shift1 = f32x4.mul(sum1, wide);
    v128.store(fewShift, shift1, 16);
    v128.store(fewMean, f32x4.add(mean1, shift1), 16);
    impurities = f32x4.add(impurities, f32x4.sub(squares1, f32x4.mul(sum1, shift1)));
  }
  setNode(<i32>popcnt<u32>(mask), <f64>weight, <f64>sumOfLanes(impurities));
  return true;
}

/** Whether the two rows of a node differ. */
export function enterTwo(mask: u32): bool {
  const width = (<usize>quads) << 4;
  const one = fewTargets + <usize>ctz<u32>(mask) * width;
  const other = fewTargets + <usize>ctz<u32>(mask & (mask - 1)) * width;
  let differs = v128.xor(v128.load(one), v128.load(other));
  if (quads === 2) differs = v128.or(differs, v128.xor(v128.load(one, 16), v128.load(other, 16)));
  differ = v128.any_true(differs);
  return differ;
}

/** Makes the node a leaf of its rows, and notes which rows left out come to it. */
export function writeFewLeaf(node: i32, mask: u32, out: u32): void {
  const leaf = leaves;
  const to = addLeaf(<usize>node);
  if ((mask & (mask - 1)) !== 0 && differ) writeMeans(mask, to);
  else writeTargets(fewTargets + <usize>ctz<u32>(mask) * ((<usize>quads) << 4), to);
  for (let rest = out; rest !== 0; rest &= rest - 1) {
    const row = <usize>load<u32>(fewNames + ((<usize>ctz<u32>(rest)) << 2));
    store<i32>(leafOfRow + (row << 2), leaf);
  }
}

function writeTargets(row: usize, to: usize): void {
  for (let o: usize = 0; o < <usize>outputs; o++) {
    const y = <f64>load<f32>(row + ((o + <usize>first) << 2));
    store<f32>(to + (o << 2), <f32>(load<f64>(means + (o << 3)) + load<f64>(spreads + (o << 3)) * y));
  }
}

/** Of rows that differ in a target but in no feature, or are at the greatest depth. */
function writeMeans(mask: u32, to: usize): void {
  for (let o: usize = 0; o < <usize>outputs; o++) {
    let sum: f64 = 0;
    let total: f64 = 0;
    for (let rest = mask; rest !== 0; rest &= rest - 1) {
      const lane = <usize>ctz<u32>(rest);
      const weight = <f64>load<f32>(fewWeights + (lane << 4));
      total += weight;
      sum += weight * <f64>load<f32>(fewTargets + lane * ((<usize>quads) << 4) + ((o + <usize>first) << 2));
    }
    const mean = sum / total;
    store<f32>(to + (o << 2), <f32>(load<f64>(means + (o << 3)) + load<f64>(spreads + (o << 3)) * mean));
  }
}

/** Lanes whose code is at most `bin`, or missing where that goes left. */
export function lanesUpTo(codes: usize, bin: u8, goesLeft: bool): u32 {
  const last = i8x16.splat(<i8>bin);
  // Where missing values do not go left, of what is looked for in their place none is over the last bin.
  const missing = i8x16.splat(goesLeft ? <i8>MISSING_BIN : 0);
  return upTo(codes, last, missing) | (upTo(codes + 16, last, missing) << 16);
}

function upTo(codes: usize, last: v128, missing: v128): u32 {
  const lanes = v128.load(codes);
  return <u32>i8x16.bitmask(v128.or(i8x16.le_u(lanes, last), i8x16.eq(lanes, missing)));
}
