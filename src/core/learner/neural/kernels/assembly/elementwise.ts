import { exponential } from './exponential';

// Passes over vectors. Lengths are multiples of 4 numbers.

/** y += x */
export function add(x: usize, y: usize, count: usize): void {
  for (const end = x + count * 4; x < end; x += 16, y += 16) {
    v128.store(y, f32x4.add(v128.load(y), v128.load(x)));
  }
}

/** y += a x */
export function addScaled(a: f32, x: usize, y: usize, count: usize): void {
  const factor = f32x4.splat(a);
  for (const end = x + count * 4; x < end; x += 16, y += 16) {
    v128.store(y, f32x4.add(v128.load(y), f32x4.mul(factor, v128.load(x))));
  }
}

/** y = x ∘ f */
export function multiply(x: usize, f: usize, y: usize, count: usize): void {
  for (const end = x + count * 4; x < end; x += 16, f += 16, y += 16) {
    v128.store(y, f32x4.mul(v128.load(x), v128.load(f)));
  }
}

/** x *= a */
export function scale(a: f32, x: usize, count: usize): void {
  const factor = f32x4.splat(a);
  for (const end = x + count * 4; x < end; x += 16) v128.store(x, f32x4.mul(factor, v128.load(x)));
}

/** Σ x², in double precision: four sums a lane apart, added in order. */
export function sumOfSquares(x: usize, count: usize): f64 {
  let s0: f64 = 0;
  let s1: f64 = 0;
  let s2: f64 = 0;
  let s3: f64 = 0;
  for (const end = x + count * 4; x < end; x += 16) {
    const a = f64(load<f32>(x));
    const b = f64(load<f32>(x, 4));
    const c = f64(load<f32>(x, 8));
    const d = f64(load<f32>(x, 12));
    s0 += a * a;
    s1 += b * b;
    s2 += c * c;
    s3 += d * d;
  }
  return s0 + s1 + (s2 + s3);
}

/** d = 0 where h ≤ 0: through h = max(z, 0), backwards. */
export function rectifyGradient(h: usize, d: usize, count: usize): void {
  const zero = f32x4.splat(0);
  for (const end = h + count * 4; h < end; h += 16, d += 16) {
    v128.store(d, v128.and(v128.load(d), f32x4.gt(v128.load(h), zero)));
  }
}

/** x = max(x, 0); a number that is not one stays. */
export function rectify(x: usize, count: usize): void {
  const zero = f32x4.splat(0);
  for (const end = x + count * 4; x < end; x += 16) v128.store(x, f32x4.pmax(v128.load(x), zero));
}

/** x = tanh x = ±(1 − e) / (1 + e) with e = exp(−2 |x|) */
export function hyperbolic(x: usize, count: usize): void {
  const one = f32x4.splat(1);
  const sign = i32x4.splat(0x80000000);
  for (const end = x + count * 4; x < end; x += 16) {
    const z = v128.load(x);
    const e = exponential(f32x4.mul(f32x4.splat(-2), f32x4.abs(z)));
    const t = f32x4.div(f32x4.sub(one, e), f32x4.add(one, e));
    v128.store(x, v128.or(t, v128.and(z, sign)));
  }
}

/** d *= 1 − h²: through h = tanh z, backwards. */
export function hyperbolicGradient(h: usize, d: usize, count: usize): void {
  const one = f32x4.splat(1);
  for (const end = h + count * 4; h < end; h += 16, d += 16) {
    const y = v128.load(h);
    v128.store(d, f32x4.mul(v128.load(d), f32x4.sub(one, f32x4.mul(y, y))));
  }
}
