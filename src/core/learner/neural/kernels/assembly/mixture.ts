import { exponential } from './exponential';
import { below, sumOf } from './lanes';

// Rows mixed by shares of their own: every matrix in panels of 8 columns. A row's sum has four lanes, columns c with
// c mod 4 alike, each in ascending order, added as (0 + 1) + (2 + 3).

/** p = softmax(z), row by row over `width` columns; columns that pad are 0. */
export function softmaxRows(z: usize, p: usize, width: usize, capacity: usize, rows: usize): void {
  const lowest = f32x4.splat(-Infinity);
  for (let row: usize = 0; row < rows; row++) {
    let most = lowest;
    for (let j: usize = 0; j < width; j += 4) {
      const at = (j >> 3) * capacity * 32 + row * 32 + (j & 7) * 4;
      most = f32x4.pmax(most, v128.bitselect(v128.load(z + at), lowest, below(j, width)));
    }
    const pair = max(f32x4.extract_lane(most, 0), f32x4.extract_lane(most, 1));
    const largest = f32x4.splat(max(pair, max(f32x4.extract_lane(most, 2), f32x4.extract_lane(most, 3))));
    let sum = f32x4.splat(0);
    for (let j: usize = 0; j < width; j += 4) {
      const at = (j >> 3) * capacity * 32 + row * 32 + (j & 7) * 4;
      const power = v128.and(exponential(f32x4.sub(v128.load(z + at), largest)), below(j, width));
      v128.store(p + at, power);
      sum = f32x4.add(sum, power);
    }
    const total = f32x4.splat(sumOf(sum));
    for (let j: usize = 0; j < width; j += 4) {
      const at = (j >> 3) * capacity * 32 + row * 32 + (j & 7) * 4;
      v128.store(p + at, f32x4.div(v128.load(p + at), total));
    }
  }
}

/** dz = p ∘ (q − p·q), row by row. */
export function softmaxRowsGradient(
  p: usize,
  q: usize,
  dz: usize,
  width: usize,
  capacity: usize,
  rows: usize,
): void {
  for (let row: usize = 0; row < rows; row++) {
    let sum = f32x4.splat(0);
    for (let j: usize = 0; j < width; j += 4) {
      const at = (j >> 3) * capacity * 32 + row * 32 + (j & 7) * 4;
      sum = f32x4.add(sum, f32x4.mul(v128.load(p + at), v128.load(q + at)));
    }
    const mean = f32x4.splat(sumOf(sum));
    for (let j: usize = 0; j < width; j += 4) {
      const at = (j >> 3) * capacity * 32 + row * 32 + (j & 7) * 4;
      v128.store(dz + at, f32x4.mul(v128.load(p + at), f32x4.sub(v128.load(q + at), mean)));
    }
  }
}

/**
 * y = s x, or y += s x with `adds`, a factor s a row.
 * @param s byte offset of the first row's factor; the next row's is 32 bytes on
 */
export function mixRows(
  s: usize,
  x: usize,
  y: usize,
  n: usize,
  capacity: usize,
  rows: usize,
  adds: bool,
): void {
  for (let j: usize = 0; j < n; j += 8) {
    let at = j * capacity * 4;
    let factor = s;
    for (const end = at + rows * 32; at < end; at += 32, factor += 32) {
      const share = v128.load32_splat(factor);
      let y0 = f32x4.mul(share, v128.load(x + at));
      let y1 = f32x4.mul(share, v128.load(x + at, 16));
      if (adds) {
        y0 = f32x4.add(v128.load(y + at), y0);
        y1 = f32x4.add(v128.load(y + at, 16), y1);
      }
      v128.store(y + at, y0);
      v128.store(y + at, y1, 16);
    }
  }
}

/** q = x·dy, row by row; `q` as `s` of `mixRows`. */
export function rowProducts(x: usize, dy: usize, q: usize, n: usize, capacity: usize, rows: usize): void {
  for (let row: usize = 0; row < rows; row++) {
    let sum = f32x4.splat(0);
    for (let j: usize = 0; j < n; j += 8) {
      const at = j * capacity * 4 + row * 32;
      sum = f32x4.add(sum, f32x4.mul(v128.load(x + at), v128.load(dy + at)));
      sum = f32x4.add(sum, f32x4.mul(v128.load(x + at, 16), v128.load(dy + at, 16)));
    }
    store<f32>(q + row * 32, sumOf(sum));
  }
}
