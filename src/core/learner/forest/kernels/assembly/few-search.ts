import { bar, bestBin, bestGain, MISSING_BIN, takeCut, takePerfect } from './best';
import { sortCategories } from './categories';
import { lanesOf, lanesUpTo } from './few-rows';
import {
  bins,
  categorical,
  codes,
  fewCells,
  fewCodes,
  fewGroups,
  fewItems,
  fewLeft,
  fewList,
  fewRatios,
  fewShift,
  fewSums,
  quads,
} from './memory';
import { rounding, size, sumOfLanes, weight } from './node';
import { rememberBins } from './search';

type Yes = u64;
type No = u8;

/** A side of a cut is rounding below this share of the node's weight, squared. */
const NO_WEIGHT: f64 = 1e-9;

/** Lanes that the best split sends left; sums of their items are in `fewLeft`. */
export let leftLanes: u32 = 0;
let foundGain: f64 = 0;

/** As `search`, for what the latest `enterFew` made the node, whose lanes are `mask`. */
export function searchFew(feature: i32, mask: u32): bool {
  const found = quads === 1 ? groupAny<No>(feature) : groupAny<Yes>(feature);
  if (found === 1) return false;
  const isCategorical = load<u8>(categorical + <usize>feature) !== 0;
  const present = load<u8>(bins + <usize>found - 1) === MISSING_BIN ? found - 1 : found;
  if (isCategorical) {
    sortCategories(fewCells, fewShift, present);
  }
  if (present === found) {
    tryCuts(feature, mask, isCategorical, present, present - 1, false, false);
  } else {
    tryCuts(feature, mask, isCategorical, present, present, true, false);
    tryCuts(feature, mask, isCategorical, present, present - 1, true, true);
  }
  return true;
}

/** As `searchFew` for a node of two rows: any feature that tells them apart is a perfect split. */
export function separateFew(feature: i32, mask: u32): bool {
  const one = <usize>ctz<u32>(mask);
  const other = <usize>ctz<u32>(mask & (mask - 1));
  const codes = fewCodes + ((<usize>feature) << 6);
  const oneBin = load<u8>(codes + one);
  const otherBin = load<u8>(codes + other);
  if (oneBin === otherBin) return false;
  const low = min<u8>(oneBin, otherBin);
  const high = max<u8>(oneBin, otherBin);
  takePerfect(feature, low, high, Infinity);
  leftLanes = oneBin < otherBin ? (<u32>1) << (<u32>one) : (<u32>1) << (<u32>other);
  if (load<u8>(categorical + <usize>feature) !== 0) {
    store<u8>(bins, low);
    store<u8>(bins, high, 1);
    rememberBins(1, high === MISSING_BIN ? 1 : 2);
  }
  return true;
}

function groupAny<Second>(feature: i32): i32 {
  return size <= 16 ? group<Second, No>(feature) : group<Second, Yes>(feature);
}

/**
 * Sums the items of each bin, into `fewCells`, and notes which they are in `fewGroups`; the bins go, ascending, into `bins`: each
 * at first as far in as there are items before it.
 *
 * @returns the number of bins; of a single one nothing is summed
 */
function group<Second, Wide>(feature: i32): i32 {
  const width: usize = sizeof<Second>() === 8 ? 32 : 16;
  const items = fewItems;
  const cells = fewCells;
  const groups = fewGroups;
  const into = bins;
  const inOrder = codes;
  const lanes = fewCodes + ((<usize>feature) << 6);
  const low = codesOf(lanes, v128.load(fewList));
  const high = sizeof<Wide>() === 8 ? codesOf(lanes, v128.load(fewList, 16)) : low;
  v128.store(inOrder, low);
  if (sizeof<Wide>() === 8) v128.store(inOrder, high, 16);
  const all = lanesOf(size);
  let rest = all;
  let found: u32 = 0;
  do {
    const one = <usize>ctz<u32>(rest);
    const code = <usize>load<u8>(inOrder + one);
    const same = v128.load8_splat(inOrder + one);
    let equal = <u32>i8x16.bitmask(i8x16.eq(low, same));
    let upTo = <u32>i8x16.bitmask(i8x16.le_u(low, same));
    if (sizeof<Wide>() === 8) {
      equal |= (<u32>i8x16.bitmask(i8x16.eq(high, same))) << 16;
      upTo |= (<u32>i8x16.bitmask(i8x16.le_u(high, same))) << 16;
    }
    equal &= all;
    if (equal === all) return 1;
    rest ^= equal;
    const before = popcnt<u32>(upTo & all & ~equal);
    found |= (<u32>1) << before;
    store<u8>(into + <usize>before, <u8>code);
    store<u32>(groups + (code << 2), equal);
    const item = items + one * width;
    let sum0 = v128.load(item);
    let sum1 = sizeof<Second>() === 8 ? v128.load(item, 16) : sum0;
    for (equal &= equal - 1; equal !== 0; equal &= equal - 1) {
      const more = items + <usize>ctz<u32>(equal) * width;
      sum0 = f32x4.add(sum0, v128.load(more));
      if (sizeof<Second>() === 8) sum1 = f32x4.add(sum1, v128.load(more, 16));
    }
    v128.store(cells + code * width, sum0);
    if (sizeof<Second>() === 8) v128.store(cells + code * width, sum1, 16);
  } while (rest !== 0);
  return closeUp(found);
}

/** Of 32 lanes, the codes of those that are listed. */
function codesOf(lanes: usize, list: v128): v128 {
  const above = i8x16.sub(list, i8x16.splat(16));
  return v128.or(i8x16.swizzle(v128.load(lanes), list), i8x16.swizzle(v128.load(lanes, 16), above));
}

