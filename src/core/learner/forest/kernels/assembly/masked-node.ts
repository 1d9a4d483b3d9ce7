import { clear, extremes, items, quads, sums, targetQuads, weightSums } from './memory';
import { rowTable, rowWeights } from './near';

/** Σ scale Σ w y² of the node entered last. */
export let maskedSquares: f64 = 0;

/** As `enter` where labels are missing: a weight for each target. The node's positions begin at `start`. */
export function enterMasked(before: usize, start: usize, size: i32): bool {
  const width = (<usize>quads) << 4;
  const half = (<usize>targetQuads) << 4;
  const totals = sums;
  const weights = weightSums;
  const lows = extremes;
  const highs = extremes + half;
  let square = f64x2.splat(0);
  clear(totals, half << 1);
  clear(weights, half << 1);
  for (let at: usize = 0; at < half; at += 16) {
    v128.store(lows + at, f32x4.splat(Infinity));
    v128.store(highs + at, f32x4.splat(-Infinity));
  }
  let item = items;
  const end = start + ((<usize>size) << 2);
  for (let place = start; place < end; place += 4) {
    const position = <usize>load<u32>(place);
    const row = rowTable + position * width;
    const times = v128.load32_splat(rowWeights + (position << 2));
    for (let at: usize = 0; at < half; at += 16) {
      const y = v128.load(row + at);
      const mask = v128.load(row + half + at);
      const there = f32x4.gt(mask, f32x4.splat(0));
      const w = f32x4.mul(mask, times);
      v128.store(item + at, f32x4.mul(f32x4.sub(y, v128.load(before + at)), w));
      v128.store(item + half + at, w);
      v128.store(lows + at, v128.bitselect(f32x4.min(v128.load(lows + at), y), v128.load(lows + at), there));
      v128.store(
        highs + at,
        v128.bitselect(f32x4.max(v128.load(highs + at), y), v128.load(highs + at), there),
      );
      const lowW = f64x2.promote_low_f32x4(w);
      const highW = f64x2.promote_low_f32x4(v128.shuffle<f32>(w, w, 2, 3, 2, 3));
      const lowY = f64x2.promote_low_f32x4(y);
      const highY = f64x2.promote_low_f32x4(v128.shuffle<f32>(y, y, 2, 3, 2, 3));
      const total = totals + (at << 1);
      const whole = weights + (at << 1);
      const lowWY = f64x2.mul(lowY, lowW);
      const highWY = f64x2.mul(highY, highW);
      v128.store(total, f64x2.add(v128.load(total), lowWY));
      v128.store(total, f64x2.add(v128.load(total, 16), highWY), 16);
      square = f64x2.add(square, f64x2.add(f64x2.mul(lowY, lowWY), f64x2.mul(highY, highWY)));
      v128.store(whole, f64x2.add(v128.load(whole), lowW));
      v128.store(whole, f64x2.add(v128.load(whole, 16), highW), 16);
    }
    if (half << 1 < width) v128.store(item + (half << 1), v128.load(row + (half << 1)));
    item += width;
  }
  maskedSquares = f64x2.extract_lane(square, 0) + f64x2.extract_lane(square, 1);
  let differ = i64x2.splat(0);
  for (let at: usize = 0; at < half; at += 16) {
    differ = v128.or(differ, f32x4.gt(v128.load(highs + at), v128.load(lows + at)));
  }
  return v128.any_true(differ);
}
