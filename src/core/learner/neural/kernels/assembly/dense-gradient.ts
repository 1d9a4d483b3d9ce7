// The products of a dense layer's gradient. Sums run over the rows one by one in ascending order, whatever the block, the
// range or the number of threads.

/** Rows whose slopes stay in the second cache while all columns of the inputs pass by. */
const ROW_BLOCK: usize = 128;

/**
 * dW = Xᵀ dY for columns from … to of X (multiples of 4; `to` may be k), summed over rows 0 … rows.
 * @param gradient panels of n columns, k rows each
 */
export function denseWeights(
  x: usize,
  k: usize,
  dy: usize,
  gradient: usize,
  n: usize,
  capacity: usize,
  rows: usize,
  from: usize,
  to: usize,
): void {
  let start: usize = 0;
  do {
    const end = min(start + ROW_BLOCK, rows);
    weightsOfRows(x, k, dy, gradient, n, capacity, start, end, from, to);
    start = end;
  } while (start < rows);
}

/** Adds rows start … end to the sums so far; with `start` 0 they begin. */
function weightsOfRows(
  x: usize,
  k: usize,
  dy: usize,
  gradient: usize,
  n: usize,
  capacity: usize,
  start: usize,
  end: usize,
  from: usize,
  to: usize,
): void {
  const length = (end - start) * 32;
  for (let i = from; i < to; i += 4) {
    const columns = x + (i >> 3) * capacity * 32 + (i & 7) * 4 + start * 32;
    for (let j: usize = 0; j < n; j += 8) {
      const out = gradient + j * k * 4 + i * 32;
      let s00 = f32x4.splat(0);
      let s01 = f32x4.splat(0);
      let s10 = f32x4.splat(0);
      let s11 = f32x4.splat(0);
      let s20 = f32x4.splat(0);
      let s21 = f32x4.splat(0);
      let s30 = f32x4.splat(0);
      let s31 = f32x4.splat(0);
      if (start > 0) {
        s00 = v128.load(out, 0);
        s01 = v128.load(out, 16);
        if (i + 1 < k) {
          s10 = v128.load(out, 32);
          s11 = v128.load(out, 48);
        }
        if (i + 2 < k) {
          s20 = v128.load(out, 64);
          s21 = v128.load(out, 80);
        }
        if (i + 3 < k) {
          s30 = v128.load(out, 96);
          s31 = v128.load(out, 112);
        }
      }
      let a = columns;
      let b = dy + j * capacity * 4 + start * 32;
      const last = b + length;
      while (b < last) {
        {
          const b0 = v128.load(b, 0);
          const b1 = v128.load(b, 16);
          let v = v128.load32_splat(a, 0);
          s00 = f32x4.add(s00, f32x4.mul(v, b0));
          s01 = f32x4.add(s01, f32x4.mul(v, b1));
          v = v128.load32_splat(a, 4);
          s10 = f32x4.add(s10, f32x4.mul(v, b0));
          s11 = f32x4.add(s11, f32x4.mul(v, b1));
          v = v128.load32_splat(a, 8);
          s20 = f32x4.add(s20, f32x4.mul(v, b0));
          s21 = f32x4.add(s21, f32x4.mul(v, b1));
          v = v128.load32_splat(a, 12);
          s30 = f32x4.add(s30, f32x4.mul(v, b0));
          s31 = f32x4.add(s31, f32x4.mul(v, b1));
        }
        {
          const b0 = v128.load(b, 32);
          const b1 = v128.load(b, 48);
          let v = v128.load32_splat(a, 32);
          s00 = f32x4.add(s00, f32x4.mul(v, b0));
          s01 = f32x4.add(s01, f32x4.mul(v, b1));
          v = v128.load32_splat(a, 36);
          s10 = f32x4.add(s10, f32x4.mul(v, b0));
          s11 = f32x4.add(s11, f32x4.mul(v, b1));
          v = v128.load32_splat(a, 40);
          s20 = f32x4.add(s20, f32x4.mul(v, b0));
          s21 = f32x4.add(s21, f32x4.mul(v, b1));
          v = v128.load32_splat(a, 44);
          s30 = f32x4.add(s30, f32x4.mul(v, b0));
          s31 = f32x4.add(s31, f32x4.mul(v, b1));
        }
        {
          const b0 = v128.load(b, 64);
          const b1 = v128.load(b, 80);
          let v = v128.load32_splat(a, 64);
          s00 = f32x4.add(s00, f32x4.mul(v, b0));
          s01 = f32x4.add(s01, f32x4.mul(v, b1));
          v = v128.load32_splat(a, 68);
          s10 = f32x4.add(s10, f32x4.mul(v, b0));
          s11 = f32x4.add(s11, f32x4.mul(v, b1));
          v = v128.load32_splat(a, 72);
          s20 = f32x4.add(s20, f32x4.mul(v, b0));
          s21 = f32x4.add(s21, f32x4.mul(v, b1));
          v = v128.load32_splat(a, 76);
          s30 = f32x4.add(s30, f32x4.mul(v, b0));
          s31 = f32x4.add(s31, f32x4.mul(v, b1));
        }
        {
          const b0 = v128.load(b, 96);
          const b1 = v128.load(b, 112);
          let v = v128.load32_splat(a, 96);
          s00 = f32x4.add(s00, f32x4.mul(v, b0));
          s01 = f32x4.add(s01, f32x4.mul(v, b1));
          v = v128.load32_splat(a, 100);
          s10 = f32x4.add(s10, f32x4.mul(v, b0));
          s11 = f32x4.add(s11, f32x4.mul(v, b1));
          v = v128.load32_splat(a, 104);
          s20 = f32x4.add(s20, f32x4.mul(v, b0));
          s21 = f32x4.add(s21, f32x4.mul(v, b1));
          v = v128.load32_splat(a, 108);
          s30 = f32x4.add(s30, f32x4.mul(v, b0));
          s31 = f32x4.add(s31, f32x4.mul(v, b1));
        }
        a += 128;
        b += 128;
      }
      v128.store(out, s00, 0);
      v128.store(out, s01, 16);
      if (i + 1 < k) {
        v128.store(out, s10, 32);
        v128.store(out, s11, 48);
      }
      if (i + 2 < k) {
        v128.store(out, s20, 64);
        v128.store(out, s21, 80);
      }
      if (i + 3 < k) {
        v128.store(out, s30, 96);
        v128.store(out, s31, 112);
      }
    }
  }
}

