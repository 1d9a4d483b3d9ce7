import { groupLasso } from './group-lasso';
import { lasso } from './lasso';
import type { Penalty, RowDerivatives, RowPenalty } from './penalty';
import { ridge } from './ridge';

/**
 * Elastic net: the lasso with a part ρ, ridge with the rest; shares nothing between tasks.
 *
 *     R(W) = ρ Σ_jc |W_jc| + (1 − ρ)/2 ‖W‖²_F,   λ_max = max_jc |∇L(0)_jc| / ρ.
 *
 * Zou and Hastie, J. R. Stat. Soc. B 67 (2005).
 * @param rho in (0, 1]; at 1 it is the lasso
 */
export function elasticNet(rho: number): Penalty {
  return mixWithRidge(lasso, rho, { name: 'elastic-net', singleTaskTwin: 'elastic-net' });
}

/**
 * Group elastic net: the group lasso with a part ρ, ridge with the rest. A feature is in for all tasks or out for all,
 * and features that are alike come in together. scikit-learn's MultiTaskElasticNet.
 *
 *     R(W) = ρ Σ_j ‖W_j·‖₂ + (1 − ρ)/2 ‖W‖²_F,   λ_max = max_j ‖∇L(0)_j·‖₂ / ρ.
 *
 * Zou and Hastie, J. R. Stat. Soc. B 67 (2005); Yuan and Lin, J. R. Stat. Soc. B 68 (2006).
 * @param rho in (0, 1]; at 1 it is the group lasso
 */
export function groupElasticNet(rho: number): Penalty {
  return mixWithRidge(groupLasso, rho, { name: 'group-elastic-net', singleTaskTwin: 'elastic-net' });
}

/**
 * R(W) = ρ N(W) + (1 − ρ)/2 ‖W‖²_F for a norm N. Everything follows from N's prox:
 *
 *     prox_step(W) = prox_{N, ρ step}(W) / (1 + (1 − ρ) step),   (λR)*(V) = ‖prox_{N, λρ}(V)‖²_F / (2λ(1 − ρ)).
 */
function mixWithRidge(norm: Penalty, rho: number, names: Pick<Penalty, 'name' | 'singleTaskTwin'>): Penalty {
  if (rho === 1) return { ...norm, ...names };
  const square = 1 - rho;
  return {
    ...names,

    value: (W, shape) => rho * norm.value(W, shape) + square * ridge.value(W, shape),

    prox(W, shape, step) {
      norm.prox(W, shape, rho * step);
      const factor = 1 / (1 + square * step);
      for (let i = 0; i < W.length; i++) W[i] *= factor;
    },

    dualScale: () => 1,

    conjugate(V, shape, lambda, scale) {
      const outside = V.map((v) => scale * v);
      norm.prox(outside, shape, lambda * rho);
      return ridge.value(outside, shape) / (lambda * square);
    },

    pathStart: (start) => norm.pathStart(start) / rho,

    rows: norm.rows && mixRows(norm.rows, rho),
  };
}

function mixRows(rows: RowPenalty, rho: number): RowPenalty {
  const square = 1 - rho;
  let raised = new Float64Array(0);
  return {
    minimise(row, curvature, at, lambda) {
      if (raised.length !== row.length) raised = new Float64Array(row.length);
      for (let c = 0; c < row.length; c++) raised[c] = curvature[at + c] + lambda * square;
      rows.minimise(row, raised, 0, lambda * rho);
    },
    urgency: rows.urgency,
    residualFor: (gap, lambda) => Math.sqrt(2 * lambda * square * gap),
    norm: rows.norm && { of: rows.norm.of, share: rows.norm.share * rho },
    derivatives: rows.derivatives && mixDerivatives(rows.derivatives, rho),
  };
}

function mixDerivatives(derivatives: RowDerivatives, rho: number): RowDerivatives {
  const square = 1 - rho;
  return {
    smooth: derivatives.smooth,
    subtractGradient(W, at, columns, lambda, out, to) {
      derivatives.subtractGradient(W, at, columns, lambda * rho, out, to);
      for (let c = 0; c < columns; c++) out[to + c] -= lambda * square * W[at + c];
    },
    addCurvature(W, at, columns, lambda, D, out, to) {
      derivatives.addCurvature(W, at, columns, lambda * rho, D, out, to);
      for (let c = 0; c < columns; c++) out[to + c] += lambda * square * D[to + c];
    },
    split(W, at, columns, lambda, a, u, to) {
      derivatives.split(W, at, columns, lambda * rho, a, u, to);
      for (let c = 0; c < columns; c++) a[to + c] += lambda * square;
    },
  };
}
