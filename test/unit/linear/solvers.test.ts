import { describe, expect, it } from 'vitest';
import type { LinearProblem } from '../../../src/core/learner/linear/linear-problem';
import { layOutProblem } from '../../../src/core/learner/linear/linear-problem';
import { logisticLoss } from '../../../src/core/learner/linear/losses';
import { assess, createPoint, refreshPredictions } from '../../../src/core/learner/linear/objective';
import {
  createPath,
  type PathSolution,
  pathStart,
  type SolverName,
} from '../../../src/core/learner/linear/path';
import {
  createPenalty,
  groupLasso,
  lasso,
  type Penalty,
  penaltyNames,
  ridge,
} from '../../../src/core/learner/linear/penalties';
import { mixedProblem, normalMatrix, Random, regressionProblem, toDesign } from './problems';

const everyPenalty = penaltyNames.map((name) => createPenalty({ penalty: name }));
const tight = { solver: 'auto', tolerance: 1e-11, maxIterations: 100_000 } as const;

function solve(
  problem: LinearProblem,
  penalty: Penalty,
  lambda: number,
  solver: SolverName = 'auto',
): PathSolution {
  return createPath(problem, penalty, { ...tight, solver }).solve(lambda);
}

describe('limits', () => {
  for (const penalty of [groupLasso, lasso]) {
    it(`${penalty.name}: all weights are zero from λ_max on, not below`, () => {
      const problem = mixedProblem();
      const start = pathStart(problem, penalty);
      for (const solver of ['coordinate-descent', 'gradient'] as const) {
        const at = solve(problem, penalty, start * (1 + 1e-9), solver);
        expect(at.W.every((w) => w === 0)).toBe(true);
        expect(at.result.iterations).toBe(0);
        expect(solve(problem, penalty, start * 0.99, solver).W.some((w) => w !== 0)).toBe(true);
      }
    });
  }

  it('ridge: the path starts where at most 1 % of the degrees of freedom are left', () => {
    const random = new Random(2);
    const [n, d] = [40, 6];
    const X = normalMatrix(random, n, d);
    // A feature that is the sum of two others: rank 5.
    for (let i = 0; i < n; i++) X[i * d + 5] = X[i * d] + X[i * d + 1];
    const problem = regressionProblem(X, normalMatrix(random, n, 2), n);
    const lambda = pathStart(problem, ridge);
    const H = covariance(X, n, d);
    const shrunk = H.map((row, j) => row.map((value, l) => value + (j === l ? lambda : 0)));
    // tr H (H + λI)⁻¹, a column at a time
    let freedom = 0;
    for (let j = 0; j < d; j++)
      freedom += gaussianElimination(
        shrunk,
        H.map((row) => row[j]),
      )[j];
    expect(freedom).toBeLessThanOrEqual(0.01 * 5);
    expect(freedom).toBeGreaterThan(0.005 * 5);
  });

  it('λ = 0 is least squares', () => {
    const random = new Random(3);
    const [n, d] = [30, 4];
    const X = normalMatrix(random, n, d);
    const y = normalMatrix(random, n, 1);
    const problem = regressionProblem(X, y, n);
    const meanY = y.reduce((a, b) => a + b, 0) / n;
    const means = Array.from({ length: d }, (_, j) => sumOver(n, (i) => X[i * d + j]) / n);
    const right = means.map((mean, j) => sumOver(n, (i) => (X[i * d + j] - mean) * (y[i] - meanY)) / n);
    const expected = gaussianElimination(covariance(X, n, d), right);
    for (const penalty of [ridge, lasso, groupLasso]) {
      for (const solver of ['auto', 'gradient'] as const) {
        const { W, b, result } = solve(problem, penalty, 0, solver);
        expect(result.converged).toBe(true);
        expected.forEach((value, j) => {
          expect(W[j]).toBeCloseTo(value, 8);
        });
        expect(b[0]).toBeCloseTo(meanY - means.reduce((sum, mean, j) => sum + mean * expected[j], 0), 8);
      }
    }
  });

  it('ridge is its closed form, with more features than rows too', () => {
    const random = new Random(4);
    const [n, d, lambda] = [12, 20, 0.3];
    const X = normalMatrix(random, n, d);
    const Y = normalMatrix(random, n, 3);
    const H = covariance(X, n, d).map((row, j) => row.map((value, l) => value + (j === l ? lambda : 0)));
    const means = Array.from({ length: d }, (_, j) => sumOver(n, (i) => X[i * d + j]) / n);
    for (const solver of ['newton', 'coordinate-descent', 'gradient'] as const) {
      const { W } = solve(regressionProblem(X, Y, n), ridge, lambda, solver);
      for (let t = 0; t < 3; t++) {
        const right = means.map((mean, j) => sumOver(n, (i) => (X[i * d + j] - mean) * Y[i * 3 + t]) / n);
        gaussianElimination(H, right).forEach((value, j) => {
          expect(W[j * 3 + t]).toBeCloseTo(value, 5);
        });
      }
    }
  });

  it('with one task the group lasso is the lasso', () => {
    const random = new Random(5);
    const problem = regressionProblem(normalMatrix(random, 40, 10), normalMatrix(random, 40, 1), 40);
    const a = solve(problem, groupLasso, 0.05);
    const b = solve(problem, lasso, 0.05);
    expectClose(a.W, b.W, 1e-6);
  });
});