/**
 * db = Σ rows of dY, n padded to a multiple of 8; with `rectify`, dY is first made 0 where H ≤ 0: back through
 * H = max(·, 0).
 */
export function denseBias(
  h: usize,
  dy: usize,
  gradient: usize,
  n: usize,
  capacity: usize,
  rows: usize,
  rectify: bool,
): void {
  const zero = f32x4.splat(0);
  for (let j: usize = 0; j < n; j += 8) {
    let s0 = zero;
    let s1 = zero;
    let a = h + j * capacity * 4;
    let b = dy + j * capacity * 4;
    const last = b + rows * 32;
    while (b < last) {
      let d0 = v128.load(b);
      let d1 = v128.load(b, 16);
      if (rectify) {
        d0 = v128.and(d0, f32x4.gt(v128.load(a), zero));
        d1 = v128.and(d1, f32x4.gt(v128.load(a, 16), zero));
        v128.store(b, d0);
        v128.store(b, d1, 16);
      }
      s0 = f32x4.add(s0, d0);
      s1 = f32x4.add(s1, d1);
      a += 32;
      b += 32;
    }
    v128.store(gradient + j * 4, s0);
    v128.store(gradient + j * 4, s1, 16);
  }
}

/**
 * Wᵀ in panels of k columns (k padded with zeros to a multiple of 8), n rows each, from W in panels of n columns.
 * Only rows 0 … n of the result are written.
 */
export function transpose(w: usize, k: usize, n: usize, out: usize): void {
  for (let i: usize = 0; i < k; i += 8) {
    const target = out + i * n * 4;
    const here = min<usize>(8, k - i);
    let j: usize = 0;
    if (here === 8) {
      for (; j + 8 <= n; j += 8) transposeBlock(w + j * k * 4 + i * 32, target + j * 32);
    }
    for (; j < n; j++) {
      const source = w + (j >> 3) * k * 32 + i * 32 + (j & 7) * 4;
      const row = target + j * 32;
      for (let c: usize = 0; c < here; c++) store<f32>(row + c * 4, load<f32>(source + c * 32));
      for (let c = here; c < 8; c++) store<f32>(row + c * 4, 0);
    }
  }
}

/** 8 × 8 numbers, as four blocks of 4 × 4. */
function transposeBlock(source: usize, target: usize): void {
  for (let half: usize = 0; half < 2; half++) {
    for (let side: usize = 0; side < 2; side++) {
      const from = source + half * 128 + side * 16;
      const to = target + side * 128 + half * 16;
      const a = v128.load(from);
      const b = v128.load(from, 32);
      const c = v128.load(from, 64);
      const d = v128.load(from, 96);
      const low0 = v128.shuffle<f32>(a, b, 0, 4, 1, 5);
      const high0 = v128.shuffle<f32>(a, b, 2, 6, 3, 7);
      const low1 = v128.shuffle<f32>(c, d, 0, 4, 1, 5);
      const high1 = v128.shuffle<f32>(c, d, 2, 6, 3, 7);
      v128.store(to, v128.shuffle<f32>(low0, low1, 0, 1, 4, 5));
      v128.store(to, v128.shuffle<f32>(low0, low1, 2, 3, 6, 7), 32);
      v128.store(to, v128.shuffle<f32>(high0, high1, 0, 1, 4, 5), 64);
      v128.store(to, v128.shuffle<f32>(high0, high1, 2, 3, 6, 7), 96);
    }
  }
}
