import { minimizeNonNegativeQuadratic } from './non-negative-quadratic';
import { type SimplexWeights, toSimplex } from './simplex-weights';

/**
 * Weights a on the simplex that minimise Σ_i w_i (y_i − Σ_m a_m p_im)² exactly.
 *
 * On the simplex y − Σ a_m p_m = Σ a_m r_m with the residuals r_m = y − p_m, so the loss is aᵀ G a with G = Rᵀ W R. The
 * point of least norm in a convex hull is a = z / Σz with z the minimum of ½ zᵀ G z − 1ᵀ z over z ≥ 0: both have the
 * optimality conditions (G a)_m ≥ aᵀ G a, with equality where a_m > 0. Breiman, Stacked regressions, Machine Learning 24
 * (1996), found weights constrained like this to be what makes stacking work.
 *
 * @param residuals y − prediction, row-major (rows × members)
 * @param weights sample weights (rows)
 * @returns `gap` is relative to the loss of the worst member
 */
export function squaredErrorWeights(
  residuals: Float64Array,
  members: number,
  weights: Float64Array,
): SimplexWeights {
  const G = gram(residuals, members, weights);
  const losses = Float64Array.from({ length: members }, (_, m) => G[m * members + m]);
  const perfect = losses.indexOf(0);
  const found =
    perfect < 0
      ? toSimplex(minimizeNonNegativeQuadratic(G, new Float64Array(members).fill(1)))
      : losses.map((_, m) => (m === perfect ? 1 : 0));
  return { weights: found, gap: gapOf(G, found, Math.max(...losses)) };
}

function gram(residuals: Float64Array, members: number, weights: Float64Array): Float64Array {
  const G = new Float64Array(members * members);
  for (let i = 0; i < weights.length; i++) {
    const row = i * members;
    for (let a = 0; a < members; a++) {
      const weighted = weights[i] * residuals[row + a];
      for (let b = 0; b <= a; b++) G[a * members + b] += weighted * residuals[row + b];
    }
  }
  for (let a = 0; a < members; a++) {
    for (let b = 0; b < a; b++) G[b * members + a] = G[a * members + b];
  }
  return G;
}

function gapOf(G: Float64Array, weights: Float64Array, scale: number): number {
  const members = weights.length;
  let loss = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let a = 0; a < members; a++) {
    let gradient = 0;
    for (let b = 0; b < members; b++) gradient += G[a * members + b] * weights[b];
    loss += weights[a] * gradient;
    least = Math.min(least, gradient);
  }
  return scale > 0 ? Math.max(0, 2 * (loss - least)) / scale : 0;
}
