import { below, sumOf } from './lanes';

// Normalisation of rows and of columns; matrices in panels of 8 columns. Sums over columns run over the rows in
// ascending order; sums over a row have four lanes, as in mixture.ts.

/**
 * h = (x − mean x) / √(variance x + 1e-5) and y = gain ∘ h + shift, row by row.
 * @param inverse receives 1 / √(…) of every row
 */
export function normRows(
  x: usize,
  gain: usize,
  shift: usize,
  h: usize,
  y: usize,
  inverse: usize,
  width: usize,
  capacity: usize,
  rows: usize,
): void {
  const count = f32(width);
  for (let row: usize = 0; row < rows; row++) {
    let sum = f32x4.splat(0);
    for (let j: usize = 0; j < width; j += 4) {
      sum = f32x4.add(sum, v128.load(x + (j >> 3) * capacity * 32 + row * 32 + (j & 7) * 4));
    }
    const mean = f32x4.splat(sumOf(sum) / count);
    let squares = f32x4.splat(0);
    for (let j: usize = 0; j < width; j += 4) {
      const at = (j >> 3) * capacity * 32 + row * 32 + (j & 7) * 4;
      const d = v128.and(f32x4.sub(v128.load(x + at), mean), below(j, width));
      squares = f32x4.add(squares, f32x4.mul(d, d));
      v128.store(h + at, d);
    }
    const factor: f32 = f32(1) / sqrt<f32>(sumOf(squares) / count + f32(1e-5));
    store<f32>(inverse + row * 4, factor);
    const factors = f32x4.splat(factor);
    for (let j: usize = 0; j < width; j += 4) {
      const at = (j >> 3) * capacity * 32 + row * 32 + (j & 7) * 4;
      const standardised = f32x4.mul(v128.load(h + at), factors);
      v128.store(h + at, standardised);
      const scaled = f32x4.mul(v128.load(gain + j * 4), standardised);
      v128.store(y + at, f32x4.add(scaled, v128.load(shift + j * 4)));
    }
  }
}

/** dx = (d − mean d − h mean (d ∘ h)) ∘ inverse with d = gain ∘ dy, row by row. */
export function normRowsGradient(
  dy: usize,
  h: usize,
  gain: usize,
  inverse: usize,
  dx: usize,
  width: usize,
  capacity: usize,
  rows: usize,
): void {
  const count = f32(width);
  for (let row: usize = 0; row < rows; row++) {
    let sum = f32x4.splat(0);
    let product = f32x4.splat(0);
    for (let j: usize = 0; j < width; j += 4) {
      const at = (j >> 3) * capacity * 32 + row * 32 + (j & 7) * 4;
      const d = f32x4.mul(v128.load(gain + j * 4), v128.load(dy + at));
      sum = f32x4.add(sum, d);
      product = f32x4.add(product, f32x4.mul(d, v128.load(h + at)));
    }
    const a = f32x4.splat(sumOf(sum) / count);
    const b = f32x4.splat(sumOf(product) / count);
    const factors = v128.load32_splat(inverse + row * 4);
    for (let j: usize = 0; j < width; j += 4) {
      const at = (j >> 3) * capacity * 32 + row * 32 + (j & 7) * 4;
      const d = f32x4.mul(v128.load(gain + j * 4), v128.load(dy + at));
      const rest = f32x4.sub(f32x4.sub(d, a), f32x4.mul(v128.load(h + at), b));
      v128.store(dx + at, v128.and(f32x4.mul(rest, factors), below(j, width)));
    }
  }
}

/** Σ rows of (x − a)² of every column. */
export function columnDeviations(
  x: usize,
  a: usize,
  out: usize,
  n: usize,
  capacity: usize,
  rows: usize,
): void {
  for (let j: usize = 0; j < n; j += 4) {
    const centre = v128.load(a + j * 4);
    let sum = f32x4.splat(0);
    let at = x + (j >> 3) * capacity * 32 + (j & 7) * 4;
    for (const end = at + rows * 32; at < end; at += 32) {
      const d = f32x4.sub(v128.load(at), centre);
      sum = f32x4.add(sum, f32x4.mul(d, d));
    }
    v128.store(out + j * 4, sum);
  }
}

/** Σ rows of x ∘ y of every column. */
export function columnProducts(x: usize, y: usize, out: usize, n: usize, capacity: usize, rows: usize): void {
  for (let j: usize = 0; j < n; j += 4) {
    let sum = f32x4.splat(0);
    let at = (j >> 3) * capacity * 32 + (j & 7) * 4;
    for (const end = at + rows * 32; at < end; at += 32) {
      sum = f32x4.add(sum, f32x4.mul(v128.load(x + at), v128.load(y + at)));
    }
    v128.store(out + j * 4, sum);
  }
}

/** h = (x − mean) ∘ inverse and y = gain ∘ h + shift, with one of each a column. */
export function normColumns(
  x: usize,
  mean: usize,
  inverse: usize,
  gain: usize,
  shift: usize,
  h: usize,
  y: usize,
  n: usize,
  capacity: usize,
  rows: usize,
): void {
  for (let j: usize = 0; j < n; j += 4) {
    const centre = v128.load(mean + j * 4);
    const factor = v128.load(inverse + j * 4);
    const gains = v128.load(gain + j * 4);
    const shifts = v128.load(shift + j * 4);
    let at = (j >> 3) * capacity * 32 + (j & 7) * 4;
    for (const end = at + rows * 32; at < end; at += 32) {
      const standardised = f32x4.mul(f32x4.sub(v128.load(x + at), centre), factor);
      v128.store(h + at, standardised);
      v128.store(y + at, f32x4.add(f32x4.mul(gains, standardised), shifts));
    }
  }
}

/** dx = factor ∘ (dy − a − h ∘ b), with one factor, a and b a column. */
export function normColumnsGradient(
  dy: usize,
  h: usize,
  factor: usize,
  a: usize,
  b: usize,
  dx: usize,
  n: usize,
  capacity: usize,
  rows: usize,
): void {
  for (let j: usize = 0; j < n; j += 4) {
    const factors = v128.load(factor + j * 4);
    const means = v128.load(a + j * 4);
    const products = v128.load(b + j * 4);
    let at = (j >> 3) * capacity * 32 + (j & 7) * 4;
    for (const end = at + rows * 32; at < end; at += 32) {
      const rest = f32x4.sub(f32x4.sub(v128.load(dy + at), means), f32x4.mul(v128.load(h + at), products));
      v128.store(dx + at, f32x4.mul(factors, rest));
    }
  }
}
