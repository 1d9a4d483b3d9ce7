import { centres, clear, items, multiplicity, quads, sums, table, targetQuads, weightSums } from './memory';
import { size, start, sumOfLanes } from './node';

/** As `enter` where labels are missing: a weight for each target. */
export function enterMasked(): bool {
  const width = (<usize>quads) << 4;
  const half = (<usize>targetQuads) << 4;
  const totals = sums;
  const weights = weightSums;
  const lows = centres;
  const highs = centres + half;
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
    const row = table + position * width;
    const times = f32x4.splat(<f32>load<u16>(multiplicity + (position << 1)));
    for (let at: usize = 0; at < half; at += 16) {
      const y = v128.load(row + at);
      const mask = v128.load(row + half + at);
      const there = f32x4.gt(mask, f32x4.splat(0));
      const w = f32x4.mul(mask, times);
      v128.store(item + at, y);
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
      v128.store(total, f64x2.add(v128.load(total), f64x2.mul(lowY, lowW)));
      v128.store(total, f64x2.add(v128.load(total, 16), f64x2.mul(highY, highW)), 16);
      v128.store(whole, f64x2.add(v128.load(whole), lowW));
      v128.store(whole, f64x2.add(v128.load(whole, 16), highW), 16);
    }
    if (half << 1 < width) v128.store(item + (half << 1), v128.load(row + (half << 1)));
    item += width;
  }
  let differ = i64x2.splat(0);
  for (let at: usize = 0; at < half; at += 16) {
    differ = v128.or(differ, f32x4.gt(v128.load(highs + at), v128.load(lows + at)));
  }
  return v128.any_true(differ);
}

/** As `centre`, each target by the rows that have it. @returns the impurity */
export function centreMasked(): f64 {
  const width = (<usize>quads) << 4;
  const half = (<usize>targetQuads) << 4;
  const to = centres;
  for (let lane: usize = 0; lane < half; lane += 4) {
    const whole = load<f64>(weightSums + (lane << 1));
    store<f32>(to + lane, whole > 0 ? <f32>(load<f64>(sums + (lane << 1)) / whole) : 0);
  }
  let spread = f32x4.splat(0);
  let item = items;
  const end = item + <usize>size * width;
  for (; item < end; item += width) {
    for (let at: usize = 0; at < half; at += 16) {
      const deviation = f32x4.sub(v128.load(item + at), v128.load(to + at));
      const value = f32x4.mul(deviation, v128.load(item + half + at));
      v128.store(item + at, value);
      spread = f32x4.add(spread, f32x4.mul(deviation, value));
    }
  }
  return <f64>sumOfLanes(spread);
}
