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
