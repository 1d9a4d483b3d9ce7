import { bestFeature, improvedBy, MISSING_BIN, takeCut, takePerfect } from './best';
import { sortCategories } from './categories';
import { clearBins, sumBins } from './histogram';
import {
  binCounts,
  binSets,
  bins,
  categorical,
  clear,
  features,
  histogram,
  items,
  lower,
  onLeft,
  order,
  quads,
  randomCuts,
  shifts,
  upper,
} from './memory';
import { rowCodes } from './near';
import { size, start } from './node';
import { FEW_ROWS, sortRows } from './order';
import { below, uniform } from './random';
import { foundGain, scanCuts } from './scan';

/** The threshold that was drawn last, or Infinity. */
let drawn: f64 = Infinity;

/** Improves the best split by the feature's. @returns whether the feature varies in the node */
export function search(feature: i32): bool {
  const isCategorical = load<u8>(categorical + <usize>feature) !== 0;
  if (size === 2) return separateTwo(feature, isCategorical);
  if (size <= FEW_ROWS && !isCategorical) {
    if (!sortRows(feature)) return false;
    cutItems(feature, items, order, size, false);
    return true;
  }
  const found = sumBins(feature);
  if (found > 1) cutItems(feature, histogram, bins, found, isCategorical);
  clearBins(found);
  return found > 1;
}

/** Any feature that tells the two rows of a node apart is a perfect split. */
function separateTwo(feature: i32, isCategorical: bool): bool {
  const one = load<u8>(rowCodes + <usize>load<u32>(start) * <usize>features + <usize>feature);
  const other = load<u8>(rowCodes + <usize>load<u32>(start + 4) * <usize>features + <usize>feature);
  if (one === other) return false;
  const low = min<u8>(one, other);
  const high = max<u8>(one, other);
  store<u8>(bins, low);
  store<u8>(bins, high, 1);
  const draws = randomCuts && !isCategorical && high !== MISSING_BIN;
  if (draws) drawCut(feature, 2);
  takePerfect(feature, low, high, draws ? drawn : Infinity);
  if (isCategorical) rememberBins(1, high === MISSING_BIN ? 1 : 2);
  return true;
}

function cutItems(feature: i32, source: usize, ordered: usize, found: i32, isCategorical: bool): void {
  let present = found;
  while (load<u8>(bins + <usize>present - 1) === MISSING_BIN) present--;
  drawn = Infinity;
  let only = -1;
  if (isCategorical && randomCuts) shuffleBins(present);
  else if (isCategorical) sortCategories(histogram, shifts, present);
  if (randomCuts) only = isCategorical ? drawCategories(present) : drawCut(feature, present);
  const width = (<usize>quads) << 4;
  clear(onLeft, width);
  const before = bestFeature;
  if (present === found) {
    tryCuts(feature, source, ordered, present, present - 1, false, false, only);
  } else {
    tryCuts(feature, source, ordered, present, present, true, false, only);
    for (let j: usize = <usize>present; j < <usize>found; j++) {
      const item = source + <usize>load<u8>(ordered + j) * width;
      for (let at: usize = 0; at < width; at += 16) {
        v128.store(onLeft + at, f32x4.add(v128.load(onLeft + at), v128.load(item + at)));
      }
    }
    tryCuts(feature, source, ordered, present, present - 1, true, true, only);
  }
  if (isCategorical && bestFeature === feature && before !== feature) rememberBins(improvedBy, present);
}

/** @param only the one cut to try, or −1: all */
function tryCuts(
  feature: i32,
  source: usize,
  ordered: usize,
  present: i32,
  cuts: i32,
  missing: bool,
  goesLeft: bool,
  only: i32,
): void {
  if (only >= cuts) return;
  const lefts =
    only >= 0
      ? scanCuts(source, ordered, present, only, only + 1)
      : scanCuts(source, ordered, present, 0, cuts);
  if (lefts > 0) takeCut(feature, foundGain, lefts, present, missing, goesLeft, drawn);
}

function shuffleBins(count: i32): void {
  for (let i = count - 1; i > 0; i--) {
    const here = <usize>i;
    const there = <usize>below(<u32>i + 1);
    const bin = load<u8>(bins + here);
    store<u8>(bins + here, load<u8>(bins + there));
    store<u8>(bins + there, bin);
  }
}

function drawCategories(present: i32): i32 {
  return present < 2 ? 0 : <i32>below(<u32>present - 1);
}

/** A threshold drawn at random, and its cut as an index into the items: see `drawCut` of ../../random-cut.ts, whose twin this is. */
function drawCut(feature: i32, present: i32): i32 {
  if (present < 2) return 0;
  const last = <usize>present - 1;
  if (load<u8>(bins) === load<u8>(bins + last)) return present - 1;
  const bounds = (<usize>feature) << 11;
  const least = load<f64>(upper + bounds + ((<usize>load<u8>(bins)) << 3));
  const most = load<f64>(lower + bounds + ((<usize>load<u8>(bins + last)) << 3));
  const threshold = least + (most - least) * uniform();
  let j = 0;
  while (
    j + 2 < present &&
    load<f64>(lower + bounds + ((<usize>load<u8>(bins + <usize>j + 1)) << 3)) <= threshold
  )
    j++;
  const under = load<f64>(upper + bounds + ((<usize>load<u8>(bins + <usize>j)) << 3));
  const over = load<f64>(lower + bounds + ((<usize>load<u8>(bins + <usize>j + 1)) << 3));
  drawn = threshold > under && threshold < over ? threshold : under;
  return j;
}

/** Keeps which of the bins the best split sends left, and which there are. */
export function rememberBins(lefts: i32, present: i32): void {
  clear(binSets, 64);
  for (let j: usize = 0; j < <usize>present; j++) {
    const bin = load<u8>(bins + j);
    const byte = binSets + <usize>(bin >> 3);
    const bit = <u8>(1 << (bin & 7));
    if (<i32>j < lefts) store<u8>(byte, load<u8>(byte) | bit);
    store<u8>(byte, load<u8>(byte, 32) | bit, 32);
  }
}

/** Halfway between two bins. */
export function halfway(feature: i32, bin: u8, following: u8): f64 {
  if (following === MISSING_BIN) return Infinity;
  const bounds = (<usize>feature) << 11;
  const under = load<f64>(upper + bounds + ((<usize>bin) << 3));
  const over = load<f64>(lower + bounds + ((<usize>following) << 3));
  const middle = under + (over - under) / 2;
  return middle < over ? middle : under;
}

/** The last bin, from `bin` on and before `following`, whose values are at most the threshold. */
export function lastBinAtMost(feature: i32, threshold: f64, bin: u8, following: u8): u8 {
  const bounds = upper + ((<usize>feature) << 11);
  const bins = load<i32>(binCounts + ((<usize>feature) << 2));
  let low = <i32>bin;
  // Without a branch on the values, which would be foretold wrongly half of the time.
  for (let count = min<i32>(<i32>following, bins) - low; count > 1; ) {
    const half = count >> 1;
    const atMost = load<f64>(bounds + ((<usize>(low + half)) << 3)) <= threshold;
    low = select<i32>(low + half, low, atMost);
    count -= half;
  }
  return <u8>low;
}
