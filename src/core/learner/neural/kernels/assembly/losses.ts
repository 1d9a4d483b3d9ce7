import { exponential } from './exponential';

/**
 * Logistic and squared losses of one panel set of outputs, with their gradient; a column is binary where `binary` has
 * all bits set, squared else, and has neither loss nor gradient where `active` is 0.
 *
 * @param z outputs; y targets; share a_it (0: no label); gradient receives w a_it ℓ′: all in panels of n columns
 * @param weight n numbers: factor of each column's gradient
 * @param losses n numbers, receives Σ_i a_it ℓ_it
 */
export function pointwiseLosses(
  z: usize,
  y: usize,
  share: usize,
  binary: usize,
  active: usize,
  weight: usize,
  gradient: usize,
  losses: usize,
  n: usize,
  capacity: usize,
  rows: usize,
): void {
  const one = f32x4.splat(1);
  const zero = f32x4.splat(0);
  for (let j: usize = 0; j < n; j += 4) {
    const isBinary = v128.load(binary + j * 4);
    const isActive = v128.load(active + j * 4);
    const w = v128.load(weight + j * 4);
    let at = (j >> 3) * capacity * 32 + (j & 7) * 4;
    let sum = zero;
    for (const end = at + rows * 32; at < end; at += 32) {
      const a = v128.load(share + at);
      const output = v128.load(z + at);
      const target = v128.load(y + at);
      const residual = f32x4.sub(output, target);
      const e = exponential(f32x4.neg(f32x4.abs(output)));
      const positive = f32x4.ge(output, zero);
      const p = f32x4.div(v128.bitselect(one, e, positive), f32x4.add(one, e));
      // log(1 + e) = 2 artanh(e / (2 + e))
      const s = f32x4.div(e, f32x4.add(f32x4.splat(2), e));
      const q = f32x4.mul(s, s);
      let log = f32x4.splat(0.0769230769);
      log = f32x4.add(f32x4.mul(log, q), f32x4.splat(0.0909090909));
      log = f32x4.add(f32x4.mul(log, q), f32x4.splat(0.1111111111));
      log = f32x4.add(f32x4.mul(log, q), f32x4.splat(0.1428571429));
      log = f32x4.add(f32x4.mul(log, q), f32x4.splat(0.2));
      log = f32x4.add(f32x4.mul(log, q), f32x4.splat(0.3333333333));
      log = f32x4.add(f32x4.mul(log, q), one);
      log = f32x4.mul(f32x4.mul(f32x4.splat(2), s), log);
      const logistic = f32x4.add(f32x4.sub(f32x4.pmax(output, zero), f32x4.mul(output, target)), log);
      const squared = f32x4.mul(f32x4.splat(0.5), f32x4.mul(residual, residual));
      const counts = v128.and(isActive, f32x4.gt(a, zero));
      const loss = f32x4.mul(a, v128.bitselect(logistic, squared, isBinary));
      const slope = v128.bitselect(f32x4.sub(p, target), residual, isBinary);
      sum = f32x4.add(sum, v128.and(counts, loss));
      v128.store(gradient + at, v128.and(counts, f32x4.mul(f32x4.mul(w, a), slope)));
    }
    v128.store(losses + j * 4, sum);
  }
}
