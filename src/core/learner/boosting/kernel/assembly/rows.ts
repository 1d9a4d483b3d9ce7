// What is done row by row: scores, derivatives, leaves. What each does: see ../kernel.ts.

/** 1 / (1 + e^−x): e^x as 2^n times a polynomial in |r| ≤ ½ ln 2 (Moshier's Cephes, expf), to about 1e-7. */
export function sigmoid(scores: usize, target: usize, quads: i32): void {
  const one = f32x4.splat(1);
  const end = scores + ((<usize>quads) << 4);
  for (; scores < end; scores += 16) {
    let x = f32x4.neg(v128.load(scores));
    x = f32x4.min(f32x4.max(x, f32x4.splat(-87)), f32x4.splat(87));
    const n = f32x4.nearest(f32x4.mul(x, f32x4.splat(f32(Math.LOG2E))));
    x = f32x4.sub(x, f32x4.mul(n, f32x4.splat(0.693359375)));
    x = f32x4.sub(x, f32x4.mul(n, f32x4.splat(-2.1219444e-4)));
    let y = f32x4.splat(1.98756915e-4);
    y = f32x4.add(f32x4.mul(y, x), f32x4.splat(1.3981999507e-3));
    y = f32x4.add(f32x4.mul(y, x), f32x4.splat(8.3334519073e-3));
    y = f32x4.add(f32x4.mul(y, x), f32x4.splat(4.1665795894e-2));
    y = f32x4.add(f32x4.mul(y, x), f32x4.splat(1.6666665459e-1));
    y = f32x4.add(f32x4.mul(y, x), f32x4.splat(5.0000001201e-1));
    y = f32x4.add(f32x4.mul(f32x4.mul(y, x), x), f32x4.add(x, one));
    const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(n), i32x4.splat(127)), 23);
    v128.store(target, f32x4.div(one, f32x4.add(one, f32x4.mul(y, power))));
    target += 16;
  }
}

export function quantise(
  values: usize,
  positions: usize,
  count: i32,
  perUnit: f64,
  target: usize,
  stride: usize,
): void {
  const end = positions + ((<usize>count) << 2);
  for (; positions < end; positions += 4) {
    const i = <usize>load<i32>(positions);
    const value = <f64>load<f32>(values + (i << 2));
    store<i32>(target + i * stride, <i32>nearest<f64>(value * perUnit));
  }
}

export function partition(rows: usize, count: i32, codes: usize, goesLeft: usize, scratch: usize): i32 {
  let left = rows;
  let right = scratch;
  const end = rows + ((<usize>count) << 2);
  for (let from = rows; from < end; from += 4) {
    const row = load<i32>(from);
    const goes = (<usize>load<u8>(goesLeft + <usize>load<u8>(codes + ((<usize>row) << 2)))) << 2;
    store<i32>(left, row);
    store<i32>(right, row);
    left += goes;
    right += 4 - goes;
  }
  memory.copy(left, scratch, right - scratch);
  return <i32>((left - rows) >> 2);
}

/** Sums of a chunk; see `SUMS` in ../kernel.ts. */
function storeSums(sums: usize, loss: f64, weight: f64, magnitude: f64, squares: f64, curvature: f64): void {
  store<f64>(sums, loss);
  store<f64>(sums, weight, 8);
  store<f64>(sums, magnitude, 16);
  store<f64>(sums, squares, 24);
  store<f64>(sums, curvature, 32);
}

function weightOf(weights: usize, i: usize): f64 {
  return weights === 0 ? 1 : <f64>load<f32>(weights + (i << 2));
}

/** Derivatives of ½ (f − y)² at the positions, times their weights and that of the task. */
export function squared(
  positions: usize,
  count: i32,
  labels: usize,
  weights: usize,
  scores: usize,
  taskWeight: f64,
  gradient: usize,
  hessian: usize,
  sums: usize,
): void {
  let loss: f64 = 0;
  let total: f64 = 0;
  let magnitude: f64 = 0;
  const end = positions + ((<usize>count) << 2);
  for (; positions < end; positions += 4) {
    const i = <usize>load<i32>(positions);
    const weight = weightOf(weights, i);
    const error = <f64>load<f32>(scores + (i << 2)) - <f64>load<f32>(labels + (i << 2));
    loss += weight * error * error;
    total += weight;
    magnitude += weight * abs<f64>(error);
    store<f32>(gradient + (i << 2), <f32>(taskWeight * weight * error));
    store<f32>(hessian + (i << 2), <f32>(taskWeight * weight));
  }
  storeSums(sums, loss / 2, total, magnitude, loss, total);
}

