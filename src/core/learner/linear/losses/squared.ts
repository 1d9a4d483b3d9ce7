import { type Loss, shiftIntercept, squaredDual } from './loss';

/**
 * Half squared error, for regression:
 *
 *     ℓ(z, y) = ½ (z − y)²,   ℓ' = z − y,   ℓ'' = 1,   ℓ*(u) = ½ u² + u y.
 */
export const squaredLoss: Loss = {
  name: 'squared',
  quadratic: true,
  curvatureBound: 1,

  evaluate(rows, Z, theta) {
    const { count, target, weight, offset } = rows;
    let sum = 0;
    for (let i = 0; i < count; i++) {
      const residual = target[i] - Z[offset + i];
      const weighted = weight[i] * residual;
      theta[offset + i] = weighted;
      sum += weighted * residual;
    }
    return 0.5 * sum;
  },

  dual: squaredDual,

  curvature(rows, _Z, H) {
    H.set(rows.weight, rows.offset);
  },

  curvatureTimes(rows, _Z, D, out) {
    const { count, weight, offset } = rows;
    for (let i = 0; i < count; i++) out[offset + i] = weight[i] * D[offset + i];
  },

  fitIntercept(rows, Z, b) {
    const { count, target, weight, offset } = rows;
    let sum = 0;
    let total = 0;
    for (let i = 0; i < count; i++) {
      sum += weight[i] * (target[i] - Z[offset + i]);
      total += weight[i];
    }
    shiftIntercept(rows, Z, b, sum / total);
  },
};
