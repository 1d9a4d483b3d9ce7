import { bins, cutNumbers, minLeaf, onLeft, order, pairs } from './memory';
import { base, perfectGain, size, weight } from './node';

// A function is compiled once for each small number of pairs; these types say which pairs there are.
type Yes = u64;
type No = u8;

export const MISSING_BIN: u8 = 255;

/** A side of a cut is rounding noise below this share of the node's weight, squared. */
const NO_WEIGHT: f64 = 1e-12;

// The best split of the node so far.
export let bestFeature: i32 = -1;
export let bestGain: f64 = -1;
export let bestBin: u8 = 0;
export let bestNext: u8 = 0;
export let sawMissing: bool = false;
export let missingLeft: bool = false;
export let perfect: bool = false;
/** The number of bins on the left, where it is the latest search that improved. */
export let improvedBy: i32 = 0;

export function resetBest(): void {
  bestFeature = -1;
  bestGain = -1;
  perfect = false;
}

export function takePerfect(feature: i32, low: u8, high: u8): void {
  bestFeature = feature;
  bestGain = Infinity;
  bestBin = low;
  bestNext = high;
  sawMissing = high === MISSING_BIN;
  missingLeft = false;
  perfect = true;
  improvedBy = 1;
}

/**
 * Tries the cuts after each of the first `cuts` items in order; Σ L² W / (W_L W_R) is what a cut lowers impurity by,
 * L the left sums of items, whose sums are 0 over the node.
 *
 * @param source of the items that `order` counts
 * @param present items that are not missing
 * @param only the one cut to try, or −1: all
 */
export function tryCuts(
  feature: i32,
  source: usize,
  present: i32,
  cuts: i32,
  missing: bool,
  goesLeft: bool,
  only: i32,
): void {
  let lefts: i32;
  if (pairs === 1) lefts = scan<No, No, No>(source, present, cuts, only);
  else if (pairs === 2) lefts = scan<Yes, No, No>(source, present, cuts, only);
  else if (pairs === 3) lefts = scan<Yes, Yes, No>(source, present, cuts, only);
  else if (pairs === 4) lefts = scan<Yes, Yes, Yes>(source, present, cuts, only);
  else lefts = scanMany(source, present, cuts, only);
  if (lefts === 0) return;
  bestFeature = feature;
  bestBin = load<u8>(bins + <usize>lefts - 1);
  bestNext = lefts < present ? load<u8>(bins + <usize>lefts) : MISSING_BIN;
  sawMissing = missing;
  missingLeft = goesLeft;
  perfect = bestGain >= perfectGain;
  improvedBy = lefts;
}

/** What a gain must exceed to be better than one found before, over W. */
function bar(gain: f64): f64 {
  return (gain + 1e-12 * abs<f64>(gain + base)) / weight;
}

function isCut(j: usize, present: i32, rowsOnLeft: f64, only: i32): bool {
  if (<i32>j + 1 !== present && load<u8>(bins + j) === load<u8>(bins + j + 1)) return false;
  if (only >= 0 && <i32>j !== only) return false;
  return minLeaf <= 1 || (rowsOnLeft >= <f64>minLeaf && <f64>size - rowsOnLeft >= <f64>minLeaf);
}

