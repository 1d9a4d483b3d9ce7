import { factorize, solveFactorized } from '../dense';

/** A point and what is linear (affine) in it: an affine combination of points has that combination of their images. */
export interface Iterate {
  readonly W: Float64Array;
  readonly V: Float64Array;
}

/** Iterates that an extrapolation combines. */
export const MEMORY = 5;

/**
 * Anderson extrapolation of a fixed-point iteration: weights c, Σ c = 1, of the last iterates that make their combined
 * step Σ c_k (W_k − W_{k−1}) shortest. Coordinate descent is linear near its end, once the active rows are known.
 *
 * Bertrand and Massias, Anderson acceleration of coordinate descent, AISTATS 2021.
 * @param dots inner products of the `steps` last steps, oldest first; overwritten
 * @returns a weight for each iterate that a step led to; undefined where the steps are too much alike
 */
export function andersonWeights(dots: Float64Array, steps: number): Float64Array | undefined {
  let trace = 0;
  for (let a = 0; a < steps; a++) trace += dots[a * steps + a];
  if (!(trace > 0)) return undefined;
  for (let a = 0; a < steps; a++) dots[a * steps + a] += 1e-12 * trace;
  factorize(dots, steps);
  const weights = new Float64Array(steps).fill(1);
  solveFactorized(dots, weights, steps);
  let total = 0;
  for (const weight of weights) total += weight;
  if (!(Math.abs(total) > 0) || !Number.isFinite(total)) return undefined;
  return weights.map((weight) => weight / total);
}

/**
 * Weights of the polynomial through the points at `lambdas` for its value at `lambda` (Lagrange): where the active rows
 * stay, the path is smooth in λ.
 */
export function pathWeights(lambdas: readonly number[], lambda: number): Float64Array {
  return Float64Array.from(lambdas, (own) => {
    let weight = 1;
    for (const other of lambdas) if (other !== own) weight *= (lambda - other) / (own - other);
    return weight;
  });
}

/** out = Σ_k weights[k] · iterates[k], its first `length` entries. */
export function combineIterates(
  iterates: readonly Iterate[],
  weights: Float64Array,
  length: number,
  out: Iterate,
): void {
  out.W.fill(0, 0, length);
  out.V.fill(0, 0, length);
  iterates.forEach(({ W, V }, k) => {
    const weight = weights[k];
    if (weight === 0) return;
    for (let i = 0; i < length; i++) {
      out.W[i] += weight * W[i];
      out.V[i] += weight * V[i];
    }
  });
}
