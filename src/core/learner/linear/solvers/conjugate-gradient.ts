/** A symmetric positive semi-definite matrix, known by its products. */
export interface LinearOperator {
  times(direction: Float64Array, out: Float64Array): void;
}

/** Part of A's scale below which the curvature along a direction is rounding error: there is none. */
const FLAT = 1e-13;

/**
 * Solves A x = r by conjugate gradients, from x = 0, until ‖r − A x‖ ≤ enough.
 * @returns where A is singular and r outside of its range, a direction that A maps to 0 with a part of what is left of r:
 * along it ½ xᵀA x − rᵀx falls for ever. x is then as far as it went.
 * @param scale size of A's diagonal
 * @param precondition approximate inverse of A: fills `out` with its product with `residual`
 * @param residual r; holds r − A x afterwards
 * @param solution filled with x
 */
export function conjugateGradient(
  operator: LinearOperator,
  precondition: (residual: Float64Array, out: Float64Array) => void,
  residual: Float64Array,
  solution: Float64Array,
  enough: number,
  limit: number,
  scale: number,
): Float64Array | undefined {
  const direction = new Float64Array(residual.length);
  const image = new Float64Array(residual.length);
  const scaled = new Float64Array(residual.length);
  solution.fill(0);
  let rho = 0;
  for (let iteration = 0; iteration < limit; iteration++) {
    if (euclidean(residual) <= enough) return undefined;
    precondition(residual, scaled);
    let next = 0;
    for (let i = 0; i < residual.length; i++) next += residual[i] * scaled[i];
    if (!(next > 0)) return undefined;
    const beta = iteration === 0 ? 0 : next / rho;
    rho = next;
    for (let i = 0; i < direction.length; i++) direction[i] = scaled[i] + beta * direction[i];
    operator.times(direction, image);
    let curvature = 0;
    let square = 0;
    for (let i = 0; i < direction.length; i++) {
      curvature += direction[i] * image[i];
      square += direction[i] * direction[i];
    }
    if (!(curvature > FLAT * scale * square)) return direction;
    const alpha = rho / curvature;
    for (let i = 0; i < direction.length; i++) {
      solution[i] += alpha * direction[i];
      residual[i] -= alpha * image[i];
    }
  }
  return undefined;
}

export function euclidean(v: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < v.length; i++) sum += v[i] * v[i];
  return Math.sqrt(sum);
}
