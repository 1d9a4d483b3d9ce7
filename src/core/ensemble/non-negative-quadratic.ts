/** Descent directions weaker than this, for variables scaled to unit curvature, are rounding. */
const TOLERANCE = 1e-12;

/** Least pivot: what keeps copies of a variable from breaking the factorisation down. */
const LEAST_PIVOT = 1e-14;

/**
 * Minimises ½ yᵀ H y − cᵀ y over y ≥ 0, by the active set method of Lawson and Hanson (Solving Least Squares Problems,
 * 1974, chapter 23) on the normal equations. Exact up to rounding: variables that do not help are 0, and of variables
 * that would do equally well only one enters.
 *
 * @param H symmetric, positive semidefinite, with a positive diagonal; row-major (size × size)
 * @param c (size)
 * @returns y (size)
 */
export function minimizeNonNegativeQuadratic(H: Float64Array, c: Float64Array): Float64Array {
  const size = c.length;
  const scale = c.map((_, j) => 1 / Math.sqrt(H[j * size + j]));
  const scaledH = H.map((value, at) => value * scale[Math.floor(at / size)] * scale[at % size]);
  const scaledC = c.map((value, j) => value * scale[j]);
  const largest = scaledC.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest === 0) return new Float64Array(size);
  const y = minimizeScaled(
    scaledH,
    scaledC.map((value) => value / largest),
  );
  return y.map((value, j) => value * scale[j] * largest);
}

function minimizeScaled(H: Float64Array, c: Float64Array): Float64Array {
  const support: number[] = [];
  let y: Float64Array = new Float64Array(c.length);
  for (let entered = 0; entered < 10 * c.length; entered++) {
    const entering = steepest(H, c, y, support);
    if (entering < 0) break;
    support.push(entering);
    y = minimizeOnSupport(H, c, y, support);
  }
  return y;
}

/** Variable outside the support along which the objective falls fastest, −1 when it falls along none. */
function steepest(H: Float64Array, c: Float64Array, y: Float64Array, support: readonly number[]): number {
  const size = c.length;
  let found = -1;
  let fastest = TOLERANCE;
  for (let j = 0; j < size; j++) {
    if (support.includes(j)) continue;
    let descent = c[j];
    for (const k of support) descent -= H[j * size + k] * y[k];
    if (descent <= fastest) continue;
    fastest = descent;
    found = j;
  }
  return found;
}

/** Moves from `from` to the minimum over the support; a variable that reaches 0 on the way leaves `support`. */
function minimizeOnSupport(
  H: Float64Array,
  c: Float64Array,
  from: Float64Array,
  support: number[],
): Float64Array {
  let y = from;
  while (support.length > 0) {
    const target = solveOnSupport(H, c, support);
    let step = 1;
    let blocking = -1;
    support.forEach((k, i) => {
      if (target[i] > 0) return;
      const reach = y[k] / (y[k] - target[i]);
      if (blocking >= 0 && reach >= step) return;
      step = reach;
      blocking = i;
    });
    const next = new Float64Array(y.length);
    support.forEach((k, i) => {
      next[k] = blocking < 0 ? target[i] : Math.max(0, y[k] + step * (target[i] - y[k]));
    });
    y = next;
    if (blocking < 0) return y;
    y[support[blocking]] = 0;
    support.splice(blocking, 1);
  }
  return y;
}

/** Solves H_SS z = c_S by Cholesky. */
function solveOnSupport(H: Float64Array, c: Float64Array, support: readonly number[]): Float64Array {
  const size = c.length;
  const n = support.length;
  const factor = new Float64Array(n * n);
  const z = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = H[support[i] * size + support[j]];
      for (let k = 0; k < j; k++) rest -= factor[i * n + k] * factor[j * n + k];
      factor[i * n + j] = i === j ? Math.sqrt(Math.max(rest, LEAST_PIVOT)) : rest / factor[j * n + j];
    }
    let rest = c[support[i]];
    for (let k = 0; k < i; k++) rest -= factor[i * n + k] * z[k];
    z[i] = rest / factor[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) z[i] -= factor[k * n + i] * z[k];
    z[i] /= factor[i * n + i];
  }
  return z;
}
