/** Changes of rows wait in `scratch` until there are four: v is then read and written once for all of them. */
export function descend(
  g: usize,
  stride: i32,
  size: i32,
  order: usize,
  count: i32,
  v: usize,
  w: usize,
  pairs: i32,
  scratch: usize,
  rowwise: i32,
  threshold: f64,
  square: f64,
): f64 {
  const row = (<usize>pairs) << 4;
  const line = (<usize>stride) << 3;
  let largest: f64 = 0;
  let waiting: i32 = 0;
  let g0: usize = g;
  let g1: usize = g;
  let g2: usize = g;
  for (let k = 0; k < count; k++) {
    const slot = <usize>load<i32>(order + ((<usize>k) << 2));
    const own = slot << 3;
    const gk = g + slot * line;
    const h = max(load<f64>(gk + own), 1e-12);
    const vk = v + slot * row;
    const wk = w + slot * row;
    const step = scratch + <usize>waiting * row;
    let norm: f64 = 0;
    for (let c: usize = 0; c < row; c += 8) {
      let value = load<f64>(vk + c);
      if (waiting > 0) value -= load<f64>(g0 + own) * load<f64>(scratch + c);
      if (waiting > 1) value -= load<f64>(g1 + own) * load<f64>(scratch + row + c);
      if (waiting > 2) value -= load<f64>(g2 + own) * load<f64>(scratch + 2 * row + c);
      const u = value + h * load<f64>(wk + c);
      store<f64>(step + c, u);
      norm += u * u;
    }
    norm = sqrt(norm);
    const inverse = 1 / (h + square);
    const factor = norm > threshold ? (1 - threshold / norm) * inverse : 0;
    let violation: f64 = 0;
    for (let c: usize = 0; c < row; c += 8) {
      const u = load<f64>(step + c);
      const next = rowwise ? u * factor : (u - min(max(u, -threshold), threshold)) * inverse;
      const d = next - load<f64>(wk + c);
      store<f64>(wk + c, next);
      store<f64>(step + c, d);
      violation += h * d * (h * d);
    }
    if (!(violation > 0)) continue;
    largest = max(largest, violation);
    waiting++;
    if (waiting === 1) g0 = gk;
    else if (waiting === 2) g1 = gk;
    else if (waiting === 3) g2 = gk;
    else {
      subtractFour(g0, g1, g2, gk, size, v, row, scratch);
      waiting = 0;
    }
  }
  if (waiting > 0) subtract(g0, size, v, row, scratch);
  if (waiting > 1) subtract(g1, size, v, row, scratch + row);
  if (waiting > 2) subtract(g2, size, v, row, scratch + 2 * row);
  return sqrt(largest);
}

/** v_l −= g_l step for l < size; rows of `row` bytes. */
function subtract(g: usize, size: i32, v: usize, row: usize, step: usize): void {
  const end = g + ((<usize>size) << 3);
  for (let c: usize = 0; c < row; c += 16) {
    const d = v128.load(step + c);
    let at = v + c;
    for (let from = g; from < end; from += 8) {
      v128.store(at, f64x2.sub(v128.load(at), f64x2.mul(v128.load64_splat(from), d)));
      at += row;
    }
  }
}

/** The same for four rows of g and their steps, which lie one after the other; the same bits as one at a time. */
function subtractFour(
  g0: usize,
  g1: usize,
  g2: usize,
  g3: usize,
  size: i32,
  v: usize,
  row: usize,
  steps: usize,
): void {
  const length = (<usize>size) << 3;
  let c: usize = 0;
  for (; c + 32 <= row; c += 32) {
    const a0 = v128.load(steps + c);
    const b0 = v128.load(steps + c + 16);
    const a1 = v128.load(steps + row + c);
    const b1 = v128.load(steps + row + c + 16);
    const a2 = v128.load(steps + 2 * row + c);
    const b2 = v128.load(steps + 2 * row + c + 16);
    const a3 = v128.load(steps + 3 * row + c);
    const b3 = v128.load(steps + 3 * row + c + 16);
    let at = v + c;
    for (let l: usize = 0; l < length; l += 8) {
      const f0 = v128.load64_splat(g0 + l);
      const f1 = v128.load64_splat(g1 + l);
      const f2 = v128.load64_splat(g2 + l);
      const f3 = v128.load64_splat(g3 + l);
      let a = f64x2.sub(v128.load(at), f64x2.mul(f0, a0));
      let b = f64x2.sub(v128.load(at + 16), f64x2.mul(f0, b0));
      a = f64x2.sub(a, f64x2.mul(f1, a1));
      b = f64x2.sub(b, f64x2.mul(f1, b1));
      a = f64x2.sub(a, f64x2.mul(f2, a2));
      b = f64x2.sub(b, f64x2.mul(f2, b2));
      v128.store(at, f64x2.sub(a, f64x2.mul(f3, a3)));
      v128.store(at + 16, f64x2.sub(b, f64x2.mul(f3, b3)));
      at += row;
    }
  }
  if (c < row) {
    const a0 = v128.load(steps + c);
    const a1 = v128.load(steps + row + c);
    const a2 = v128.load(steps + 2 * row + c);
    const a3 = v128.load(steps + 3 * row + c);
    let at = v + c;
    for (let l: usize = 0; l < length; l += 8) {
      let a = f64x2.sub(v128.load(at), f64x2.mul(v128.load64_splat(g0 + l), a0));
      a = f64x2.sub(a, f64x2.mul(v128.load64_splat(g1 + l), a1));
      a = f64x2.sub(a, f64x2.mul(v128.load64_splat(g2 + l), a2));
      v128.store(at, f64x2.sub(a, f64x2.mul(v128.load64_splat(g3 + l), a3)));
      at += row;
    }
  }
}