describe('missing labels and weights', () => {
  const random = new Random(6);
  const [n, d] = [50, 5];
  const X = normalMatrix(random, n, d);
  const Y = normalMatrix(random, n, 2);

  for (const missing of [0.3, 0.8]) {
    it(`a task with ${missing} of its labels missing is fitted to its labelled rows alone`, () => {
      const masked = Y.map((value, i) => (i % 2 === 1 && (i * 7) % 10 < missing * 10 ? Number.NaN : value));
      const kept = Array.from({ length: n }, (_, i) => i).filter((i) => !Number.isNaN(masked[2 * i + 1]));
      const reduced = regressionProblem(
        Float64Array.from(kept.flatMap((i) => Array.from(X.subarray(i * d, (i + 1) * d)))),
        Float64Array.from(kept, (i) => Y[2 * i + 1]),
        kept.length,
      );
      // Ridge and lasso do not tie the tasks: the second column is a fit of its own.
      for (const penalty of [ridge, lasso]) {
        for (const solver of ['auto', 'gradient'] as const) {
          const joint = solve(regressionProblem(X, masked, n), penalty, 0.05, solver);
          const alone = solve(reduced, penalty, 0.05);
          expectClose(
            joint.W.filter((_, i) => i % 2 === 1),
            alone.W,
            1e-6,
          );
          expect(joint.b[1]).toBeCloseTo(alone.b[0], 6);
        }
      }
      const single = Float64Array.from({ length: n }, (_, i) => masked[2 * i + 1]);
      expectClose(
        solve(regressionProblem(X, single, n), groupLasso, 0.05).W,
        solve(reduced, groupLasso, 0.05).W,
        1e-6,
      );
    });
  }

  it('whole-number sample weights are repeated rows', () => {
    const times = Float64Array.from({ length: n }, () => random.integer(4));
    const repeated = Array.from({ length: n }, (_, i) => i).flatMap((i) =>
      new Array<number>(times[i]).fill(i),
    );
    const XX = Float64Array.from(repeated.flatMap((i) => Array.from(X.subarray(i * d, (i + 1) * d))));
    const YY = Float64Array.from(repeated.flatMap((i) => Array.from(Y.subarray(i * 2, (i + 1) * 2))));
    for (const penalty of everyPenalty) {
      const weighted = solve(regressionProblem(X, Y, n, { sampleWeight: times }), penalty, 0.1);
      const plain = solve(regressionProblem(XX, YY, repeated.length), penalty, 0.1);
      expectClose(weighted.W, plain.W, 1e-6);
      expectClose(weighted.b, plain.b, 1e-6);
    }
    const binary = (values: Float64Array, count: number) =>
      Float64Array.from({ length: count }, (_, i) => (values[2 * i] > 0 ? 1 : 0));
    const weights = (features: Float64Array, labels: Float64Array, sampleWeight?: Float64Array) =>
      solve(
        layOutProblem(
          toDesign(features, labels.length, d),
          [{ loss: logisticLoss, width: 1, taskWeight: 1, labels }],
          { intercept: true, sampleWeight },
        ),
        groupLasso,
        0.02,
      ).W;
    expectClose(weights(X, binary(Y, n), times), weights(XX, binary(YY, repeated.length)), 1e-6);
  });

  it('a task weight scales the loss: ridge with weight 2 is ridge with half of λ', () => {
    const heavy = solve(regressionProblem(X, Y, n, { taskWeights: [2, 1] }), ridge, 0.2);
    const half = solve(regressionProblem(X, Y, n), ridge, 0.1);
    const full = solve(regressionProblem(X, Y, n), ridge, 0.2);
    heavy.W.forEach((w, i) => {
      expect(w).toBeCloseTo((i % 2 === 0 ? half : full).W[i], 5);
    });
  });
});

