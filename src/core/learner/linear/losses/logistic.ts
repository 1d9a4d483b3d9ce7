import { INTERCEPT_BOUND, type Loss, type LossRows, shiftIntercept } from './loss';

/**
 * Log loss of P(y = 1) = 1 / (1 + e^{−z}), y ∈ {0, 1}:
 *
 *     ℓ(z, y) = log(1 + e^z) − y z,   ℓ' = p − y,   ℓ'' = p (1 − p) ≤ ¼,
 *     ℓ*(u) = q log q + (1 − q) log(1 − q)  with q = u + y ∈ [0, 1].
 */
export const logisticLoss: Loss = {
  name: 'logistic',
  quadratic: false,
  curvatureBound: 0.25,

  evaluate(rows, Z, theta) {
    const { count, target, weight, offset } = rows;
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const z = Z[offset + i];
      const e = Math.exp(-Math.abs(z));
      const p = z >= 0 ? 1 / (1 + e) : e / (1 + e);
      theta[offset + i] = weight[i] * (target[i] - p);
      sum += weight[i] * (Math.max(z, 0) + Math.log1p(e) - target[i] * z);
    }
    return sum;
  },

  dual(rows, theta, scale) {
    const { count, target, weight, offset } = rows;
    let sum = 0;
    for (let i = 0; i < count; i++) {
      if (weight[i] === 0) continue;
      const q = target[i] - (scale * theta[offset + i]) / weight[i];
      sum -= weight[i] * (xlogx(q) + xlogx(1 - q));
    }
    return sum;
  },

  curvature(rows, Z, H) {
    const { count, weight, offset } = rows;
    for (let i = 0; i < count; i++) H[offset + i] = weight[i] * variance(Z[offset + i]);
  },

  curvatureTimes(rows, Z, D, out) {
    const { count, weight, offset } = rows;
    for (let i = 0; i < count; i++) {
      out[offset + i] = weight[i] * variance(Z[offset + i]) * D[offset + i];
    }
  },

  fitIntercept(rows, Z, b) {
    const { count, target, weight, offset, firstColumn } = rows;
    // Safeguarded Newton on the increasing function Σ ω (p(z + shift) − y): a step out of the bracket becomes a bisection.
    let [low, high] = bracket(rows, Z, b[firstColumn]);
    let shift = Math.max(low, Math.min(high, 0));
    for (let iteration = 0; iteration < 100; iteration++) {
      let slope = 0;
      let curvature = 0;
      let size = 0;
      for (let i = 0; i < count; i++) {
        const p = sigmoid(Z[offset + i] + shift);
        slope += weight[i] * (p - target[i]);
        size += weight[i];
        curvature += weight[i] * p * (1 - p);
      }
      if (Math.abs(slope) <= 1e-15 * size) break;
      if (slope > 0) high = shift;
      else low = shift;
      let next = shift - slope / curvature;
      if (!(next >= low && next <= high)) next = 0.5 * (low + high);
      if (next === shift) break;
      shift = next;
    }
    shiftIntercept(rows, Z, b, shift);
  },
};

/**
 * Where the best shift lies: between those at which the highest and the lowest prediction have the probability of all;
 * with one class alone the optimum is at infinity, and the intercept stays within its bound.
 */
function bracket({ count, target, weight, offset }: LossRows, Z: Float64Array, b: number): [number, number] {
  let positive = 0;
  let negative = 0;
  let least = Number.POSITIVE_INFINITY;
  let most = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < count; i++) {
    if (weight[i] === 0) continue;
    positive += weight[i] * target[i];
    negative += weight[i] * (1 - target[i]);
    least = Math.min(least, Z[offset + i]);
    most = Math.max(most, Z[offset + i]);
  }
  if (positive === 0 || negative === 0) return [-INTERCEPT_BOUND - b, INTERCEPT_BOUND - b];
  const logOdds = Math.log(positive / negative);
  return [logOdds - most, logOdds - least];
}

export function sigmoid(z: number): number {
  if (z >= 0) return 1 / (1 + Math.exp(-z));
  const e = Math.exp(z);
  return e / (1 + e);
}

/** p (1 − p) without the cancellation that a p near 1 brings. */
function variance(z: number): number {
  const e = Math.exp(-Math.abs(z));
  return e / ((1 + e) * (1 + e));
}

/** x log x, 0 at and (rounding) below 0. */
export function xlogx(x: number): number {
  return x > 0 ? x * Math.log(x) : 0;
}
