import { factorize, solveFactorized } from '../dense';
import { xlogx } from './logistic';
import { INTERCEPT_BOUND, type Loss, type LossRows } from './loss';

/**
 * Log loss of P(y = k) = e^{z_k} / Σ_l e^{z_l}, y ∈ {0 … K−1}, one column a class:
 *
 *     ℓ(z, y) = log Σ_l e^{z_l} − z_y,   ℓ' = p − e_y,   ℓ'' = diag(p) − p pᵀ ≼ ½ I,
 *     ℓ*(u) = Σ_k q_k log q_k  with q = u + e_y on the simplex.
 *
 * diag(2 p (1 − p)) dominates ℓ'' (diagonal dominance): the diagonal quadratic model of coordinate descent.
 */
export const softmaxLoss: Loss = {
  name: 'softmax',
  quadratic: false,
  curvatureBound: 0.5,

  evaluate(rows, Z, theta) {
    const { count, width, target, weight, offset } = rows;
    const p = new Float64Array(width);
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const logTotal = fillProbabilities(rows, Z, i, p);
      const y = target[i];
      for (let k = 0; k < width; k++) theta[offset + k * count + i] = weight[i] * ((k === y ? 1 : 0) - p[k]);
      sum += weight[i] * (logTotal - Z[offset + y * count + i]);
    }
    return sum;
  },

  dual(rows, theta, scale) {
    const { count, width, target, weight, offset } = rows;
    let sum = 0;
    for (let i = 0; i < count; i++) {
      if (weight[i] === 0) continue;
      const y = target[i];
      for (let k = 0; k < width; k++) {
        const q = (k === y ? 1 : 0) - (scale * theta[offset + k * count + i]) / weight[i];
        sum -= weight[i] * xlogx(q);
      }
    }
    return sum;
  },

  curvature(rows, Z, H) {
    const { count, width, weight, offset } = rows;
    const p = new Float64Array(width);
    for (let i = 0; i < count; i++) {
      fillProbabilities(rows, Z, i, p);
      for (let k = 0; k < width; k++) H[offset + k * count + i] = 2 * weight[i] * p[k] * (1 - p[k]);
    }
  },

  curvatureTimes(rows, Z, D, out) {
    const { count, width, weight, offset } = rows;
    const p = new Float64Array(width);
    for (let i = 0; i < count; i++) {
      fillProbabilities(rows, Z, i, p);
      let mean = 0;
      for (let k = 0; k < width; k++) {
        const at = offset + k * count + i;
        out[at] = weight[i] * p[k];
        mean += p[k] * D[at];
      }
      for (let k = 0; k < width; k++) {
        const at = offset + k * count + i;
        out[at] *= D[at] - mean;
      }
    }
  },

  fitIntercept(rows, Z, b) {
    const { count, width, target, weight, offset, firstColumn } = rows;
    const gradient = new Float64Array(width);
    const hessian = new Float64Array(width * width);
    const p = new Float64Array(width);
    const shares = new Float64Array(width);
    let total = 0;
    for (let i = 0; i < count; i++) {
      total += weight[i];
      shares[target[i]] += weight[i];
    }
    // The optimum of a class without rows is at −∞: it is held at the bound. Any other class has a finite one, however far.
    const isHeld = (k: number) => shares[k] === 0 && b[firstColumn + k] <= -INTERCEPT_BOUND;
    let previous = Number.POSITIVE_INFINITY;
    for (let iteration = 0; iteration < 60; iteration++) {
      gradient.fill(0);
      hessian.fill(0);
      for (let i = 0; i < count; i++) {
        if (weight[i] === 0) continue;
        fillProbabilities(rows, Z, i, p);
        for (let k = 0; k < width; k++) {
          const part = weight[i] * p[k];
          // Not the sum of the parts less the share: that would lose what is left of p − 1.
          gradient[k] += weight[i] * (p[k] - (target[i] === k ? 1 : 0));
          hessian[k * width + k] += part;
          for (let l = 0; l <= k; l++) hessian[k * width + l] -= part * p[l];
        }
      }
      let size = 0;
      for (let k = 0; k < width; k++) if (!isHeld(k)) size = Math.max(size, Math.abs(gradient[k]));
      // Near the floor of rounding Newton makes no more progress, and with a class without rows little: leave then.
      if (size <= 1e-15 * total || (size <= 1e-12 * total && size >= 0.5 * previous)) break;
      previous = size;
      // A shift of all classes changes nothing: the added 11ᵀ holds it still; the small diagonal keeps an absent class solvable.
      for (let k = 0; k < width; k++) {
        const held = isHeld(k);
        if (held) gradient[k] = 0;
        for (let l = 0; l < k; l++) {
          const value = held || isHeld(l) ? 0 : hessian[k * width + l] + total / width;
          hessian[k * width + l] = value;
          hessian[l * width + k] = value;
        }
        hessian[k * width + k] += total / width + 1e-12 * total;
      }
      factorize(hessian, width);
      solveFactorized(hessian, gradient, width);
      for (let k = 0; k < width; k++) {
        // Newton far from the optimum of a log loss overshoots; steps of at most 2 keep it in hand.
        const step = Math.max(-2, Math.min(2, -gradient[k]));
        const c = firstColumn + k;
        const moved = shares[k] === 0 ? Math.max(-INTERCEPT_BOUND, b[c] + step) : b[c] + step;
        const shift = moved - b[c];
        b[c] = moved;
        for (let i = 0; i < count; i++) Z[offset + k * count + i] += shift;
      }
    }
  },
};

/** Fills p with row i's probabilities; returns log Σ_l e^{z_l}. */
function fillProbabilities(rows: LossRows, Z: Float64Array, i: number, p: Float64Array): number {
  const { count, width, offset } = rows;
  let largest = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < width; k++) largest = Math.max(largest, Z[offset + k * count + i]);
  let sum = 0;
  for (let k = 0; k < width; k++) {
    p[k] = Math.exp(Z[offset + k * count + i] - largest);
    sum += p[k];
  }
  for (let k = 0; k < width; k++) p[k] /= sum;
  return largest + Math.log(sum);
}
