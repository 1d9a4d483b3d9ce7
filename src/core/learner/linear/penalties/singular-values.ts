import type { Shape } from './penalty';

/** A = Σ_k (a_k of length σ_k) q_kᵀ: the thin singular value decomposition, left vectors scaled by their values. */
export interface SingularValues {
  /** σ_k ≥ 0, in no order. */
  readonly values: Float64Array;
  /** σ_k u_k at `k * tall`. */
  readonly left: Float64Array;
  /** Unit vectors v_k at `k * short`. */
  readonly right: Float64Array;
  readonly tall: number;
  readonly short: number;
  /** Whether it is that of the transpose, for there are more columns than features. */
  readonly transposed: boolean;
}

const SWEEPS = 60;
const ORTHOGONAL = 1e-15;

/**
 * By one-sided Jacobi rotations, which give small singular values to full accuracy; time (features × columns × the
 * smaller of the two) a sweep, some six sweeps.
 * Hestenes, J. SIAM 6 (1958); Demmel and Veselić, SIAM J. Matrix Anal. Appl. 13 (1992).
 */
export function decompose(W: Float64Array, { features, columns }: Shape): SingularValues {
  const transposed = columns > features;
  const tall = transposed ? columns : features;
  const short = transposed ? features : columns;
  const left = new Float64Array(tall * short);
  for (let k = 0; k < short; k++) {
    for (let i = 0; i < tall; i++) left[k * tall + i] = transposed ? W[k * columns + i] : W[i * columns + k];
  }
  const right = new Float64Array(short * short);
  for (let k = 0; k < short; k++) right[k * short + k] = 1;
  // Columns this small against the whole are rounding: turning them would not end.
  const negligible = 1e-32 * inner(left, 0, 0, left.length);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let turned = false;
    for (let p = 0; p < short - 1; p++) {
      for (let q = p + 1; q < short; q++) {
        const alpha = inner(left, p * tall, p * tall, tall);
        const beta = inner(left, q * tall, q * tall, tall);
        if (Math.min(alpha, beta) <= negligible) continue;
        const gamma = inner(left, p * tall, q * tall, tall);
        if (Math.abs(gamma) <= ORTHOGONAL * Math.sqrt(alpha * beta)) continue;
        turned = true;
        const zeta = (beta - alpha) / (2 * gamma);
        const tangent = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta));
        rotate(left, p * tall, q * tall, tall, tangent);
        rotate(right, p * short, q * short, short, tangent);
      }
    }
    if (!turned) break;
  }
  const values = Float64Array.from({ length: short }, (_, k) =>
    Math.sqrt(inner(left, k * tall, k * tall, tall)),
  );
  return { values, left, right, tall, short, transposed };
}

/** Writes Σ_k factors_k a_k q_kᵀ to W: the matrix with its singular values multiplied by `factors`. */
export function recompose(
  { left, right, tall, short, transposed }: SingularValues,
  factors: Float64Array,
  W: Float64Array,
): void {
  W.fill(0);
  const columns = transposed ? tall : short;
  for (let k = 0; k < short; k++) {
    if (factors[k] === 0) continue;
    for (let c = 0; c < short; c++) {
      const factor = factors[k] * right[k * short + c];
      for (let i = 0; i < tall; i++) {
        W[transposed ? c * columns + i : i * columns + c] += factor * left[k * tall + i];
      }
    }
  }
}

function inner(a: Float64Array, p: number, q: number, count: number): number {
  let sum = 0;
  for (let i = 0; i < count; i++) sum += a[p + i] * a[q + i];
  return sum;
}

/** Turns vectors p and q by the angle whose tangent is given. */
function rotate(a: Float64Array, p: number, q: number, count: number, tangent: number): void {
  const cosine = 1 / Math.sqrt(1 + tangent * tangent);
  const sine = cosine * tangent;
  for (let i = 0; i < count; i++) {
    const x = a[p + i];
    const y = a[q + i];
    a[p + i] = cosine * x - sine * y;
    a[q + i] = sine * x + cosine * y;
  }
}
