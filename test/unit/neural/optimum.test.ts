import { describe, expect, it } from 'vitest';
import type { Problem } from '../../../src/core/dataset';
import { type NeuralParameters, neuralLearner } from '../../../src/core/learner/neural';
import { allRows, context, mixedProblem, parameters } from './support';

/** Solves A x = b by Gaussian elimination with pivoting. */
function solve(A: number[][], b: number[]): number[] {
  const M = A.map((row, i) => [...row, b[i]]);
  const n = b.length;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++) if (Math.abs(M[i][k]) > Math.abs(M[pivot][k])) pivot = i;
    [M[k], M[pivot]] = [M[pivot], M[k]];
    for (let i = k + 1; i < n; i++) {
      const factor = M[i][k] / M[k][k];
      for (let j = k; j <= n; j++) M[i][j] -= factor * M[k][j];
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let i = n - 1; i >= 0; i--) {
    x[i] =
      (M[i][n] - M[i].reduce((sum, value, j) => (j > i && j < n ? sum + value * x[j] : sum), 0)) / M[i][i];
  }
  return x;
}

/** Standardised features with a leading 1, and the rows that are labelled for task t with their shares of L_t. */
function design(problem: Problem, t: number): { X: number[][]; y: number[]; share: number[] } {
  const columns = problem.dataset.columns.map((column) => {
    if (column.kind !== 'numeric') throw new Error('numeric features only');
    const { values } = column;
    const counts = values.map((_, row) => problem.sampleWeight?.[row] ?? 1);
    const all = counts.reduce((a, b) => a + b);
    const mean = values.reduce((a, b, row) => a + counts[row] * b, 0) / all;
    const deviation = Math.sqrt(values.reduce((a, b, row) => a + counts[row] * (b - mean) ** 2, 0) / all);
    return values.map((value) => (value - mean) / deviation);
  });
  const rows = [...problem.rows].filter((row) => !Number.isNaN(problem.labels[t][row]));
  const weight = rows.map((row) => problem.sampleWeight?.[row] ?? 1);
  const total = weight.reduce((a, b) => a + b);
  return {
    X: [...problem.rows].map((row) => [1, ...columns.map((values) => values[row])]),
    y: [...problem.labels[t]],
    share: [...problem.rows].map((row) =>
      rows.includes(row) ? (problem.sampleWeight?.[row] ?? 1) / total : 0,
    ),
  };
}

/** Newton's method on share-weighted logistic loss + λ/2 ‖w‖², the intercept free. */
function logisticOptimum(X: number[][], y: number[], share: number[], lambda: number): number[] {
  let w = new Array<number>(X[0].length).fill(0);
  for (let iteration = 0; iteration < 30; iteration++) {
    const gradient = w.map((value, j) => (j === 0 ? 0 : lambda * value));
    const hessian = w.map((_, j) => w.map((_, k) => (j === k && j > 0 ? lambda : 0)));
    X.forEach((x, i) => {
      if (share[i] === 0) return;
      const p = 1 / (1 + Math.exp(-x.reduce((sum, value, j) => sum + value * w[j], 0)));
      x.forEach((value, j) => {
        gradient[j] += share[i] * (p - y[i]) * value;
        for (let k = 0; k < x.length; k++) hessian[j][k] += share[i] * p * (1 - p) * value * x[k];
      });
    });
    const move = solve(hessian, gradient);
    w = w.map((value, j) => value - move[j]);
  }
  return w;
}

const rows = 150;
const problem: Problem = {
  ...mixedProblem({ rows, features: 4, seed: 8, missing: [0.25, 0.3, 0.2] }),
  sampleWeight: Float64Array.from({ length: rows }, (_, i) => 0.5 + (i % 4)),
};
const descent: Partial<NeuralParameters> = {
  hidden: [],
  optimizer: 'sgd',
  batch_size: rows,
  learning_rate: 0.2,
  epochs: 600,
};

