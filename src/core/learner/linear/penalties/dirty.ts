import { norm } from './group-lasso';
import type { Penalty, Shape } from './penalty';

/**
 * Sparse + joint ("dirty"): W = P + Q, P of features that all tasks use, Q of those that single tasks add.
 *
 *     R(W) = min_{P+Q=W} Σ_j ‖P_j·‖₂ + ρ Σ_jc |Q_jc|,   dual norm: max_j max(‖V_j·‖₂, max_c |V_jc| / ρ) = λ_max at V = ∇L(0),
 *     prox: W less its projection on the dual norm's ball of radius step.
 *
 * For a row, P_jc = W_jc cut off at ±ρ ‖P_j·‖. At ρ ≥ 1 it is the group lasso, at ρ ≤ 1/√columns the lasso times ρ.
 * Jalali, Ravikumar, Sanghavi and Ruan, NeurIPS 2010, with L2,1 for their L∞,1.
 * @param rho weight of a private weight over that of a shared row, > 0
 */
export function dirty(rho: number): Penalty {
  return {
    name: 'dirty',
    singleTaskTwin: 'lasso',

    value(W, { features, columns }) {
      const sizes = new Float64Array(columns);
      let sum = 0;
      for (let j = 0; j < features; j++) {
        for (let c = 0; c < columns; c++) sizes[c] = Math.abs(W[j * columns + c]);
        sum += rowValue(sizes.sort(), rho);
      }
      return sum;
    },

    prox(W, { features, columns }, step) {
      const sizes = new Float64Array(columns);
      for (let j = 0; j < features; j++) {
        const at = j * columns;
        for (let c = 0; c < columns; c++) sizes[c] = Math.abs(W[at + c]);
        const shrink = shrinkOf(sizes.sort(), rho, step);
        for (let c = at; c < at + columns; c++) {
          W[c] -= Math.sign(W[c]) * Math.min(Math.abs(W[c]) * shrink, rho * step);
        }
      }
    },

    dualScale(V, shape, lambda) {
      const size = dualNorm(V, shape, rho);
      return size > lambda ? lambda / size : 1;
    },

    conjugate: () => 0,

    pathStart: (start) => dualNorm(start.V, start, rho),

    sharedPart(W, { features, columns }) {
      const sizes = new Float64Array(columns);
      const P = new Float64Array(W.length);
      for (let j = 0; j < features; j++) {
        const at = j * columns;
        for (let c = 0; c < columns; c++) sizes[c] = Math.abs(W[at + c]);
        const cut = cutOf(sizes.sort(), rho);
        for (let c = at; c < at + columns; c++) P[c] = Math.sign(W[c]) * Math.min(Math.abs(W[c]), cut);
      }
      return P;
    },
  };
}

/** R of one row. @param sizes |w|, ascending */
function rowValue(sizes: Float64Array, rho: number): number {
  const cut = cutOf(sizes, rho);
  let square = 0;
  let beyond = 0;
  for (const size of sizes) {
    square += Math.min(size, cut) ** 2;
    beyond += Math.max(0, size - cut);
  }
  return Math.sqrt(square) + rho * beyond;
}

/**
 * The size θ = ρ ‖p‖ at which a row's shared part p is cut off. With the k largest entries cut, ‖p‖² = k θ² + (the others'
 * squares), so that θ² (1/ρ² − k) is the sum of the others' squares. 0 where no row is worth its price: all is private.
 * @param sizes |w|, ascending
 */
function cutOf(sizes: Float64Array, rho: number): number {
  const columns = sizes.length;
  let rest = 0;
  for (const size of sizes) rest += size * size;
  for (let k = 0; k < columns; k++) {
    const room = 1 / (rho * rho) - k;
    if (room <= 0) break;
    const theta = Math.sqrt(rest / room);
    const largest = sizes[columns - 1 - k];
    if (largest <= theta) return theta;
    rest = Math.max(0, rest - largest * largest);
  }
  return 0;
}

/**
 * The factor f with which min(f |x|, ρ step) is the projection of x on {‖v‖₂ ≤ step, |v_c| ≤ ρ step}: 1 where the cut
 * alone brings it into the ball; else the one with which the k largest entries are cut and the norm is `step`.
 * @param sizes |x|, ascending
 */
function shrinkOf(sizes: Float64Array, rho: number, step: number): number {
  const columns = sizes.length;
  const bound = rho * step;
  let square = 0;
  for (const size of sizes) square += Math.min(size, bound) ** 2;
  if (square <= step * step) return 1;
  let rest = 0;
  for (const size of sizes) rest += size * size;
  for (let k = 0; k < columns; k++) {
    const factor = Math.sqrt(Math.max(0, step * step - k * bound * bound) / rest);
    const largest = sizes[columns - 1 - k];
    if (factor * largest <= bound) return factor;
    rest = Math.max(0, rest - largest * largest);
  }
  return 1;
}

function dualNorm(V: Float64Array, { features, columns }: Shape, rho: number): number {
  let size = 0;
  for (let j = 0; j < features; j++) size = Math.max(size, norm(V, j * columns, columns));
  for (let i = 0; i < V.length; i++) size = Math.max(size, Math.abs(V[i]) / rho);
  return size;
}
