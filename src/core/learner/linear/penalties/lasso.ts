import type { Penalty } from './penalty';

/**
 * Lasso: each task selects its own features, shares nothing between tasks.
 *
 *     R(W) = Σ_jc |W_jc|,   prox: soft threshold,   dual norm: max_jc |V_jc|,   λ_max = max_jc |∇L(0)_jc|.
 *
 * Tibshirani, J. R. Stat. Soc. B 58 (1996).
 */
export const lasso: Penalty = {
  name: 'lasso',
  singleTaskTwin: 'lasso',

  value(W) {
    let sum = 0;
    for (let i = 0; i < W.length; i++) sum += Math.abs(W[i]);
    return sum;
  },

  prox(W, _shape, step) {
    for (let i = 0; i < W.length; i++) W[i] = softThreshold(W[i], step);
  },

  dualScale: (V, _shape, lambda) => {
    const norm = largest(V, 0, V.length);
    return norm > lambda ? lambda / norm : 1;
  },

  conjugate: () => 0,

  pathStart: ({ V }) => largest(V, 0, V.length),

  rows: {
    minimise(row, curvature, at, lambda) {
      for (let c = 0; c < row.length; c++) row[c] = softThreshold(row[c], lambda) / curvature[at + c];
    },
    urgency: largest,
    residualFor: (gap, _lambda, value) => gap / value,
    norm: { of: 'entries', share: 1 },
    derivatives: {
      smooth: 'orthant',
      subtractGradient(W, at, columns, lambda, out, to) {
        for (let c = 0; c < columns; c++) out[to + c] -= lambda * Math.sign(W[at + c]);
      },
      addCurvature() {},
      split(_W, _at, columns, _lambda, a, u, to) {
        a.fill(0, to, to + columns);
        u.fill(0, to, to + columns);
      },
    },
  },
};

function softThreshold(x: number, threshold: number): number {
  if (x > threshold) return x - threshold;
  return x < -threshold ? x + threshold : 0;
}

function largest(V: Float64Array, at: number, count: number): number {
  let norm = 0;
  for (let i = at; i < at + count; i++) norm = Math.max(norm, Math.abs(V[i]));
  return norm;
}
