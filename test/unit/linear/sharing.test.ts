import { describe, expect, it } from 'vitest';
import type { LinearProblem } from '../../../src/core/learner/linear/linear-problem';
import { linearMistakes, singleTaskTwin } from '../../../src/core/learner/linear/parameters';
import { createPath, type PathSolution, pathStart } from '../../../src/core/learner/linear/path';
import {
  elasticNet,
  groupElasticNet,
  groupLasso,
  lasso,
  type Penalty,
  ridge,
  trace,
} from '../../../src/core/learner/linear/penalties';
import { mixedProblem, normalMatrix, Random, regressionProblem } from './problems';

function solve(problem: LinearProblem, penalty: Penalty, lambda: number): PathSolution {
  return createPath(problem, penalty, { solver: 'auto', tolerance: 1e-12, maxIterations: 100_000 }).solve(
    lambda,
  );
}

function twoTasks(columns = 2): LinearProblem {
  const random = new Random(31);
  const Y = normalMatrix(random, 40, columns).map((y, i) => (i % 7 === 3 ? Number.NaN : y));
  return regressionProblem(normalMatrix(random, 40, 5), Y, 40);
}

describe.each([elasticNet(0.5), elasticNet(1), groupElasticNet(0.2), groupElasticNet(1), trace])(
  'limits of $name',
  (penalty) => {
    it('all weights are zero from λ_max on, not below, on tasks of all types', () => {
      const problem = mixedProblem();
      const start = pathStart(problem, penalty);
      expect(solve(problem, penalty, start * (1 + 1e-9)).W.every((w) => w === 0)).toBe(true);
      expect(solve(problem, penalty, start * 0.99).W.some((w) => w !== 0)).toBe(true);
    });

    it('λ → 0 is least squares, λ = 0 exactly', () => {
      const problem = twoTasks();
      const expected = solve(problem, ridge, 0).W;
      expectClose(solve(problem, penalty, 0).W, expected, 1e-6);
      expectClose(solve(problem, penalty, 1e-6).W, expected, 1e-4);
    });
  },
);

describe('elastic nets', () => {
  it('are the lassos at ρ = 1, and next to ridge at ρ → 0', () => {
    const problem = mixedProblem();
    for (const [net, norm] of [
      [elasticNet, lasso],
      [groupElasticNet, groupLasso],
    ] as const) {
      expectClose(solve(problem, net(1), 0.05).W, solve(problem, norm, 0.05).W, 1e-9);
      expectClose(solve(problem, net(1e-6), 0.05).W, solve(problem, ridge, 0.05).W, 1e-4);
    }
  });

  it('are the same with one task', () => {
    const problem = twoTasks(1);
    expectClose(solve(problem, elasticNet(0.3), 0.1).W, solve(problem, groupElasticNet(0.3), 0.1).W, 1e-6);
  });

  it('are the lasso of a design with √(λ(1 − ρ)) I below it', () => {
    const random = new Random(33);
    const [n, d, lambda, rho] = [30, 4, 0.2, 0.4];
    const X = normalMatrix(random, n, d);
    const Y = normalMatrix(random, n, 2);
    // Losses are means over rows, of n + d here: scaled up by √((n + d)/n), the sums are those over n.
    const scale = Math.sqrt((n + d) / n);
    const tall = new Float64Array((n + d) * d);
    const targets = new Float64Array((n + d) * 2);
    tall.set(X.map((x) => scale * x));
    targets.set(Y.map((y) => scale * y));
    for (let j = 0; j < d; j++) tall[(n + j) * d + j] = Math.sqrt((n + d) * lambda * (1 - rho));
    const plain = regressionProblem(X, Y, n, { intercept: false });
    const augmented = regressionProblem(tall, targets, n + d, { intercept: false });
    expectClose(solve(plain, elasticNet(rho), lambda).W, solve(augmented, lasso, lambda * rho).W, 1e-6);
    expectClose(
      solve(plain, groupElasticNet(rho), lambda).W,
      solve(augmented, groupLasso, lambda * rho).W,
      1e-6,
    );
  });
});

describe('trace norm', () => {
  it('is the sum of singular values: of a diagonal, of an outer product, of a vector, wide or tall', () => {
    const diagonal = Float64Array.of(3, 0, 0, 0, -4, 0);
    expect(trace.value(diagonal, { features: 2, columns: 3 })).toBeCloseTo(7, 12);
    const turned = Float64Array.of(3, 0, 0, -4, 0, 0);
    expect(trace.value(turned, { features: 3, columns: 2 })).toBeCloseTo(7, 12);
    const outer = Float64Array.of(1, 2, 2, 4, 3, 6);
    expect(trace.value(outer, { features: 3, columns: 2 })).toBeCloseTo(Math.sqrt(14 * 5), 12);
    expect(trace.value(Float64Array.of(3, -4), { features: 2, columns: 1 })).toBeCloseTo(5, 12);
  });

  it('keeps few dimensions: the solution has a lower rank than least squares', () => {
    const problem = twoTasks(4);
    const { W } = solve(problem, trace, 0.5 * pathStart(problem, trace));
    const shape = { features: 5, columns: 4 };
    expect(trace.value(W, shape)).toBeGreaterThan(0);
    const full = solve(problem, ridge, 0).W;
    expect(singularRatio(W)).toBeLessThan(1e-12);
    expect(singularRatio(full)).toBeGreaterThan(1e-3);
  });
});

describe('parameters of the penalties', () => {
  const sound = { solver: 'auto', tolerance: 1e-6, max_iterations: 100 };

  it('the twin keeps the options that it has', () => {
    expect(singleTaskTwin({ ...sound, penalty: 'group-elastic-net', l1_ratio: 0.3 })).toEqual({
      ...sound,
      penalty: 'elastic-net',
      l1_ratio: 0.3,
    });
    expect(singleTaskTwin({ ...sound, penalty: 'trace' })).toEqual({ ...sound, penalty: 'ridge' });
  });

  it('an option of another penalty is said to have no effect', () => {
    expect(linearMistakes({ ...sound, penalty: 'elastic-net', l1_ratio: 0.3 })).toEqual([]);
    expect(linearMistakes({ ...sound, penalty: 'lasso', l1_ratio: 0.3 })).toMatchObject([
      { key: 'l1_ratio', severity: 'warning' },
    ]);
  });

  it('coordinate descent is for penalties that are sums over features', () => {
    expect(linearMistakes({ ...sound, penalty: 'trace', solver: 'coordinate-descent' })).toMatchObject([
      { key: 'solver', severity: 'error' },
    ]);
  });
});

/** det(WᵀW) over the product of the squared column norms: 0 when W lacks a dimension (5 × 4). */
function singularRatio(W: Float64Array): number {
  const gram = Array.from({ length: 4 }, (_, a) =>
    Array.from({ length: 4 }, (_, b) => {
      let sum = 0;
      for (let j = 0; j < 5; j++) sum += W[j * 4 + a] * W[j * 4 + b];
      return sum;
    }),
  );
  let ratio = 1;
  for (let k = 0; k < 4; k++) ratio /= gram[k][k];
  for (let k = 0; k < 4; k++) {
    ratio *= gram[k][k];
    for (let i = k + 1; i < 4; i++) {
      const factor = gram[i][k] / gram[k][k];
      for (let c = k; c < 4; c++) gram[i][c] -= factor * gram[k][c];
    }
  }
  return Math.abs(ratio);
}

function expectClose(actual: Float64Array, expected: Float64Array, tolerance: number): void {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) => {
    expect(Math.abs(value - expected[i])).toBeLessThan(tolerance);
  });
}
