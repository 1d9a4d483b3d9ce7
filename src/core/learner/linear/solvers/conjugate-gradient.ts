/** A symmetric positive semi-definite matrix, known by its products. */
export interface LinearOperator {
  times(direction: Float64Array, out: Float64Array): void;
}

export interface ConjugateGradientState {
  readonly direction: Float64Array;
  readonly image: Float64Array;
  readonly scaled: Float64Array;
}

export function createConjugateGradientState(size: number): ConjugateGradientState {
  return {
    direction: new Float64Array(size),
    image: new Float64Array(size),
    scaled: new Float64Array(size),
  };
}

/**
 * Solves A x = r by conjugate gradients preconditioned by A's diagonal, from x = 0, until ‖r − A x‖ ≤ enough.
 * @param residual r; holds r − A x afterwards
 * @param solution filled with x
 */
export function conjugateGradient(
  operator: LinearOperator,
  diagonal: Float64Array,
  residual: Float64Array,
  solution: Float64Array,
  enough: number,
  limit: number,
  { direction, image, scaled }: ConjugateGradientState,
): void {
  solution.fill(0);
  let rho = 0;
  for (let iteration = 0; iteration < limit; iteration++) {
    let square = 0;
    let next = 0;
    for (let i = 0; i < residual.length; i++) {
      scaled[i] = residual[i] / diagonal[i];
      next += residual[i] * scaled[i];
      square += residual[i] * residual[i];
    }
    if (Math.sqrt(square) <= enough) return;
    const beta = iteration === 0 ? 0 : next / rho;
    rho = next;
    for (let i = 0; i < direction.length; i++) direction[i] = scaled[i] + beta * direction[i];
    operator.times(direction, image);
    let curvature = 0;
    for (let i = 0; i < direction.length; i++) curvature += direction[i] * image[i];
    if (!(curvature > 0)) return;
    const alpha = rho / curvature;
    for (let i = 0; i < direction.length; i++) {
      solution[i] += alpha * direction[i];
      residual[i] -= alpha * image[i];
    }
  }
}
