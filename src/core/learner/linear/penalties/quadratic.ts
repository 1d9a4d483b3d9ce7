import { factorize, solveFactorized } from '../dense';
import type { Penalty, RowDerivatives, RowPenalty } from './penalty';
import { ridge } from './ridge';
import { decompose } from './singular-values';

/** A symmetric positive definite matrix over the columns of W, row-major, with its eigenvalues and -vectors. */
interface Form {
  readonly matrix: Float64Array;
  readonly eigenvalues: Float64Array;
  /** Vector k at `k * columns`. */
  readonly eigenvectors: Float64Array;
}

/**
 * R(W) = ½ tr(W M Wᵀ): a quadratic form M over the columns of the tasks, the same for every feature.
 *
 *     prox: W (I + step M)⁻¹,   (λR)*(V) = tr(V M⁻¹ Vᵀ) / (2λ).
 *
 * No λ makes W zero; tr H (H + λM)⁻¹ ≤ tr H / (λ μ), μ the smallest eigenvalue of M, is at most 1 % of the unpenalised
 * fit's degrees of freedom where the path starts.
 * @param matrixOf M for a number of columns
 * @param smallest μ > 0
 */
export function quadratic(
  name: string,
  matrixOf: (columns: number) => Float64Array,
  smallest: number,
): Penalty {
  const forms = new Map<number, Form>();
  const formOf = (columns: number): Form => {
    const known = forms.get(columns) ?? decomposeForm(matrixOf(columns), columns);
    forms.set(columns, known);
    return known;
  };
  return {
    name,
    singleTaskTwin: 'ridge',

    value(W, { features, columns }) {
      const { matrix } = formOf(columns);
      let sum = 0;
      for (let j = 0; j < features; j++) {
        for (let c = 0; c < columns; c++) {
          sum += W[j * columns + c] * timesRow(matrix, W, j * columns, columns, c);
        }
      }
      return 0.5 * sum;
    },

    prox(W, { features, columns }, step) {
      const { eigenvalues, eigenvectors } = formOf(columns);
      const row = new Float64Array(columns);
      for (let j = 0; j < features; j++) {
        row.fill(0);
        for (let k = 0; k < columns; k++) {
          const part = along(W, j, eigenvectors, k, columns) / (1 + step * eigenvalues[k]);
          for (let c = 0; c < columns; c++) row[c] += part * eigenvectors[k * columns + c];
        }
        W.set(row, j * columns);
      }
    },

    dualScale: () => 1,

    conjugate(V, { features, columns }, lambda, scale) {
      const { eigenvalues, eigenvectors } = formOf(columns);
      let sum = 0;
      for (let j = 0; j < features; j++) {
        for (let k = 0; k < columns; k++) {
          sum += along(V, j, eigenvectors, k, columns) ** 2 / eigenvalues[k];
        }
      }
      return (scale * scale * sum) / (2 * lambda);
    },

    pathStart: (start) => ridge.pathStart(start) / smallest,

    rows: quadraticRows(formOf, smallest),
  };
}

function quadraticRows(formOf: (columns: number) => Form, smallest: number): RowPenalty {
  const derivatives: RowDerivatives = {
    smooth: 'everywhere',
    subtractGradient(W, at, columns, lambda, out, to) {
      const { matrix } = formOf(columns);
      for (let c = 0; c < columns; c++) out[to + c] -= lambda * timesRow(matrix, W, at, columns, c);
    },
    addCurvature(_W, _at, columns, lambda, D, out, to) {
      const { matrix } = formOf(columns);
      for (let c = 0; c < columns; c++) out[to + c] += lambda * timesRow(matrix, D, to, columns, c);
    },
    // The diagonal of M: what ties the tasks is left to the iterations.
    split(_W, _at, columns, lambda, a, u, to) {
      const { matrix } = formOf(columns);
      for (let c = 0; c < columns; c++) a[to + c] = lambda * matrix[c * columns + c];
      u.fill(0, to, to + columns);
    },
  };
  return {
    minimise(row, curvature, at, lambda) {
      const columns = row.length;
      const system = formOf(columns).matrix.map((value) => lambda * value);
      for (let c = 0; c < columns; c++) system[c * columns + c] += curvature[at + c];
      factorize(system, columns);
      solveFactorized(system, row, columns);
    },
    urgency: (V, at, columns) => {
      let sum = 0;
      for (let i = at; i < at + columns; i++) sum += V[i] * V[i];
      return Math.sqrt(sum);
    },
    residualFor: (gap, lambda) => Math.sqrt(2 * lambda * smallest * gap),
    derivatives,
  };
}

/** Eigenvectors of a symmetric positive definite matrix are its singular vectors. */
function decomposeForm(matrix: Float64Array, columns: number): Form {
  const { values, right } = decompose(matrix, { features: columns, columns });
  return { matrix, eigenvalues: values, eigenvectors: right };
}

/** Entry c of M x, x at `at` of `values`. */
function timesRow(
  matrix: Float64Array,
  values: Float64Array,
  at: number,
  columns: number,
  c: number,
): number {
  let sum = 0;
  for (let i = 0; i < columns; i++) sum += matrix[c * columns + i] * values[at + i];
  return sum;
}

function along(W: Float64Array, j: number, vectors: Float64Array, k: number, columns: number): number {
  let sum = 0;
  for (let c = 0; c < columns; c++) sum += W[j * columns + c] * vectors[k * columns + c];
  return sum;
}