/** Moves the bins at the places that are set together. @returns their number */
function closeUp(places: u32): i32 {
  const count = <i32>popcnt<u32>(places);
  if ((places & (places + 1)) === 0) return count;
  let to = bins;
  for (let rest = places; rest !== 0; rest &= rest - 1) {
    store<u8>(to++, load<u8>(bins + <usize>ctz<u32>(rest)));
  }
  return count;
}

function tryCuts(
  feature: i32,
  mask: u32,
  isCategorical: bool,
  present: i32,
  cuts: i32,
  missing: bool,
  goesLeft: bool,
): void {
  const lefts = quads === 1 ? scan<No>(cuts, goesLeft) : scan<Yes>(cuts, goesLeft);
  if (lefts === 0) return;
  takeCut(feature, foundGain, lefts, present, missing, goesLeft, Infinity);
  if (isCategorical) {
    rememberBins(lefts, present);
    leftLanes = lanesOfBins(lefts, goesLeft);
  } else {
    leftLanes = lanesUpTo(fewCodes + ((<usize>feature) << 6), bestBin, goesLeft) & mask;
  }
  const width = (<usize>quads) << 4;
  const sums = fewSums + (<usize>lefts - 1) * width;
  for (let at: usize = 0; at < width; at += 16) v128.store(fewLeft + at, v128.load(sums + at));
}

/** Lanes of the first bins, and of what is missing where that goes left. */
function lanesOfBins(count: i32, goesLeft: bool): u32 {
  let items: u32 = goesLeft ? load<u32>(fewGroups + (255 << 2)) : 0;
  for (let j: usize = 0; j < <usize>count; j++) {
    items |= load<u32>(fewGroups + ((<usize>load<u8>(bins + j)) << 2));
  }
  let lanes: u32 = 0;
  for (; items !== 0; items &= items - 1) {
    lanes |= (<u32>1) << (<u32>load<u8>(fewList + <usize>ctz<u32>(items)));
  }
  return lanes;
}

/** As `scanCuts`, of cells. All cuts are tried before the best is looked for: which is better than the last is hard to foretell. */
function scan<Second>(cuts: i32, goesLeft: bool): i32 {
  const width: usize = sizeof<Second>() === 8 ? 32 : 16;
  const cells = fewCells;
  const sums = fewSums;
  const ratios = fewRatios;
  const ordered = bins;
  const missing = cells + 255 * width;
  const zero = f32x4.splat(0);
  let a0 = goesLeft ? v128.load(missing) : zero;
  let a1 = sizeof<Second>() === 8 && goesLeft ? v128.load(missing, 16) : zero;
  const shift0 = v128.load(fewShift);
  const shift1 = sizeof<Second>() === 8 ? v128.load(fewShift, 16) : shift0;
  const whole = f32x4.splat(<f32>weight);
  const least = f32x4.splat(<f32>(NO_WEIGHT * weight * weight));
  for (let j: usize = 0; j < <usize>cuts; j++) {
    const cell = cells + <usize>load<u8>(ordered + j) * width;
    a0 = f32x4.add(a0, v128.load(cell));
    v128.store(sums + j * width, a0);
    const left = v128.shuffle<f32>(a0, a0, 0, 0, 0, 0);
    const c0 = f32x4.sub(a0, f32x4.mul(left, shift0));
    let squares = f32x4.mul(c0, c0);
    if (sizeof<Second>() === 8) {
      a1 = f32x4.add(a1, v128.load(cell, 16));
      v128.store(sums + j * width, a1, 16);
      const c1 = f32x4.sub(a1, f32x4.mul(left, shift1));
      squares = f32x4.add(squares, f32x4.mul(c1, c1));
    }
    const below = f32x4.pmax(f32x4.mul(left, f32x4.sub(whole, left)), least);
    store<f32>(ratios + (j << 2), sumOfLanes(squares) / f32x4.extract_lane(below, 0));
  }
  return firstOfBest(<usize>cuts);
}

/** @returns one more than the index of the first ratio that the greatest exceeds by no more than rounding; 0 if the best split so far is better */
function firstOfBest(count: usize): i32 {
  const ratios = fewRatios;
  let j: usize = 0;
  if (count === 1) {
    if (<f64>load<f32>(ratios) * weight <= bar(bestGain)) return 0;
  } else {
    v128.store(ratios + (count << 2), f32x4.splat(-1));
    let most = v128.load(ratios);
    for (let at: usize = 4; at < count; at += 4) most = f32x4.pmax(most, v128.load(ratios + (at << 2)));
    most = f32x4.pmax(most, v128.shuffle<f32>(most, most, 2, 3, 0, 1));
    most = f32x4.pmax(most, v128.shuffle<f32>(most, most, 1, 0, 3, 2));
    if (<f64>f32x4.extract_lane(most, 0) * weight <= bar(bestGain)) return 0;
    const least = f32x4.splat(<f32>(rounding / weight));
    const near = f32x4.sub(f32x4.mul(most, f32x4.splat(1 - 1e-5)), least);
    let reach = i32x4.bitmask(f32x4.ge(v128.load(ratios), near));
    while (reach === 0) {
      j += 4;
      reach = i32x4.bitmask(f32x4.ge(v128.load(ratios + (j << 2)), near));
    }
    j += <usize>ctz<i32>(reach);
  }
  foundGain = <f64>load<f32>(ratios + (j << 2)) * weight;
  return <i32>j + 1;
}