/** XGBoost's least second derivative of a logistic loss. */
const LEAST_BEND: f64 = 1e-16;
/** A product of probabilities is taken the logarithm of before it gets smaller; a single one counts as no smaller. */
const LEAST_PRODUCT: f64 = 1e-270;
const LEAST_PROBABILITY: f64 = 1e-30;

/**
 * ln x of a positive normal number: its exponent, and 2 artanh s of its mantissa m in [√½, √2), s = (m − 1) / (m + 1), to about
 * 1e-16. The library's own has a table, which would lie in the memory that is the caller's.
 */
function logarithm(x: f64): f64 {
  const bits = reinterpret<u64>(x) + (0x3ff0000000000000 - 0x3fe6a09e00000000);
  const exponent = <i32>(bits >> 52) - 0x3ff;
  const m = reinterpret<f64>((bits & 0x000fffffffffffff) + 0x3fe6a09e00000000);
  const s = (m - 1) / (m + 1);
  const z = s * s;
  let series: f64 = 1.0 / 21;
  for (let k = 19; k > 0; k -= 2) series = series * z + 1 / <f64>k;
  return <f64>exponent * Math.LN2 + 2 * s * series;
}

/** Derivatives of −log p_y, p the probability of class 1, at the positions, times their weights and that of the task. */
export function logistic(
  positions: usize,
  count: i32,
  labels: usize,
  weights: usize,
  probabilities: usize,
  taskWeight: f64,
  gradient: usize,
  hessian: usize,
  sums: usize,
): void {
  let logs: f64 = 0;
  let product: f64 = 1;
  let total: f64 = 0;
  let magnitude: f64 = 0;
  let squares: f64 = 0;
  let curvature: f64 = 0;
  const end = positions + ((<usize>count) << 2);
  for (; positions < end; positions += 4) {
    const i = <usize>load<i32>(positions);
    const weight = weightOf(weights, i);
    const label = <f64>load<f32>(labels + (i << 2));
    const p = <f64>load<f32>(probabilities + (i << 2));
    const right = max<f64>(label === 1 ? p : 1 - p, LEAST_PROBABILITY);
    if (weight === 1) {
      product *= right;
      if (product < LEAST_PRODUCT) {
        logs += logarithm(product);
        product = 1;
      }
    } else {
      logs += weight * logarithm(right);
    }
    const error = p - label;
    const bend = max<f64>(p * (1 - p), LEAST_BEND);
    total += weight;
    magnitude += weight * abs<f64>(error);
    squares += weight * error * error;
    curvature += weight * bend;
    store<f32>(gradient + (i << 2), <f32>(taskWeight * weight * error));
    store<f32>(hessian + (i << 2), <f32>(taskWeight * weight * bend));
  }
  storeSums(sums, -logs - logarithm(product), total, magnitude, squares, curvature);
}

/** Sums of the derivatives over the rows, G and H. */
export function sumLeaf(rows: usize, count: i32, gradient: usize, hessian: usize, sums: usize): void {
  let g: f64 = 0;
  let h: f64 = 0;
  const end = rows + ((<usize>count) << 2);
  for (; rows < end; rows += 4) {
    const i = <usize>load<i32>(rows);
    g += <f64>load<f32>(gradient + (i << 2));
    h += <f64>load<f32>(hessian + (i << 2));
  }
  store<f64>(sums, g);
  store<f64>(sums, h, 8);
}

/** scores[i] += value for i in `rows`. */
export function addLeaf(rows: usize, count: i32, value: f32, scores: usize): void {
  const end = rows + ((<usize>count) << 2);
  for (; rows < end; rows += 4) {
    const at = scores + ((<usize>load<i32>(rows)) << 2);
    store<f32>(at, load<f32>(at) + value);
  }
}