describe('mixed tasks in one fit', () => {
  for (const penalty of everyPenalty) {
    it(`${penalty.name}: all solvers reach one optimum, with the same losses`, () => {
      const problem = mixedProblem();
      const solvers: SolverName[] = [
        'gradient',
        ...(penalty.rows ? (['coordinate-descent'] as const) : []),
        ...(penalty.rows?.derivatives?.smooth === 'everywhere' ? (['newton'] as const) : []),
      ];
      for (const share of [0.5, 0.05]) {
        const lambda = share * pathStart(mixedProblem(), groupLasso);
        const [first, ...others] = solvers.map((solver) => solve(problem, penalty, lambda, solver));
        expect(first.result.converged).toBe(true);
        for (const other of others) {
          expect(other.result.converged).toBe(true);
          expect(
            Math.abs(other.result.assessment.objective / first.result.assessment.objective - 1),
          ).toBeLessThan(1e-10);
          expectClose(other.W, first.W, 1e-4);
        }
      }
    });
  }

  it('group lasso: the optimality conditions hold at the solution', () => {
    const problem = mixedProblem();
    const { columns } = problem;
    const lambda = 0.2 * pathStart(problem, groupLasso);
    const { W, b } = solve(problem, groupLasso, lambda);
    const gradient = numericalGradient(problem, W, b);
    let active = 0;
    for (let j = 0; j < W.length; j += columns) {
      const w = W.subarray(j, j + columns);
      const g = gradient.subarray(j, j + columns);
      const size = Math.hypot(...w);
      if (size === 0) expect(Math.hypot(...g)).toBeLessThanOrEqual(lambda * (1 + 1e-5));
      else {
        active++;
        w.forEach((value, c) => {
          expect(g[c]).toBeCloseTo((-lambda * value) / size, 5);
        });
      }
    }
    expect(active).toBeGreaterThan(0);
    expect(active).toBeLessThan(problem.design.featureCount);
  });

  it('the residual bounds how far every iterate is from the optimum', () => {
    for (const penalty of everyPenalty) {
      const problem = mixedProblem();
      const lambda = 0.1 * pathStart(problem, groupLasso);
      const least = solve(problem, penalty, lambda).result.assessment.objective;
      for (const maxIterations of [1, 2, 5, 20, 60]) {
        for (const solver of ['gradient', 'auto'] as const) {
          const path = createPath(problem, penalty, { solver, tolerance: 1e-12, maxIterations });
          const { result } = path.solve(lambda);
          const excess = (result.assessment.objective - least) / path.origin.loss;
          expect(excess).toBeLessThanOrEqual(result.residual + 1e-12);
          expect(result.converged).toBe(result.residual <= 1e-12);
        }
      }
    }
  });

  it('an interrupted fit says that it has not converged', () => {
    const path = createPath(mixedProblem(), groupLasso, {
      solver: 'gradient',
      tolerance: 1e-10,
      maxIterations: 3,
    });
    const { result } = path.solve(0.001);
    expect(result).toMatchObject({ converged: false, iterations: 3 });
    expect(result.residual).toBeGreaterThan(1e-10);
  });

  it('warm starts change the way, not the end', () => {
    const problem = mixedProblem();
    const path = createPath(problem, groupLasso, tight);
    const start = pathStart(problem, groupLasso);
    let warm = path.solve(start);
    for (const share of [0.5, 0.2, 0.1, 0.05]) warm = path.solve(start * share);
    expectClose(warm.W, solve(problem, groupLasso, start * 0.05).W, 1e-4);
  });

  it('every recorded step holds the whole objective: losses, penalty and λ add up, and it falls', () => {
    const problem = mixedProblem();
    for (const solver of ['gradient', 'coordinate-descent'] as const) {
      const objectives: number[] = [];
      createPath(problem, groupLasso, { ...tight, solver }).solve(0.01, (step) => {
        const sum = problem.tasks.reduce((total, task, t) => total + task.taskWeight * step.taskLosses[t], 0);
        expect(step.objective).toBeCloseTo(sum + 0.01 * step.penalty, 10);
        expect(step.learningRate).toBeGreaterThan(0);
        objectives.push(step.objective);
      });
      expect(objectives.length).toBeGreaterThan(2);
      expect(objectives.at(-1)).toBeLessThan(objectives[0]);
    }
  });
});

it('gradient of the whole loss equals finite differences', () => {
  const problem = mixedProblem();
  const random = new Random(9);
  const point = createPoint(problem);
  for (let i = 0; i < point.W.length; i++) point.W[i] = 0.3 * random.normal();
  refreshPredictions(problem, point);
  const origin = createPath(problem, ridge, tight).origin;
  assess(problem, ridge, 0.1, origin, point);
  const expected = numericalGradient(problem, point.W, point.b);
  point.V.forEach((v, i) => {
    expect(-v).toBeCloseTo(expected[i], 6);
  });
});