describe('a net without hidden layers', () => {
  it('reaches the optima of ridge and of logistic regression, both at once, with labels missing', async () => {
    const lambda = 0.03;
    const weights = [2, 0.5, 1];
    const weighted = { ...problem, tasks: problem.tasks.map((task, t) => ({ ...task, weight: weights[t] })) };
    const [model] = await neuralLearner.fit(
      weighted,
      [{ lambda, parameters: parameters(descent) }],
      context(5),
    );
    const [mass, sex] = model.predict(problem.dataset, allRows(problem));

    const ridge = design(problem, 0);
    const labelled = (i: number) => ridge.share[i] > 0;
    const mean = ridge.y.reduce((sum, y, i) => (labelled(i) ? sum + ridge.share[i] * y : sum), 0);
    const scale = Math.sqrt(
      ridge.y.reduce((s, y, i) => (labelled(i) ? s + ridge.share[i] * (y - mean) ** 2 : s), 0),
    );
    const normal = ridge.X[0].map((_, j) =>
      ridge.X[0].map(
        (_, k) =>
          ridge.X.reduce((sum, x, i) => sum + ridge.share[i] * x[j] * x[k], 0) +
          (j === k && j > 0 ? lambda / weights[0] : 0),
      ),
    );
    const right = ridge.X[0].map((_, j) =>
      ridge.X.reduce(
        (s, x, i) => (labelled(i) ? s + (ridge.share[i] * x[j] * (ridge.y[i] - mean)) / scale : s),
        0,
      ),
    );
    const w = solve(normal, right);
    const logistic = design(problem, 1);
    const v = logisticOptimum(logistic.X, logistic.y, logistic.share, lambda / weights[1]);
    const dot = (x: number[], u: number[]) => x.reduce((sum, value, j) => sum + value * u[j], 0);
    for (let i = 0; i < rows; i++) {
      expect(Math.abs(mass.values[i] - (mean + scale * dot(ridge.X[i], w))) / scale).toBeLessThan(1e-4);
      expect(Math.abs(sex.values[i] - 1 / (1 + Math.exp(-dot(logistic.X[i], v))))).toBeLessThan(1e-4);
    }
  });

  it('makes the gradient of the softmax objective vanish', async () => {
    const lambda = 0.02;
    const [model] = await neuralLearner.fit(
      problem,
      [{ lambda, parameters: parameters(descent) }],
      context(5),
    );
    const { arrays } = model.serialize();
    const species = model.predict(problem.dataset, allRows(problem))[2];
    const { X, y, share } = design(problem, 2);
    for (let k = 0; k < 3; k++) {
      for (let j = 0; j < X[0].length; j++) {
        const weight = j === 0 ? 0 : Number(arrays['layer0.weights'][(j - 1) * 5 + 2 + k]);
        const residual = X.reduce(
          (sum, x, i) =>
            share[i] > 0 ? sum + share[i] * x[j] * (species.values[i * 3 + k] - (y[i] === k ? 1 : 0)) : sum,
          lambda * weight,
        );
        expect(Math.abs(residual)).toBeLessThan(1e-5);
      }
    }
  });
});

describe('a net under a large λ', () => {
  it('predicts the weighted mean and the class frequencies everywhere', async () => {
    const [model] = await neuralLearner.fit(
      problem,
      [{ lambda: 10, parameters: parameters({ epochs: 400, hidden: [16, 8] }) }],
      context(2),
    );
    const predictions = model.predict(problem.dataset, allRows(problem));
    problem.tasks.forEach((task, t) => {
      const { y, share } = design(problem, t);
      const expected =
        task.type === 'multiclass'
          ? [0, 1, 2].map((k) => share.reduce((sum, s, i) => (y[i] === k ? sum + s : sum), 0))
          : [share.reduce((sum, s, i) => (s > 0 ? sum + s * y[i] : sum), 0)];
      const unit = task.type === 'regression' ? 800 : 1;
      predictions[t].values.forEach((value, at) => {
        expect(Math.abs(value - expected[at % expected.length]) / unit).toBeLessThan(0.02);
      });
    });
  });
});
