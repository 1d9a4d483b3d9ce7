// The hot loops of linear models, in AssemblyScript. What each does: see ../kernel.ts.

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

/** Rows whose changes wait for each other in `descendSingle`. */
const WAITING: i32 = 8;

/**
 * `descend` with g and v in single precision: half the memory to read, twice the numbers at a time. v lies column after
 * column, as g does: changes of rows wait until there are eight, and then go over sixteen numbers of two columns at a time.
 */
export function descendSingle(
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
  const line = (<usize>stride) << 2;
  const rowW = (<usize>pairs) << 4;
  const row = ((rowW + 31) >> 5) << 4;
  const target = scratch + WAITING * row;
  const waitingRows = target + rowW;
  let largest: f64 = 0;
  let waiting: i32 = 0;
  memory.fill(scratch, 0, WAITING * row);
  for (let k = 0; k < count; k++) {
    const slot = <usize>load<i32>(order + ((<usize>k) << 2));
    const own = slot << 2;
    const gk = g + slot * line;
    const h = max(<f64>load<f32>(gk + own), 1e-12);
    const wk = w + slot * rowW;
    const step = scratch + <usize>waiting * row;
    let vk = v + own;
    for (let c: usize = 0; c < rowW; c += 8) {
      store<f32>(step + (c >> 1), load<f32>(vk));
      vk += line;
    }
    for (let q = 0; q < waiting; q++) {
      const factor = v128.load32_splat(load<usize>(waitingRows + ((<usize>q) << 2)) + own);
      const earlier = scratch + <usize>q * row;
      for (let c: usize = 0; c < row; c += 16) {
        v128.store(step + c, f32x4.sub(v128.load(step + c), f32x4.mul(factor, v128.load(earlier + c))));
      }
    }
    let norm: f64 = 0;
    for (let c: usize = 0; c < rowW; c += 8) {
      const u = <f64>load<f32>(step + (c >> 1)) + h * load<f64>(wk + c);
      store<f64>(target + c, u);
      norm += u * u;
    }
    norm = sqrt(norm);
    const inverse = 1 / (h + square);
    const factor = norm > threshold ? (1 - threshold / norm) * inverse : 0;
    let violation: f64 = 0;
    for (let c: usize = 0; c < rowW; c += 8) {
      const u = load<f64>(target + c);
      const next = rowwise ? u * factor : (u - min(max(u, -threshold), threshold)) * inverse;
      const d = next - load<f64>(wk + c);
      store<f64>(wk + c, next);
      store<f32>(step + (c >> 1), <f32>d);
      violation += h * d * (h * d);
    }
    if (!(violation > 0)) continue;
    largest = max(largest, violation);
    store<usize>(waitingRows + ((<usize>waiting) << 2), gk);
    waiting++;
    if (waiting < WAITING) continue;
    subtractWaiting(waitingRows, waiting, size, v, line, rowW >> 1, scratch, row);
    waiting = 0;
  }
  if (waiting > 0) subtractWaiting(waitingRows, waiting, size, v, line, rowW >> 1, scratch, row);
  return sqrt(largest);
}

/** v_c −= Σ_q g_q step_qc for columns c, two at a time; g_q: where `rows` points to. */
function subtractWaiting(
  rows: usize,
  count: i32,
  size: i32,
  v: usize,
  line: usize,
  columns: usize,
  steps: usize,
  row: usize,
): void {
  const length = (<usize>size) << 2;
  const end = rows + ((<usize>count) << 2);
  for (let l: usize = 0; l < length; l += 64) {
    let v0 = v + l;
    for (let c: usize = 0; c < columns; c += 8) {
      const v1 = v0 + line;
      let a0 = v128.load(v0);
      let a1 = v128.load(v0, 16);
      let a2 = v128.load(v0, 32);
      let a3 = v128.load(v0, 48);
      let b0 = v128.load(v1);
      let b1 = v128.load(v1, 16);
      let b2 = v128.load(v1, 32);
      let b3 = v128.load(v1, 48);
      let step = steps + c;
      for (let at = rows; at < end; at += 4) {
        const g = load<usize>(at) + l;
        const s0 = v128.load32_splat(step);
        const s1 = v128.load32_splat(step, 4);
        const g0 = v128.load(g);
        a0 = f32x4.sub(a0, f32x4.mul(g0, s0));
        b0 = f32x4.sub(b0, f32x4.mul(g0, s1));
        const g1 = v128.load(g, 16);
        a1 = f32x4.sub(a1, f32x4.mul(g1, s0));
        b1 = f32x4.sub(b1, f32x4.mul(g1, s1));
        const g2 = v128.load(g, 32);
        a2 = f32x4.sub(a2, f32x4.mul(g2, s0));
        b2 = f32x4.sub(b2, f32x4.mul(g2, s1));
        const g3 = v128.load(g, 48);
        a3 = f32x4.sub(a3, f32x4.mul(g3, s0));
        b3 = f32x4.sub(b3, f32x4.mul(g3, s1));
        step += row;
      }
      v128.store(v0, a0);
      v128.store(v0, a1, 16);
      v128.store(v0, a2, 32);
      v128.store(v0, a3, 48);
      v128.store(v1, b0);
      v128.store(v1, b1, 16);
      v128.store(v1, b2, 32);
      v128.store(v1, b3, 48);
      v0 = v1 + line;
    }
  }
}
