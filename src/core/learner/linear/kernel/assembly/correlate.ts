/** Four rows of v and two pairs of columns at a time; past the last row it is taken again. As g is symmetric, rows of g do. */
export function correlate(g: usize, stride: i32, size: i32, from: i32, v: usize, w: usize, pairs: i32): void {
  const row = (<usize>pairs) << 4;
  const line = (<usize>stride) << 3;
  const length = (<usize>size) << 3;
  const last = <usize>(size - 1);
  for (let l = <usize>from; l <= last; l += 4) {
    const l1 = min(l + 1, last);
    const l2 = min(l + 2, last);
    const l3 = min(l + 3, last);
    const g0 = g + l * line;
    const g1 = g + l1 * line;
    const g2 = g + l2 * line;
    const g3 = g + l3 * line;
    let c: usize = 0;
    for (; c + 32 <= row; c += 32) {
      const v0 = v + l * row + c;
      const v1 = v + l1 * row + c;
      const v2 = v + l2 * row + c;
      const v3 = v + l3 * row + c;
      let a0 = v128.load(v0);
      let b0 = v128.load(v0, 16);
      let a1 = v128.load(v1);
      let b1 = v128.load(v1, 16);
      let a2 = v128.load(v2);
      let b2 = v128.load(v2, 16);
      let a3 = v128.load(v3);
      let b3 = v128.load(v3, 16);
      let at = w + c;
      for (let k: usize = 0; k < length; k += 8) {
        const a = v128.load(at);
        const b = v128.load(at, 16);
        const f0 = v128.load64_splat(g0 + k);
        a0 = f64x2.sub(a0, f64x2.mul(f0, a));
        b0 = f64x2.sub(b0, f64x2.mul(f0, b));
        const f1 = v128.load64_splat(g1 + k);
        a1 = f64x2.sub(a1, f64x2.mul(f1, a));
        b1 = f64x2.sub(b1, f64x2.mul(f1, b));
        const f2 = v128.load64_splat(g2 + k);
        a2 = f64x2.sub(a2, f64x2.mul(f2, a));
        b2 = f64x2.sub(b2, f64x2.mul(f2, b));
        const f3 = v128.load64_splat(g3 + k);
        a3 = f64x2.sub(a3, f64x2.mul(f3, a));
        b3 = f64x2.sub(b3, f64x2.mul(f3, b));
        at += row;
      }
      v128.store(v0, a0);
      v128.store(v0, b0, 16);
      v128.store(v1, a1);
      v128.store(v1, b1, 16);
      v128.store(v2, a2);
      v128.store(v2, b2, 16);
      v128.store(v3, a3);
      v128.store(v3, b3, 16);
    }
    if (c === row) continue;
    const v0 = v + l * row + c;
    const v1 = v + l1 * row + c;
    const v2 = v + l2 * row + c;
    const v3 = v + l3 * row + c;
    let a0 = v128.load(v0);
    let a1 = v128.load(v1);
    let a2 = v128.load(v2);
    let a3 = v128.load(v3);
    let at = w + c;
    for (let k: usize = 0; k < length; k += 8) {
      const a = v128.load(at);
      a0 = f64x2.sub(a0, f64x2.mul(v128.load64_splat(g0 + k), a));
      a1 = f64x2.sub(a1, f64x2.mul(v128.load64_splat(g1 + k), a));
      a2 = f64x2.sub(a2, f64x2.mul(v128.load64_splat(g2 + k), a));
      a3 = f64x2.sub(a3, f64x2.mul(v128.load64_splat(g3 + k), a));
      at += row;
    }
    v128.store(v0, a0);
    v128.store(v1, a1);
    v128.store(v2, a2);
    v128.store(v3, a3);
  }
}
