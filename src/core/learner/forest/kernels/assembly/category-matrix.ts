import { CLEARLY, NOISE, POWER_ITERATIONS, STEPS } from './category-order';
import { bins, deviations, outputs, targetMask } from './memory';
import { impurity, sumOfLanes } from './node';

/** `sortCategories` where a row is a single quad: what is iterated with is the matrix Σ W d dᵀ of the means d of cells, not the cells. */
export function sortByMatrix(cells: usize, moved: usize, count: i32): void {
  const means = deviations;
  const scores = means + 256 * 16;
  const shift = v128.load(moved);
  const mask = v128.load(targetMask);
  const zero = f32x4.splat(0);
  let largest: f32 = -1;
  let trace: f32 = 0;
  let direction = zero;
  let row1 = zero;
  let row2 = zero;
  let row3 = zero;
  for (let b: usize = 0; b < <usize>count; b++) {
    const cell = v128.load(cells + ((<usize>load<u8>(bins + b)) << 4));
    const wide = v128.shuffle<f32>(cell, cell, 0, 0, 0, 0);
    const mean = v128.and(f32x4.sub(f32x4.div(cell, wide), shift), mask);
    const sum = f32x4.mul(mean, wide);
    v128.store(means + (b << 4), mean);
    const square = sumOfLanes(f32x4.mul(mean, sum));
    trace += square;
    if (square > CLEARLY * largest) {
      largest = square;
      direction = mean;
    }
    row1 = f32x4.add(row1, f32x4.mul(v128.shuffle<f32>(sum, sum, 1, 1, 1, 1), mean));
    row2 = f32x4.add(row2, f32x4.mul(v128.shuffle<f32>(sum, sum, 2, 2, 2, 2), mean));
    row3 = f32x4.add(row3, f32x4.mul(v128.shuffle<f32>(sum, sum, 3, 3, 3, 3), mean));
  }
  // Means that differ by rounding alone have no order.
  if (<f64>largest <= NOISE * impurity) return;
  const part = f32x4.splat(1 / trace);
  row1 = f32x4.mul(row1, part);
  row2 = f32x4.mul(row2, part);
  row3 = f32x4.mul(row3, part);
  for (let iteration = outputs > 1 ? POWER_ITERATIONS : 0; iteration > 0; iteration--) {
    const one = f32x4.mul(v128.shuffle<f32>(direction, direction, 1, 1, 1, 1), row1);
    const two = f32x4.mul(v128.shuffle<f32>(direction, direction, 2, 2, 2, 2), row2);
    const three = f32x4.mul(v128.shuffle<f32>(direction, direction, 3, 3, 3, 3), row3);
    direction = f32x4.add(f32x4.add(one, two), three);
  }
  let most: f32 = 0;
  for (let b: usize = 0; b < <usize>count; b++) {
    const score = sumOfLanes(f32x4.mul(v128.load(means + (b << 4)), direction));
    store<f32>(scores + (b << 2), score);
    most = max<f32>(most, abs<f32>(score));
  }
  const steps = most > 0 ? <f32>STEPS / most : 0;
  for (let b: usize = 0; b < <usize>count; b++) {
    const score = floor<f32>(load<f32>(scores + (b << 2)) * steps + 0.5);
    const bin = load<u8>(bins + b);
    let j = b;
    for (; j > 0 && load<f32>(scores + ((j - 1) << 2)) > score; j--) {
      store<f32>(scores + (j << 2), load<f32>(scores + ((j - 1) << 2)));
      store<u8>(bins + j, load<u8>(bins + j - 1));
    }
    store<f32>(scores + (j << 2), score);
    store<u8>(bins + j, bin);
  }
}
