import { bar, bestGain, isCut } from './best';
import { cutNumbers, masked, onLeft, quads, shifts, targetMask, targetQuads, weightSums } from './memory';
import { sumOfLanes, weight } from './node';

type Yes = u64;
type No = u8;

/** A side of a cut is rounding below this share of the node's weight, squared. */
const NO_WEIGHT: f64 = 1e-9;

/** The best cut that the latest scan found, its gain. */
export let foundGain: f64 = 0;

/**
 * Tries the cuts after each of the items from…to − 1 in order; Σ L² W / (W_L W_R) is what a cut lowers impurity by, L the
 * left sums of items, moved so that their sums are 0 over the node (`shifts`). What is on the left before item `begin` is in `onLeft`.
 *
 * @param source of the items that `ordered` (u8) counts
 * @param present items that are not missing
 * @param begin the first cut to try; items before it only add to the left
 * @returns how many items the best cut has on its left, 0 if none is better than the best so far; `foundGain` its gain
 */
export function scanCuts(source: usize, ordered: usize, present: i32, begin: i32, end: i32): i32 {
  if (masked) return scanMasked(source, ordered, present, begin, end);
  if (quads === 1) return scan<No>(source, ordered, present, begin, end);
  if (quads === 2) return scan<Yes>(source, ordered, present, begin, end);
  return scanMany(source, ordered, present, begin, end);
}

function scan<Second>(source: usize, ordered: usize, present: i32, begin: i32, end: i32): i32 {
  const width: usize = sizeof<Second>() === 8 ? 32 : 16;
  const whole = <f32>weight;
  const least = <f32>(NO_WEIGHT * weight * weight);
  const mask = v128.load(targetMask);
  let highest = <f32>(bar(bestGain) / weight);
  let lefts: i32 = 0;
  let a0 = v128.load(onLeft);
  let a1 = sizeof<Second>() === 8 ? v128.load(onLeft, 16) : a0;
  const shift0 = v128.load(shifts);
  const shift1 = sizeof<Second>() === 8 ? v128.load(shifts, 16) : shift0;
  for (let j: usize = 0; j < <usize>end; j++) {
    const item = source + <usize>load<u8>(ordered + j) * width;
    a0 = f32x4.add(a0, v128.load(item));
    if (sizeof<Second>() === 8) a1 = f32x4.add(a1, v128.load(item, 16));
    const leftWeight = v128.shuffle<f32>(a0, a0, 0, 0, 0, 0);
    const c0 = v128.and(f32x4.sub(a0, f32x4.mul(leftWeight, shift0)), mask);
    let squares = f32x4.mul(c0, c0);
    if (sizeof<Second>() === 8) {
      const c1 = f32x4.sub(a1, f32x4.mul(leftWeight, shift1));
      squares = f32x4.add(squares, f32x4.mul(c1, c1));
    }
    const above = sumOfLanes(squares);
    const left = f32x4.extract_lane(a0, 0);
    const below = left * (whole - left);
    if (above > highest * below && below > least) {
      if (<i32>j < begin || !isCut(j, present, f32x4.extract_lane(a0, 1))) continue;
      foundGain = (<f64>above * weight) / <f64>below;
      highest = <f32>(bar(foundGain) / weight);
      lefts = <i32>j + 1;
    }
  }
  return lefts;
}

