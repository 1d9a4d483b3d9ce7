export function products(
  a: usize,
  strideA: i32,
  countA: i32,
  b: usize,
  strideB: i32,
  countB: i32,
  pairs: i32,
  c: usize,
  strideC: i32,
): void {
  const length = (<usize>pairs) << 4;
  const rowA = (<usize>strideA) << 3;
  const rowB = (<usize>strideB) << 3;
  const row = (<usize>strideC) << 3;
  const lastA = a + <usize>(countA - 1) * rowA;
  const lastB = b + <usize>(countB - 1) * rowB;
  // Four by two vectors at a time; past the last one it is taken again, and its product written again.
  for (let i = 0; i < countA; i += 4) {
    const a0 = a + <usize>i * rowA;
    const a1 = min(a0 + rowA, lastA);
    const a2 = min(a0 + 2 * rowA, lastA);
    const a3 = min(a0 + 3 * rowA, lastA);
    const c0 = c + <usize>i * row;
    const c1 = c + <usize>min(i + 1, countA - 1) * row;
    const c2 = c + <usize>min(i + 2, countA - 1) * row;
    const c3 = c + <usize>min(i + 3, countA - 1) * row;
    for (let j = 0; j < countB; j += 2) {
      const b0 = b + <usize>j * rowB;
      const b1 = min(b0 + rowB, lastB);
      let s00 = f64x2.splat(0);
      let s01 = f64x2.splat(0);
      let s10 = f64x2.splat(0);
      let s11 = f64x2.splat(0);
      let s20 = f64x2.splat(0);
      let s21 = f64x2.splat(0);
      let s30 = f64x2.splat(0);
      let s31 = f64x2.splat(0);
      for (let k: usize = 0; k < length; k += 16) {
        const y0 = v128.load(b0 + k);
        const y1 = v128.load(b1 + k);
        const x0 = v128.load(a0 + k);
        s00 = f64x2.add(s00, f64x2.mul(x0, y0));
        s01 = f64x2.add(s01, f64x2.mul(x0, y1));
        const x1 = v128.load(a1 + k);
        s10 = f64x2.add(s10, f64x2.mul(x1, y0));
        s11 = f64x2.add(s11, f64x2.mul(x1, y1));
        const x2 = v128.load(a2 + k);
        s20 = f64x2.add(s20, f64x2.mul(x2, y0));
        s21 = f64x2.add(s21, f64x2.mul(x2, y1));
        const x3 = v128.load(a3 + k);
        s30 = f64x2.add(s30, f64x2.mul(x3, y0));
        s31 = f64x2.add(s31, f64x2.mul(x3, y1));
      }
      const j0 = (<usize>j) << 3;
      const j1 = (<usize>min(j + 1, countB - 1)) << 3;
      store<f64>(c0 + j0, total(s00));
      store<f64>(c0 + j1, total(s01));
      store<f64>(c1 + j0, total(s10));
      store<f64>(c1 + j1, total(s11));
      store<f64>(c2 + j0, total(s20));
      store<f64>(c2 + j1, total(s21));
      store<f64>(c3 + j0, total(s30));
      store<f64>(c3 + j1, total(s31));
    }
  }
}

function total(s: v128): f64 {
  return f64x2.extract_lane(s, 0) + f64x2.extract_lane(s, 1);
}

export function combine(x: usize, count: i32, pairs: i32, w: usize, columns: i32, z: usize): void {
  const length = (<usize>pairs) << 4;
  const weights = (<usize>columns) << 3;
  for (let j = 0; j < count; j += 4) {
    const x0 = x + <usize>j * length;
    const x1 = x0 + (j + 1 < count ? length : 0);
    const x2 = x0 + (j + 2 < count ? 2 * length : 0);
    const x3 = x0 + (j + 3 < count ? 3 * length : 0);
    for (let c = 0; c < columns; c++) {
      const at = w + <usize>j * weights + ((<usize>c) << 3);
      const w0 = f64x2.splat(load<f64>(at));
      const w1 = f64x2.splat(j + 1 < count ? load<f64>(at + weights) : 0);
      const w2 = f64x2.splat(j + 2 < count ? load<f64>(at + 2 * weights) : 0);
      const w3 = f64x2.splat(j + 3 < count ? load<f64>(at + 3 * weights) : 0);
      const zc = z + <usize>c * length;
      for (let k: usize = 0; k < length; k += 16) {
        const left = f64x2.add(f64x2.mul(w0, v128.load(x0 + k)), f64x2.mul(w1, v128.load(x1 + k)));
        const right = f64x2.add(f64x2.mul(w2, v128.load(x2 + k)), f64x2.mul(w3, v128.load(x3 + k)));
        v128.store(zc + k, f64x2.add(v128.load(zc + k), f64x2.add(left, right)));
      }
    }
  }
}