function scan<Second, Third, Fourth>(source: usize, present: i32, cuts: i32, only: i32): i32 {
  const width = (<usize>pairs + 1) << 4;
  const whole = weight;
  const ordered = order;
  const least = NO_WEIGHT * whole * whole;
  let highest = bar(bestGain);
  let lefts: i32 = 0;
  let a0 = v128.load(onLeft);
  let a1 = v128.load(onLeft, 16);
  let a2 = sizeof<Second>() === 8 ? v128.load(onLeft, 32) : a1;
  let a3 = sizeof<Third>() === 8 ? v128.load(onLeft, 48) : a1;
  let a4 = sizeof<Fourth>() === 8 ? v128.load(onLeft, 64) : a1;
  for (let j: usize = 0; j < <usize>cuts; j++) {
    const item = source + <usize>load<u8>(ordered + j) * width;
    a0 = f64x2.add(a0, v128.load(item));
    a1 = f64x2.add(a1, v128.load(item, 16));
    if (sizeof<Second>() === 8) a2 = f64x2.add(a2, v128.load(item, 32));
    if (sizeof<Third>() === 8) a3 = f64x2.add(a3, v128.load(item, 48));
    if (sizeof<Fourth>() === 8) a4 = f64x2.add(a4, v128.load(item, 64));
    let squares = f64x2.mul(a1, a1);
    if (sizeof<Second>() === 8) squares = f64x2.add(squares, f64x2.mul(a2, a2));
    if (sizeof<Third>() === 8) squares = f64x2.add(squares, f64x2.mul(a3, a3));
    if (sizeof<Fourth>() === 8) squares = f64x2.add(squares, f64x2.mul(a4, a4));
    const above = f64x2.extract_lane(squares, 0) + f64x2.extract_lane(squares, 1);
    const left = f64x2.extract_lane(a0, 0);
    const below = left * (whole - left);
    if (above > highest * below && below > least && isCut(j, present, f64x2.extract_lane(a0, 1), only)) {
      bestGain = (above * whole) / below;
      highest = bar(bestGain);
      lefts = <i32>j + 1;
    }
  }
  return lefts;
}

/** As `scan`, for more than 8 targets: four pairs at a time, Σ L² of each cut kept in between. */
function scanMany(source: usize, present: i32, cuts: i32, only: i32): i32 {
  const width = (<usize>pairs + 1) << 4;
  memory.fill(cutNumbers, 0, (<usize>cuts) << 3);
  let at: usize = 16;
  for (; at + 64 <= width; at += 64) {
    let a1 = v128.load(onLeft + at);
    let a2 = v128.load(onLeft + at, 16);
    let a3 = v128.load(onLeft + at, 32);
    let a4 = v128.load(onLeft + at, 48);
    for (let j: usize = 0; j < <usize>cuts; j++) {
      const item = source + <usize>load<u8>(order + j) * width + at;
      a1 = f64x2.add(a1, v128.load(item));
      a2 = f64x2.add(a2, v128.load(item, 16));
      a3 = f64x2.add(a3, v128.load(item, 32));
      a4 = f64x2.add(a4, v128.load(item, 48));
      const squares = f64x2.add(
        f64x2.add(f64x2.mul(a1, a1), f64x2.mul(a2, a2)),
        f64x2.add(f64x2.mul(a3, a3), f64x2.mul(a4, a4)),
      );
      addNumber(j, squares);
    }
  }
  for (; at < width; at += 16) {
    let a1 = v128.load(onLeft + at);
    for (let j: usize = 0; j < <usize>cuts; j++) {
      a1 = f64x2.add(a1, v128.load(source + <usize>load<u8>(order + j) * width + at));
      addNumber(j, f64x2.mul(a1, a1));
    }
  }
  const least = NO_WEIGHT * weight * weight;
  let highest = bar(bestGain);
  let lefts: i32 = 0;
  let a0 = v128.load(onLeft);
  for (let j: usize = 0; j < <usize>cuts; j++) {
    a0 = f64x2.add(a0, v128.load(source + <usize>load<u8>(order + j) * width));
    const above = load<f64>(cutNumbers + (j << 3));
    const left = f64x2.extract_lane(a0, 0);
    const below = left * (weight - left);
    if (above > highest * below && below > least && isCut(j, present, f64x2.extract_lane(a0, 1), only)) {
      bestGain = (above * weight) / below;
      highest = bar(bestGain);
      lefts = <i32>j + 1;
    }
  }
  return lefts;
}

function addNumber(j: usize, squares: v128): void {
  const to = cutNumbers + (j << 3);
  store<f64>(to, load<f64>(to) + f64x2.extract_lane(squares, 0) + f64x2.extract_lane(squares, 1));
}