it('more features than Gram matrices hold at once are still solved to the gap', () => {
  const random = new Random(12);
  const [n, d] = [30, 120];
  const X = normalMatrix(random, n, d);
  const labels = Float64Array.from({ length: n }, (_, i) => (X[i * d] + random.normal() > 0 ? 1 : 0));
  const problem = layOutProblem(
    toDesign(X, n, d),
    [{ loss: logisticLoss, width: 1, taskWeight: 1, labels }],
    {
      intercept: true,
    },
  );
  const lambda = 0.02 * pathStart(problem, lasso);
  const a = createPath(problem, lasso, { ...tight, tolerance: 1e-9 }).solve(lambda);
  const b = createPath(problem, lasso, { ...tight, tolerance: 1e-9, solver: 'gradient' }).solve(lambda);
  expect(a.result.converged && b.result.converged).toBe(true);
  expect(a.result.assessment.objective).toBeCloseTo(b.result.assessment.objective, 8);
});

function numericalGradient(problem: LinearProblem, W: Float64Array, b: Float64Array): Float64Array {
  const point = createPoint(problem);
  const loss = (weights: Float64Array) => {
    point.W.set(weights);
    point.b.set(b);
    refreshPredictions(problem, point);
    return problem.tasks.reduce((sum, task) => sum + task.loss.evaluate(task, point.Z, point.theta), 0);
  };
  const h = 1e-6;
  return W.map((w, i) => {
    const moved = W.slice();
    moved[i] = w + h;
    const above = loss(moved);
    moved[i] = w - h;
    return (above - loss(moved)) / (2 * h);
  });
}

function expectClose(actual: Float64Array, expected: Float64Array, tolerance: number): void {
  expect(actual.length).toBe(expected.length);
  actual.forEach((value, i) => {
    expect(Math.abs(value - expected[i])).toBeLessThan(tolerance);
  });
}

function sumOver(n: number, f: (i: number) => number): number {
  let sum = 0;
  for (let i = 0; i < n; i++) sum += f(i);
  return sum;
}

function covariance(X: Float64Array, n: number, d: number): number[][] {
  const mean = (j: number) => sumOver(n, (i) => X[i * d + j]) / n;
  return Array.from({ length: d }, (_, j) =>
    Array.from(
      { length: d },
      (_, l) => sumOver(n, (i) => (X[i * d + j] - mean(j)) * (X[i * d + l] - mean(l))) / n,
    ),
  );
}

function gaussianElimination(A: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = A.map((row, i) => [...row, right[i]]);
  const n = rows.length;
  for (let j = 0; j < n; j++) {
    let pivot = j;
    for (let i = j + 1; i < n; i++) if (Math.abs(rows[i][j]) > Math.abs(rows[pivot][j])) pivot = i;
    [rows[j], rows[pivot]] = [rows[pivot], rows[j]];
    for (let i = 0; i < n; i++) {
      if (i === j) continue;
      const factor = rows[i][j] / rows[j][j];
      for (let k = j; k <= n; k++) rows[i][k] -= factor * rows[j][k];
    }
  }
  return rows.map((row, i) => row[n] / row[i]);
}

it('a needed feature is found behind a crowd of more urgent copies of another', () => {
  const random = new Random(13);
  const [n, copies] = [80, 40];
  const d = copies + 1;
  const X = new Float64Array(n * d);
  const y = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    const [strong, weak] = [random.normal(), random.normal()];
    for (let j = 0; j < copies; j++) X[i * d + j] = strong + 0.01 * random.normal();
    X[i * d + copies] = weak;
    y[i] = 2 * strong + weak;
  }
  const problem = regressionProblem(X, y, n);
  for (const penalty of [lasso, groupLasso]) {
    const path = createPath(problem, penalty, { solver: 'auto', tolerance: 1e-9, maxIterations: 500 });
    const { W, result } = path.solve(0.1 * pathStart(problem, penalty));
    expect(result.converged).toBe(true);
    expect(W[copies]).toBeGreaterThan(0.5);
  }
});

it('hundreds of active features are solved to the gap too, without factorising their systems', () => {
  const random = new Random(14);
  const [n, d] = [700, 640];
  const problem = regressionProblem(normalMatrix(random, n, d), normalMatrix(random, n, 2), n);
  const { W, result } = createPath(problem, ridge, {
    solver: 'auto',
    tolerance: 1e-8,
    maxIterations: 100,
  }).solve(0.1);
  expect(result.converged).toBe(true);
  expect(W.every((w) => w !== 0)).toBe(true);
});
