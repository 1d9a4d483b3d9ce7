import { centres, gains, masked, sums, targetQuads, weightSums } from './memory';
import { weight } from './node';

/**
 * Adds to the feature's gains what a split by it gained on this side: scale (T − W c)² / W of each target, c the means of the
 * parent. Where labels are missing c is not known of all: then the sides have scale T² / W, and the parent `lose`s as much.
 */
export function addGains(feature: i32, depth: i32): void {
  if (masked) {
    addPurity(feature, 1);
    return;
  }
  const width = (<usize>targetQuads) << 5;
  const to = gains + <usize>feature * width;
  const before = centres + <usize>depth * (width >> 1);
  const whole = f64x2.splat(weight);
  const part = f64x2.splat(1 / weight);
  for (let at: usize = 0; at < width; at += 16) {
    const centre = f64x2.promote_low_f32x4(v128.load64_zero(before + (at >> 1)));
    const moved = f64x2.sub(v128.load(sums + at), f64x2.mul(whole, centre));
    v128.store(to + at, f64x2.add(v128.load(to + at), f64x2.mul(f64x2.mul(moved, moved), part)));
  }
}

/** Takes from the feature's gains what `addGains` adds too much for the sides of the node. */
export function lose(feature: i32): void {
  if (masked) addPurity(feature, -1);
}

function addPurity(feature: i32, sign: f64): void {
  const width = (<usize>targetQuads) << 5;
  const to = gains + <usize>feature * width;
  for (let at: usize = 0; at < width; at += 8) {
    const whole = load<f64>(weightSums + at);
    if (whole === 0) continue;
    const total = load<f64>(sums + at);
    store<f64>(to + at, load<f64>(to + at) + (sign * total * total) / whole);
  }
}
