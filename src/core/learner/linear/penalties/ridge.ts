import type { Penalty } from './penalty';

/**
 * Ridge, or weight decay: shrinks every weight, shares nothing between tasks.
 *
 *     R(W) = ½ ‖W‖²_F,   prox: W / (1 + step),   (λR)*(V) = ‖V‖²_F / (2λ).
 *
 * Hoerl and Kennard, Technometrics 12 (1970). No λ makes W zero; the path starts where tr H (H + λI)⁻¹ ≤ tr H / λ
 * is 1 % of the unpenalised fit's degrees of freedom.
 */
export const ridge: Penalty = {
  name: 'ridge',
  singleTaskTwin: 'ridge',

  value: (W) => 0.5 * sumOfSquares(W),

  prox(W, _shape, step) {
    const factor = 1 / (1 + step);
    for (let i = 0; i < W.length; i++) W[i] *= factor;
  },

  dualScale: () => 1,

  conjugate: (V, _shape, lambda, scale) => (scale * scale * sumOfSquares(V)) / (2 * lambda),

  pathStart: (start) => (100 * start.curvatureTrace()) / Math.max(1, start.degreesOfFreedom()),

  rows: {
    minimise(row, curvature, at, lambda) {
      for (let c = 0; c < row.length; c++) row[c] /= curvature[at + c] + lambda;
    },
    urgency(V, at, columns) {
      let sum = 0;
      for (let c = 0; c < columns; c++) sum += V[at + c] * V[at + c];
      return Math.sqrt(sum);
    },
    residualFor: (gap, lambda) => Math.sqrt(2 * lambda * gap),
    derivatives: {
      smooth: 'everywhere',
      subtractGradient(W, at, columns, lambda, out, to) {
        for (let c = 0; c < columns; c++) out[to + c] -= lambda * W[at + c];
      },
      addCurvature(_W, _at, columns, lambda, D, out, to) {
        for (let c = 0; c < columns; c++) out[to + c] += lambda * D[to + c];
      },
      split(_W, _at, columns, lambda, a, u, to) {
        a.fill(lambda, to, to + columns);
        u.fill(0, to, to + columns);
      },
    },
  },
};

function sumOfSquares(W: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < W.length; i++) sum += W[i] * W[i];
  return sum;
}
