import type { Penalty, Shape } from './penalty';

/**
 * Group lasso over tasks (L2,1, joint feature selection): a feature is in for all tasks or out for all.
 *
 *     R(W) = Σ_j ‖W_j·‖₂,   prox: W_j· (1 − step / ‖W_j·‖)₊,   dual norm: max_j ‖V_j·‖₂,   λ_max = max_j ‖∇L(0)_j·‖₂.
 *
 * The row of a feature runs over the columns of all tasks, the class columns of softmax included.
 * Obozinski, Taskar and Jordan, Stat. Comput. 20 (2010); Yuan and Lin, J. R. Stat. Soc. B 68 (2006).
 */
export const groupLasso: Penalty = {
  name: 'group-lasso',
  singleTaskTwin: 'lasso',

  value(W, { features, columns }) {
    let sum = 0;
    for (let j = 0; j < features; j++) sum += norm(W, j * columns, columns);
    return sum;
  },

  prox(W, { features, columns }, step) {
    for (let j = 0; j < features; j++) {
      const size = norm(W, j * columns, columns);
      const factor = size > step ? 1 - step / size : 0;
      for (let i = j * columns; i < (j + 1) * columns; i++) W[i] *= factor;
    }
  },

  dualScale(V, shape, lambda) {
    const size = dualNorm(V, shape);
    return size > lambda ? lambda / size : 1;
  },

  conjugate: () => 0,

  pathStart: (start) => dualNorm(start.V, start),

  rows: {
    minimise,
    urgency: norm,
    residualFor: (gap, _lambda, value) => gap / value,
    norm: { of: 'rows', share: 1 },
    // ∇‖w‖ = w/‖w‖,  ∇²‖w‖ = (I − w wᵀ/‖w‖²) / ‖w‖
    derivatives: {
      smooth: 'non-zero',
      subtractGradient(W, at, columns, lambda, out, to) {
        const factor = lambda / norm(W, at, columns);
        for (let c = 0; c < columns; c++) out[to + c] -= factor * W[at + c];
      },
      addCurvature(W, at, columns, lambda, D, out, to) {
        const size = norm(W, at, columns);
        let along = 0;
        for (let c = 0; c < columns; c++) along += W[at + c] * D[to + c];
        along /= size * size;
        const factor = lambda / size;
        for (let c = 0; c < columns; c++) out[to + c] += factor * (D[to + c] - along * W[at + c]);
      },
      split(W, at, columns, lambda, a, u, to) {
        const size = norm(W, at, columns);
        a.fill(lambda / size, to, to + columns);
        const factor = Math.sqrt(lambda / size) / size;
        for (let c = 0; c < columns; c++) u[to + c] = factor * W[at + c];
      },
    },
  },
};

/**
 * u = g / (h + λ/ν) with ν = ‖u‖. With one curvature for all columns ν is explicit; else ν solves the secular equation
 * φ(ν) = Σ_c g_c² / (h_c ν + λ)² = 1. φ^(−1/2) is concave and increasing, so that Newton's method on φ^(−1/2) = 1 from the left never passes the root.
 */
function minimise(row: Float64Array, curvature: Float64Array, at: number, lambda: number): void {
  const columns = row.length;
  const size = norm(row, 0, columns);
  if (size <= lambda) {
    row.fill(0);
    return;
  }
  let smallest = curvature[at];
  let greatest = smallest;
  for (let c = 1; c < columns; c++) {
    smallest = Math.min(smallest, curvature[at + c]);
    greatest = Math.max(greatest, curvature[at + c]);
  }
  if (greatest - smallest <= 1e-12 * greatest) {
    const factor = (1 - lambda / size) / greatest;
    for (let c = 0; c < columns; c++) row[c] *= factor;
    return;
  }
  let nu = (size - lambda) / greatest;
  for (let iteration = 0; iteration < 50; iteration++) {
    let phi = 0;
    let slope = 0;
    for (let c = 0; c < columns; c++) {
      const t = curvature[at + c] * nu + lambda;
      const part = (row[c] / t) ** 2;
      phi += part;
      slope += (part * curvature[at + c]) / t;
    }
    // d(φ^(−1/2))/dν = φ^(−3/2) Σ h g² / (hν + λ)³
    const step = ((1 - 1 / Math.sqrt(phi)) * phi * Math.sqrt(phi)) / slope;
    nu += step;
    if (Math.abs(step) <= 1e-15 * nu) break;
  }
  for (let c = 0; c < columns; c++) row[c] = (row[c] * nu) / (curvature[at + c] * nu + lambda);
}

function dualNorm(V: Float64Array, { features, columns }: Shape): number {
  let largest = 0;
  for (let j = 0; j < features; j++) largest = Math.max(largest, norm(V, j * columns, columns));
  return largest;
}

/** ‖·‖₂ of `columns` entries from `at`. */
export function norm(W: Float64Array, at: number, columns: number): number {
  let sum = 0;
  for (let i = at; i < at + columns; i++) sum += W[i] * W[i];
  return Math.sqrt(sum);
}
