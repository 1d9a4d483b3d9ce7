import { type Loss, shiftIntercept, squaredDual } from './loss';

/**
 * Huber's loss, for regression with outliers: squared up to an error of δ, then linear:
 *
 *     ℓ(z, y) = ½ r² for |r| ≤ δ, δ |r| − ½ δ² beyond,  r = z − y,
 *     ℓ' = r cut off at ±δ,   ℓ'' = 1 for |r| ≤ δ, else 0,   ℓ*(u) = ½ u² + u y for |u| ≤ δ.
 *
 * The diagonal quadratic model has the curvature min(1, δ / |r|): the parabola with it lies above the loss everywhere.
 * Huber, Ann. Math. Stat. 35 (1964).
 * @param delta δ > 0, in the target's unit
 */
export function huberLoss(delta: number): Loss {
  return {
    name: 'huber',
    quadratic: false,
    curvatureBound: 1,

    evaluate(rows, Z, theta) {
      const { count, target, weight, offset } = rows;
      let sum = 0;
      for (let i = 0; i < count; i++) {
        const residual = target[i] - Z[offset + i];
        const cut = Math.max(-delta, Math.min(delta, residual));
        theta[offset + i] = weight[i] * cut;
        sum += weight[i] * cut * (residual - 0.5 * cut);
      }
      return sum;
    },

    dual: squaredDual,

    curvature(rows, Z, H) {
      const { count, target, weight, offset } = rows;
      for (let i = 0; i < count; i++) {
        const size = Math.abs(target[i] - Z[offset + i]);
        H[offset + i] = size > delta ? (weight[i] * delta) / size : weight[i];
      }
    },

    curvatureTimes(rows, Z, D, out) {
      const { count, target, weight, offset } = rows;
      for (let i = 0; i < count; i++) {
        const inside = Math.abs(target[i] - Z[offset + i]) <= delta;
        out[offset + i] = inside ? weight[i] * D[offset + i] : 0;
      }
    },

    fitIntercept(rows, Z, b) {
      const { count, target, weight, offset } = rows;
      // Safeguarded Newton on the decreasing function Σ ω cut(y − z − shift), piecewise linear: it ends on its piece.
      let low = Number.POSITIVE_INFINITY;
      let high = Number.NEGATIVE_INFINITY;
      for (let i = 0; i < count; i++) {
        if (weight[i] === 0) continue;
        low = Math.min(low, target[i] - Z[offset + i]);
        high = Math.max(high, target[i] - Z[offset + i]);
      }
      let shift = Math.max(low, Math.min(high, 0));
      for (let iteration = 0; iteration < 200; iteration++) {
        let slope = 0;
        let curvature = 0;
        let size = 0;
        for (let i = 0; i < count; i++) {
          const residual = target[i] - Z[offset + i] - shift;
          slope += weight[i] * Math.max(-delta, Math.min(delta, residual));
          size += weight[i];
          if (Math.abs(residual) <= delta) curvature += weight[i];
        }
        if (Math.abs(slope) <= 1e-15 * size * delta) break;
        if (slope > 0) low = shift;
        else high = shift;
        let next = shift + slope / curvature;
        if (!(next >= low && next <= high)) next = 0.5 * (low + high);
        if (next === shift) break;
        shift = next;
      }
      shiftIntercept(rows, Z, b, shift);
    },
  };
}
