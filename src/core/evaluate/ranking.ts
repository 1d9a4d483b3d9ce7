import { ascendingOrder } from './order';

/**
 * Area under the ROC curve: the weighted share of (positive, negative) pairs in which the positive scores higher, a tie
 * counting one half. Exact; O(n) after a linear-time sort.
 *
 * @param scores one a row (n), no NaN
 * @param positive 1 or 0 (n)
 * @param weights > 0 (n)
 * @returns null when one class has no row
 */
export function rocAuc(scores: Float32Array, positive: Uint8Array, weights: Float64Array): number | null {
  const order = ascendingOrder(scores);
  let negativesBelow = 0;
  let positives = 0;
  let pairs = 0;
  for (let start = 0; start < order.length; ) {
    const end = tieEnd(scores, order, start);
    let tiedPositive = 0;
    let tiedNegative = 0;
    for (let i = start; i < end; i++) {
      if (positive[order[i]]) tiedPositive += weights[order[i]];
      else tiedNegative += weights[order[i]];
    }
    pairs += tiedPositive * (negativesBelow + 0.5 * tiedNegative);
    negativesBelow += tiedNegative;
    positives += tiedPositive;
    start = end;
  }
  return positives > 0 && negativesBelow > 0 ? pairs / (positives * negativesBelow) : null;
}

/**
 * Average precision: Σ_k (R_k − R_{k−1}) P_k over the distinct thresholds, highest first, without interpolation.
 *
 * @returns null when there is no positive row, or no negative one
 */
export function averagePrecision(
  scores: Float32Array,
  positive: Uint8Array,
  weights: Float64Array,
): number | null {
  const order = ascendingOrder(scores).reverse();
  let truePositives = 0;
  let predicted = 0;
  let sum = 0;
  for (let start = 0; start < order.length; ) {
    const end = tieEnd(scores, order, start);
    let tiedPositive = 0;
    for (let i = start; i < end; i++) {
      predicted += weights[order[i]];
      if (positive[order[i]]) tiedPositive += weights[order[i]];
    }
    truePositives += tiedPositive;
    sum += tiedPositive * (truePositives / predicted);
    start = end;
  }
  return truePositives > 0 && truePositives < predicted ? sum / truePositives : null;
}

/**
 * Placement values (DeLong's structural components) of every row, written to `placements` (n): for a positive row the
 * weighted share of negatives that score below it, for a negative row that of positives above it, ties one half. Their
 * weighted mean over either class is the AUC. Both classes must have a row.
 *
 * Sun and Xu, Fast implementation of DeLong's algorithm, IEEE Signal Processing Letters 21 (2014), by tie groups
 * instead of midranks, which also serves weights.
 *
 * @returns the AUC
 */
export function placementValues(
  scores: Float32Array,
  positive: Uint8Array,
  weights: Float64Array,
  placements: Float64Array,
): number {
  const order = ascendingOrder(scores);
  let positives = 0;
  let negatives = 0;
  for (let i = 0; i < order.length; i++) {
    if (positive[i]) positives += weights[i];
    else negatives += weights[i];
  }
  let positivesBelow = 0;
  let negativesBelow = 0;
  let pairs = 0;
  for (let start = 0; start < order.length; ) {
    const end = tieEnd(scores, order, start);
    let tiedPositive = 0;
    let tiedNegative = 0;
    for (let i = start; i < end; i++) {
      if (positive[order[i]]) tiedPositive += weights[order[i]];
      else tiedNegative += weights[order[i]];
    }
    const below = (negativesBelow + 0.5 * tiedNegative) / negatives;
    const above = (positives - positivesBelow - 0.5 * tiedPositive) / positives;
    for (let i = start; i < end; i++) placements[order[i]] = positive[order[i]] ? below : above;
    pairs += tiedPositive * below;
    positivesBelow += tiedPositive;
    negativesBelow += tiedNegative;
    start = end;
  }
  return pairs / positives;
}

/** End (exclusive) of the run of rows that tie with the one at `start`. */
function tieEnd(scores: Float32Array, order: Uint32Array, start: number): number {
  const score = scores[order[start]];
  let end = start + 1;
  while (end < order.length && scores[order[end]] === score) end++;
  return end;
}