/** As `scan`, for more targets: a quad at a time, the squares of each cut kept in between. */
function scanMany(source: usize, ordered: usize, present: i32, begin: i32, end: i32): i32 {
  const width = (<usize>quads) << 4;
  memory.fill(cutNumbers, 0, (<usize>end) << 4);
  for (let at: usize = 16; at < width; at += 16) {
    let sum = v128.load(onLeft + at);
    let left = v128.load32_splat(onLeft);
    const shift = v128.load(shifts + at);
    for (let j: usize = 0; j < <usize>end; j++) {
      const item = source + <usize>load<u8>(ordered + j) * width;
      sum = f32x4.add(sum, v128.load(item + at));
      left = f32x4.add(left, v128.load32_splat(item));
      const centred = f32x4.sub(sum, f32x4.mul(left, shift));
      const to = cutNumbers + (j << 4);
      v128.store(to, f32x4.add(v128.load(to), f32x4.mul(centred, centred)));
    }
  }
  const whole = <f32>weight;
  const least = <f32>(NO_WEIGHT * weight * weight);
  const mask = v128.load(targetMask);
  let highest = <f32>(bar(bestGain) / weight);
  let lefts: i32 = 0;
  const shift0 = v128.load(shifts);
  let a0 = v128.load(onLeft);
  for (let j: usize = 0; j < <usize>end; j++) {
    a0 = f32x4.add(a0, v128.load(source + <usize>load<u8>(ordered + j) * width));
    const shifted = f32x4.mul(v128.shuffle<f32>(a0, a0, 0, 0, 0, 0), shift0);
    const c0 = v128.and(f32x4.sub(a0, shifted), mask);
    const above = sumOfLanes(f32x4.add(v128.load(cutNumbers + (j << 4)), f32x4.mul(c0, c0)));
    const left = f32x4.extract_lane(a0, 0);
    const below = left * (whole - left);
    if (above > highest * below && below > least) {
      if (<i32>j < begin || !isCut(j, present, f32x4.extract_lane(a0, 1))) continue;
      foundGain = (<f64>above * weight) / <f64>below;
      highest = <f32>(bar(foundGain) / weight);
      lefts = <i32>j + 1;
    }
  }
  return lefts;
}

/** As `scanMany`, with a weight for each target: a target that one side has no label of gains nothing. */
function scanMasked(source: usize, ordered: usize, present: i32, begin: i32, end: i32): i32 {
  const width = (<usize>quads) << 4;
  const half = (<usize>targetQuads) << 4;
  memory.fill(cutNumbers, 0, (<usize>end) << 4);
  for (let at: usize = 0; at < half; at += 16) {
    let sum = v128.load(onLeft + at);
    let left = v128.load(onLeft + half + at);
    const shift = v128.load(shifts + at);
    const whole = wholeOf(at);
    const least = f32x4.mul(f32x4.mul(whole, whole), f32x4.splat(<f32>NO_WEIGHT));
    for (let j: usize = 0; j < <usize>end; j++) {
      const item = source + <usize>load<u8>(ordered + j) * width + at;
      sum = f32x4.add(sum, v128.load(item));
      left = f32x4.add(left, v128.load(item + half));
      const below = f32x4.mul(left, f32x4.sub(whole, left));
      const centred = f32x4.sub(sum, f32x4.mul(left, shift));
      const gain = f32x4.div(f32x4.mul(f32x4.mul(centred, centred), whole), below);
      const to = cutNumbers + (j << 4);
      v128.store(to, f32x4.add(v128.load(to), v128.and(gain, f32x4.gt(below, least))));
    }
  }
  const counts = half << 1 < width;
  let highest = <f32>bar(bestGain);
  let lefts: i32 = 0;
  let rowsOnLeft: f32 = counts ? load<f32>(onLeft + (half << 1)) : 0;
  for (let j: usize = 0; j < <usize>end; j++) {
    if (counts) rowsOnLeft += load<f32>(source + <usize>load<u8>(ordered + j) * width + (half << 1));
    const gain = sumOfLanes(v128.load(cutNumbers + (j << 4)));
    if (gain > highest && <i32>j >= begin && isCut(j, present, rowsOnLeft)) {
      foundGain = <f64>gain;
      highest = <f32>bar(foundGain);
      lefts = <i32>j + 1;
    }
  }
  return lefts;
}

function wholeOf(at: usize): v128 {
  const from = weightSums + (at << 1);
  return f32x4(
    <f32>load<f64>(from),
    <f32>load<f64>(from, 8),
    <f32>load<f64>(from, 16),
    <f32>load<f64>(from, 24),
  );
}
