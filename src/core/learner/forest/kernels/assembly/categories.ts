import { sortByMatrix } from './category-matrix';
import { CLEARLY, NOISE, POWER_ITERATIONS, STEPS } from './category-order';
import { bins, deviations, first, groupMask, masked, outputs, quads, targetQuads } from './memory';
import { impurity, sumOfLanes } from './node';

/**
 * Puts the bins of a categorical feature in the order of their items' means on the first principal
 * component of these means: see `CategoryOrder`, whose twin this is.
 *
 * @param cells of the bins, by their codes
 * @param moved how far from the node's means the targets were centred
 */
export function sortCategories(cells: usize, moved: usize, count: i32): void {
  if (count < 3) return;
  if (quads === 1 && !masked) {
    sortByMatrix(cells, moved, count);
    return;
  }
  const width = <usize>outputs;
  const cellWidth = (<usize>quads) << 4;
  const weights = masked ? (<usize>targetQuads) << 4 : 0;
  const scores = deviations;
  const direction = scores + 256 * 8;
  const next = direction + (width << 3);
  const table = next + (width << 3);
  let largest: f64 = -1;
  for (let b: usize = 0; b < <usize>count; b++) {
    const cell = cells + <usize>load<u8>(bins + b) * cellWidth;
    const weight = weightOf(cell);
    let square: f64 = 0;
    for (let k: usize = 0; k < width; k++) {
      const lane = (k + <usize>first) << 2;
      const own = masked ? <f64>load<f32>(cell + weights + lane) : weight;
      const shift = <f64>load<f32>(moved + lane);
      const deviation = own > 0 ? <f64>load<f32>(cell + lane) / own - shift : 0;
      store<f64>(table + ((b * width + k) << 3), deviation);
      square += deviation * deviation;
    }
    if (weight * square > <f64>CLEARLY * largest) {
      largest = weight * square;
      const row = table + ((b * width) << 3);
      for (let k: usize = 0; k < width; k++) store<f64>(direction + (k << 3), load<f64>(row + (k << 3)));
    }
  }
  // Means that differ by rounding alone have no order.
  if (largest <= NOISE * impurity) return;
  for (let iteration = outputs > 1 ? POWER_ITERATIONS : 0; iteration >= 0; iteration--) {
    for (let k: usize = 0; k < width; k++) store<f64>(next + (k << 3), 0);
    for (let b: usize = 0; b < <usize>count; b++) {
      const row = table + ((b * width) << 3);
      const weight = weightOf(cells + <usize>load<u8>(bins + b) * cellWidth);
      let score: f64 = 0;
      for (let k: usize = 0; k < width; k++)
        score += load<f64>(row + (k << 3)) * load<f64>(direction + (k << 3));
      store<f64>(scores + (b << 3), score);
      for (let k: usize = 0; k < width; k++) {
        const to = next + (k << 3);
        store<f64>(to, load<f64>(to) + weight * score * load<f64>(row + (k << 3)));
      }
    }
    if (iteration === 0) break;
    let norm: f64 = 0;
    for (let k: usize = 0; k < width; k++) norm += load<f64>(next + (k << 3)) * load<f64>(next + (k << 3));
    if (norm === 0) break;
    norm = sqrt<f64>(norm);
    for (let k: usize = 0; k < width; k++)
      store<f64>(direction + (k << 3), load<f64>(next + (k << 3)) / norm);
  }
  let most: f64 = 0;
  for (let b: usize = 0; b < <usize>count; b++) most = max<f64>(most, abs<f64>(load<f64>(scores + (b << 3))));
  const steps = most > 0 ? <f64>STEPS / most : 0;
  for (let b: usize = 0; b < <usize>count; b++) {
    store<f64>(scores + (b << 3), floor<f64>(load<f64>(scores + (b << 3)) * steps + 0.5));
  }
  for (let b: usize = 1; b < <usize>count; b++) {
    const score = load<f64>(scores + (b << 3));
    const bin = load<u8>(bins + b);
    let j = b;
    for (; j > 0 && load<f64>(scores + ((j - 1) << 3)) > score; j--) {
      store<f64>(scores + (j << 3), load<f64>(scores + ((j - 1) << 3)));
      store<u8>(bins + j, load<u8>(bins + j - 1));
    }
    store<f64>(scores + (j << 3), score);
    store<u8>(bins + j, bin);
  }
}

/** The cell's weight, summed over groups of targets that have labels in the same rows. */
function weightOf(cell: usize): f64 {
  if (!masked) return <f64>load<f32>(cell);
  const half = (<usize>targetQuads) << 4;
  let sum: v128 = f32x4.splat(0);
  for (let at: usize = 0; at < half; at += 16) {
    sum = f32x4.add(sum, v128.and(v128.load(cell + half + at), v128.load(groupMask + at)));
  }
  return <f64>sumOfLanes(sum);
}
