/**
 * Rows, targets and weights of one task, and where its predictions lie: column k (0 ≤ k < width) of row i at
 * `offset + k * count + i` of a prediction array.
 */
export interface LossRows {
  readonly count: number;
  readonly width: number;
  /** Value, or class code 0…K−1; any finite number where the weight is 0. */
  readonly target: Float64Array;
  /** ω_i ≥ 0, summing to the task's weight. */
  readonly weight: Float64Array;
  readonly offset: number;
  readonly firstColumn: number;
}

/** A convex loss ℓ(z, y) of a linear prediction z (a vector for softmax), summed over rows with weights ω. */
export interface Loss {
  readonly name: string;
  /** ℓ'' is 1 everywhere: one quadratic model is the loss itself. */
  readonly quadratic: boolean;
  /** Upper bound of the largest eigenvalue of ℓ'' (the Lipschitz constant of ℓ'); Infinity where there is none. */
  readonly curvatureBound: number;
  /** Σ_i ω_i ℓ(z_i, y_i); fills θ_i = −ω_i ℓ'(z_i, y_i), the candidate dual point. */
  evaluate(rows: LossRows, Z: Float64Array, theta: Float64Array): number;
  /** −Σ_i ω_i ℓ*(−s θ_i / ω_i) for 0 ≤ s ≤ 1: the dual objective's part of this loss, ℓ* the convex conjugate. */
  dual(rows: LossRows, theta: Float64Array, scale: number): number;
  /** Fills H with ω_i times a diagonal ≥ ℓ''(z_i) (equal to it for scalar z): weights of the local quadratic model. */
  curvature(rows: LossRows, Z: Float64Array, H: Float64Array): void;
  /** Fills `out` with ω_i ℓ''(z_i) D_i, D laid out like Z. */
  curvatureTimes(rows: LossRows, Z: Float64Array, D: Float64Array, out: Float64Array): void;
  /** Moves the task's intercepts in b, and Z with them, to their optimum: Σ_i θ_i = 0 afterwards. */
  fitIntercept(rows: LossRows, Z: Float64Array, b: Float64Array): void;
}

/** Intercepts stay within ± this: with a class that no row has, the optimum is at infinity. */
export const INTERCEPT_BOUND = 30;

/** Adds `shift` to the intercept of a task of one column, and to its predictions. */
export function shiftIntercept(rows: LossRows, Z: Float64Array, b: Float64Array, shift: number): void {
  const { count, offset, firstColumn } = rows;
  b[firstColumn] += shift;
  for (let i = 0; i < count; i++) Z[offset + i] += shift;
}

/** `Loss.dual` where ℓ*(u) = ½ u² + u y. */
export function squaredDual(rows: LossRows, theta: Float64Array, scale: number): number {
  const { count, target, weight, offset } = rows;
  let sum = 0;
  for (let i = 0; i < count; i++) {
    if (weight[i] === 0) continue;
    const scaled = scale * theta[offset + i];
    sum += scaled * (target[i] - (0.5 * scaled) / weight[i]);
  }
  return sum;
}
