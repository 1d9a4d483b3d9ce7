/**
 * Z[at + i] += Σ_a weights[a] X[starts[a] + i] for i < `count`, four features at a time.
 * @param used features, of those that there is room for
 */
export function addProducts(
  X: Float64Array,
  starts: Int32Array,
  weights: Float64Array,
  used: number,
  count: number,
  Z: Float64Array,
  at: number,
): void {
  let a = 0;
  for (; a + 3 < used; a += 4) {
    const x0 = starts[a];
    const x1 = starts[a + 1];
    const x2 = starts[a + 2];
    const x3 = starts[a + 3];
    const w0 = weights[a];
    const w1 = weights[a + 1];
    const w2 = weights[a + 2];
    const w3 = weights[a + 3];
    for (let i = 0; i < count; i++) {
      Z[at + i] += w0 * X[x0 + i] + w1 * X[x1 + i] + w2 * X[x2 + i] + w3 * X[x3 + i];
    }
  }
  for (; a < used; a++) {
    const x = starts[a];
    const w = weights[a];
    for (let i = 0; i < count; i++) Z[at + i] += w * X[x + i];
  }
}

/**
 * V[features[a] · columns + c] += Σ_i X[starts[a] + i] θ[e + i], i < `count`: one column, four features at a time, so that
 * four sums are under way.
 */
export function addSums(
  X: Float64Array,
  starts: Int32Array,
  count: number,
  theta: Float64Array,
  e: number,
  V: Float64Array,
  features: Int32Array,
  columns: number,
  c: number,
): void {
  const last = starts.length - 1;
  const sums = new Float64Array(4);
  for (let a = 0; a <= last; a += 4) {
    const x0 = starts[a];
    const x1 = starts[Math.min(a + 1, last)];
    const x2 = starts[Math.min(a + 2, last)];
    const x3 = starts[Math.min(a + 3, last)];
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let i = 0; i < count; i++) {
      const t = theta[e + i];
      s0 += X[x0 + i] * t;
      s1 += X[x1 + i] * t;
      s2 += X[x2 + i] * t;
      s3 += X[x3 + i] * t;
    }
    sums[0] = s0;
    sums[1] = s1;
    sums[2] = s2;
    sums[3] = s3;
    for (let k = 0; k < 4 && a + k <= last; k++) V[features[a + k] * columns + c] += sums[k];
  }
}

/** The same for the columns `together`, whose θ begin at `offsets`: two features by four columns, eight sums for six loads. */
export function addSumsOfColumns(
  X: Float64Array,
  starts: Int32Array,
  count: number,
  theta: Float64Array,
  offsets: readonly number[],
  V: Float64Array,
  features: Int32Array,
  columns: number,
  together: readonly number[],
): void {
  const sums = new Float64Array(8);
  for (let a = 0; a < features.length; a += 2) {
    const pair = a + 1 < features.length ? 2 : 1;
    const x0 = starts[a];
    const x1 = starts[a + pair - 1];
    let q = 0;
    for (; q + 3 < together.length; q += 4) {
      const e0 = offsets[q];
      const e1 = offsets[q + 1];
      const e2 = offsets[q + 2];
      const e3 = offsets[q + 3];
      let s00 = 0;
      let s01 = 0;
      let s02 = 0;
      let s03 = 0;
      let s10 = 0;
      let s11 = 0;
      let s12 = 0;
      let s13 = 0;
      for (let i = 0; i < count; i++) {
        const a0 = X[x0 + i];
        const a1 = X[x1 + i];
        const t0 = theta[e0 + i];
        const t1 = theta[e1 + i];
        const t2 = theta[e2 + i];
        const t3 = theta[e3 + i];
        s00 += a0 * t0;
        s01 += a0 * t1;
        s02 += a0 * t2;
        s03 += a0 * t3;
        s10 += a1 * t0;
        s11 += a1 * t1;
        s12 += a1 * t2;
        s13 += a1 * t3;
      }
      sums[0] = s00;
      sums[1] = s01;
      sums[2] = s02;
      sums[3] = s03;
      sums[4] = s10;
      sums[5] = s11;
      sums[6] = s12;
      sums[7] = s13;
      for (let k = 0; k < pair; k++) {
        for (let c = 0; c < 4; c++) V[features[a + k] * columns + together[q + c]] += sums[4 * k + c];
      }
    }
    for (; q < together.length; q++) {
      const e = offsets[q];
      let s0 = 0;
      let s1 = 0;
      for (let i = 0; i < count; i++) {
        const t = theta[e + i];
        s0 += X[x0 + i] * t;
        s1 += X[x1 + i] * t;
      }
      V[features[a] * columns + together[q]] += s0;
      if (pair > 1) V[features[a + 1] * columns + together[q]] += s1;
    }
  }
}
