import { bins, minLeaf } from './memory';
import { perfectGain, rounding, size } from './node';

export const MISSING_BIN: u8 = 255;

/** The best split found so far of the current node. */
export let bestFeature: i32 = -1;
export let bestGain: f64 = -1;
export let bestBin: u8 = 0;
export let bestNext: u8 = 0;
/** The threshold, where one was drawn; else Infinity. */
export let bestThreshold: f64 = Infinity;
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

/**
 * What a gain must exceed to be better than one found before: rounding of float32 sums does not choose between equal
 * splits.
 */
export function bar(gain: f64): f64 {
  return gain < 0 ? gain : gain + 1e-5 * gain + rounding;
}

/** Takes the cut after the first `lefts` items, of `present` that are not missing. */
export function takeCut(
  feature: i32,
  gain: f64,
  lefts: i32,
  present: i32,
  missing: bool,
  goesLeft: bool,
  threshold: f64,
): void {
  bestFeature = feature;
  bestGain = gain;
  bestBin = load<u8>(bins + <usize>lefts - 1);
  bestNext = lefts < present ? load<u8>(bins + <usize>lefts) : MISSING_BIN;
  bestThreshold = threshold;
  sawMissing = missing;
  missingLeft = goesLeft;
  perfect = gain >= perfectGain;
  improvedBy = lefts;
}

export function takePerfect(feature: i32, low: u8, high: u8, threshold: f64): void {
  bestFeature = feature;
  bestGain = Infinity;
  bestBin = low;
  bestNext = high;
  bestThreshold = threshold;
  sawMissing = high === MISSING_BIN;
  missingLeft = false;
  perfect = true;
  improvedBy = 1;
}

/** Whether the items up to j may be a side: no bin is divided, and both sides have rows enough. */
export function isCut(j: usize, present: i32, rowsOnLeft: f32): bool {
  if (<i32>j + 1 !== present && load<u8>(bins + j) === load<u8>(bins + j + 1)) return false;
  return minLeaf <= 1 || (rowsOnLeft >= <f32>minLeaf && <f32>size - rowsOnLeft >= <f32>minLeaf);
}
