import { xlogx } from './logistic';
import { INTERCEPT_BOUND, type Loss } from './loss';

/**
 * Half the Poisson deviance of a rate e^z, for counts y ≥ 0 (any number from 0 on):
 *
 *     ℓ(z, y) = e^z − y z + y log y − y,   ℓ' = e^z − y,   ℓ'' = e^z,
 *     ℓ*(u) = q log q − q − y log y + y  with q = u + y ≥ 0.
 *
 * McCullagh and Nelder, Generalized Linear Models (1989), chapter 6.
 */
export const poissonLoss: Loss = {
  name: 'poisson',
  quadratic: false,
  curvatureBound: Number.POSITIVE_INFINITY,

  evaluate(rows, Z, theta) {
    const { count, target, weight, offset } = rows;
    let sum = 0;
    for (let i = 0; i < count; i++) {
      if (weight[i] === 0) {
        theta[offset + i] = 0;
        continue;
      }
      const z = Z[offset + i];
      const y = target[i];
      const rate = Math.exp(z);
      theta[offset + i] = weight[i] * (y - rate);
      sum += weight[i] * (rate - y * z + xlogx(y) - y);
    }
    return sum;
  },

  dual(rows, theta, scale) {
    const { count, target, weight, offset } = rows;
    let sum = 0;
    for (let i = 0; i < count; i++) {
      if (weight[i] === 0) continue;
      const y = target[i];
      const q = Math.max(0, y - (scale * theta[offset + i]) / weight[i]);
      sum -= weight[i] * (xlogx(q) - q - xlogx(y) + y);
    }
    return sum;
  },

  curvature(rows, Z, H) {
    const { count, weight, offset } = rows;
    for (let i = 0; i < count; i++) {
      H[offset + i] = weight[i] === 0 ? 0 : weight[i] * Math.exp(Z[offset + i]);
    }
  },

  curvatureTimes(rows, Z, D, out) {
    const { count, weight, offset } = rows;
    for (let i = 0; i < count; i++) {
      out[offset + i] = weight[i] === 0 ? 0 : weight[i] * Math.exp(Z[offset + i]) * D[offset + i];
    }
  },

  fitIntercept(rows, Z, b) {
    const { count, target, weight, offset, firstColumn } = rows;
    let counted = 0;
    let largest = Number.NEGATIVE_INFINITY;
    for (let i = 0; i < count; i++) {
      counted += weight[i] * target[i];
      if (weight[i] > 0) largest = Math.max(largest, Z[offset + i]);
    }
    let expected = 0;
    for (let i = 0; i < count; i++) {
      if (weight[i] > 0) expected += weight[i] * Math.exp(Z[offset + i] - largest);
    }
    const exact = b[firstColumn] + Math.log(counted) - Math.log(expected) - largest;
    // With no counts at all the optimum is at minus infinity.
    const moved = Math.max(-INTERCEPT_BOUND, Math.min(INTERCEPT_BOUND, exact));
    const shift = moved - b[firstColumn];
    b[firstColumn] = moved;
    for (let i = 0; i < count; i++) Z[offset + i] += shift;
  },
};
