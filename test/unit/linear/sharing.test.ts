import { describe, expect, it } from 'vitest';
import type { Task, TaskType } from '../../../src/core/dataset/problem';
import type { LinearProblem } from '../../../src/core/learner/linear/linear-problem';
import { linearMistakes, singleTaskTwin } from '../../../src/core/learner/linear/parameters';
import { createPath, type PathSolution, pathStart } from '../../../src/core/learner/linear/path';
import {
  dirty,
  elasticNet,
  graph,
  groupElasticNet,
  groupLasso,
  lasso,
  meanRegularised,
  type Penalty,
  ridge,
  trace,
} from '../../../src/core/learner/linear/penalties';
import { estimateEdges, relatedColumns, resolveEdges } from '../../../src/core/learner/linear/task-relations';
import { mixedProblem, normalMatrix, Random, regressionProblem } from './problems';

function solve(problem: LinearProblem, penalty: Penalty, lambda: number, tolerance = 1e-12): PathSolution {
  return createPath(problem, penalty, { solver: 'auto', tolerance, maxIterations: 100_000 }).solve(lambda);
}

function twoTasks(columns = 2): LinearProblem {
  const random = new Random(31);
  const Y = normalMatrix(random, 40, columns).map((y, i) => (i % 7 === 3 ? Number.NaN : y));
  return regressionProblem(normalMatrix(random, 40, 5), Y, 40);
}

describe.each([
  elasticNet(0.5),
  elasticNet(1),
  groupElasticNet(0.2),
  groupElasticNet(1),
  trace,
  dirty(0.75),
  dirty(0.5),
])('limits of $name', (penalty) => {
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
});

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

describe('mean-regularised', () => {
  const epsilon = 0.3;
  const penalty = meanRegularised(epsilon);

  it('is the graph of all pairs at weight 1/T, on tasks of all types', () => {
    const problem = mixedProblem();
    const T = problem.columns;
    const pairs = Array.from({ length: T * T }, (_, i) => ({
      a: Math.floor(i / T),
      b: i % T,
      weight: 1 / T,
    }));
    const full = graph(
      epsilon,
      pairs.filter(({ a, b }) => a < b),
    );
    expectClose(solve(problem, penalty, 0.2).W, solve(problem, full, 0.2).W, 1e-6);
  });

  it('is ridge on a shared and a private copy of the features', () => {
    const [n, d, T, lambda] = [30, 4, 3, 0.2];
    const random = new Random(34);
    const X = normalMatrix(random, n, d);
    const Y = normalMatrix(random, n, T).map((y, i) => (i % 5 === 1 ? Number.NaN : y));
    // W_c = u + v_c with a ‖u‖²/2 + b Σ ‖v_c‖²/2: the copies divided by √a and √b, under ridge with λ = 1.
    const a = lambda * epsilon * (1 + epsilon) * T;
    const b = lambda * (1 + epsilon);
    const wide = (1 + T) * d;
    const copies = new Float64Array(n * T * wide);
    const labels = new Float64Array(n * T);
    const counts = [0, 1, 2].map((t) => sum(n, (i) => (Number.isNaN(Y[i * T + t]) ? 0 : 1)));
    const sampleWeight = new Float64Array(n * T);
    for (let t = 0; t < T; t++) {
      for (let i = 0; i < n; i++) {
        const row = t * n + i;
        labels[row] = Y[i * T + t];
        sampleWeight[row] = 1 / counts[t];
        for (let j = 0; j < d; j++) {
          copies[row * wide + j] = X[i * d + j] / Math.sqrt(a);
          copies[row * wide + (1 + t) * d + j] = X[i * d + j] / Math.sqrt(b);
        }
      }
    }
    // One task over all stacked rows: its mean loss is a T-th of the sum of the tasks' means.
    const stacked = regressionProblem(copies, labels, n * T, {
      intercept: false,
      sampleWeight,
      taskWeights: [T],
    });
    const single = solve(stacked, ridge, 1).W;
    const expected = Float64Array.from({ length: d * T }, (_, i) => {
      const [j, t] = [Math.floor(i / T), i % T];
      return single[j] / Math.sqrt(a) + single[(1 + t) * d + j] / Math.sqrt(b);
    });
    expectClose(solve(regressionProblem(X, Y, n, { intercept: false }), penalty, lambda).W, expected, 1e-5);
  });

  it('is ridge at ε λ with one task, and where columns have no partner', () => {
    const one = twoTasks(1);
    expectClose(solve(one, penalty, 0.4).W, solve(one, ridge, 0.4 * epsilon).W, 1e-6);
    const apart = meanRegularised(epsilon, [Int32Array.of(0), Int32Array.of(1)]);
    expectClose(solve(twoTasks(), apart, 0.4).W, solve(twoTasks(), ridge, 0.4 * epsilon).W, 1e-6);
  });

  it('draws the tasks together as λ grows with λε held', () => {
    const spread = [0.01, 1, 100].map((lambda) => {
      const { W } = solve(twoTasks(), meanRegularised(0.01 / lambda), lambda);
      return sum(5, (j) => (W[2 * j] - W[2 * j + 1]) ** 2);
    });
    expect(spread[1]).toBeLessThan(spread[0]);
    expect(spread[2]).toBeLessThan(1e-3 * spread[0]);
  });

  it('has a path that starts where next to nothing is learned', () => {
    const problem = mixedProblem();
    const start = pathStart(problem, penalty);
    expect(start).toBeCloseTo(pathStart(problem, ridge) / epsilon, 8);
    const size = (W: Float64Array) => Math.hypot(...W);
    expect(size(solve(problem, penalty, start).W)).toBeLessThan(0.1 * size(solve(problem, ridge, 0).W));
  });
});

describe('graph of tasks', () => {
  const task = (id: string, type: TaskType, classes: readonly string[] = []): Task => ({
    id,
    type,
    weight: 1,
    classes,
  });
  const tasks = [
    task('a', 'regression'),
    task('k', 'multiclass', ['x', 'y', 'z']),
    task('b', 'binary', ['no', 'yes']),
    task('l', 'multiclass', ['z', 'x', 'y']),
    task('m', 'multiclass', ['x', 'y']),
  ];

  it('joins columns that mean the same: numbers and binary tasks, classes of one name in one set', () => {
    expect(relatedColumns(tasks).map((group) => Array.from(group))).toEqual([
      [0, 4],
      [1, 6],
      [2, 7],
      [3, 5],
      [8],
      [9],
    ]);
    expect(
      resolveEdges(tasks, [
        ['a', 'b'],
        ['k', 'l', -2],
      ]),
    ).toEqual([
      { a: 0, b: 4, weight: 1 },
      { a: 1, b: 6, weight: -2 },
      { a: 2, b: 7, weight: -2 },
      { a: 3, b: 5, weight: -2 },
    ]);
  });

  it('leaves out edges to tasks that are not learned', () => {
    expect(
      resolveEdges(tasks, [
        ['a', 'c'],
        ['a', 'b'],
      ]),
    ).toEqual([{ a: 0, b: 4, weight: 1 }]);
  });

  it('refuses edges between tasks that cannot be compared', () => {
    expect(() => resolveEdges(tasks, [['a', 'k']])).toThrow(/joins no weights/);
    expect(() => resolveEdges(tasks, [['a', 'a']])).toThrow(/joins no weights/);
  });

  it('is estimated from the labels: alike, opposite and unrelated tasks', () => {
    const random = new Random(35);
    const [n, d] = [200, 6];
    const X = normalMatrix(random, n, d);
    const [w, v] = [Float64Array.of(1, -1, 1, 0, 0, 0), Float64Array.of(0, 0, 0, 1, 1, -1)];
    const score = (i: number, of: Float64Array) => sum(d, (j) => X[i * d + j] * of[j]);
    const Y = Float64Array.from({ length: n * 4 }, (_, at) => {
      const i = Math.floor(at / 4);
      const signal = [score(i, w), score(i, w), -score(i, w), score(i, v)][at % 4];
      return signal + 0.1 * random.normal();
    });
    const edges = estimateEdges(regressionProblem(X, Y, n), [Int32Array.of(0, 1, 2, 3)]);
    const weight = (a: number, b: number) => edges.find((edge) => edge.a === a && edge.b === b)?.weight;
    expect(weight(0, 1)).toBeCloseTo(0.25, 2);
    expect(weight(0, 2)).toBeCloseTo(-0.25, 2);
    expect(Math.abs(weight(0, 3) ?? 1)).toBeLessThan(0.06);
    expect(edges).toHaveLength(6);
  });

  it('pulls a task to the opposite of the other over a negative edge', () => {
    const { W } = solve(twoTasks(), graph(1e-5, [{ a: 0, b: 1, weight: -1 }]), 1000);
    const size = sum(5, (j) => W[2 * j] ** 2);
    expect(sum(5, (j) => (W[2 * j] + W[2 * j + 1]) ** 2)).toBeLessThan(1e-4 * size);
  });
});

describe('sparse + joint', () => {
  const rho = 0.6;

  it('is the group lasso at ρ ≥ 1, the lasso at ρ ≤ 1/√columns, and with one task', () => {
    const problem = mixedProblem();
    expectClose(solve(problem, dirty(1), 0.1, 1e-9).W, solve(problem, groupLasso, 0.1).W, 1e-4);
    const least = 1 / Math.sqrt(problem.columns);
    expectClose(solve(problem, dirty(least), 0.1, 1e-9).W, solve(problem, lasso, 0.1 * least).W, 1e-4);
    expectClose(solve(twoTasks(1), dirty(rho), 0.1).W, solve(twoTasks(1), lasso, 0.1 * rho).W, 1e-6);
  });

  it('is the least price of a shared and a private part: nothing on a grid is cheaper', () => {
    const random = new Random(36);
    const shape = { features: 1, columns: 3 };
    for (let draw = 0; draw < 20; draw++) {
      const W = normalMatrix(random, 3, 1);
      const value = dirty(rho).value(W, shape);
      let least = Number.POSITIVE_INFINITY;
      const steps = 40;
      for (let i = 0; i < (steps + 1) ** 3; i++) {
        const P = W.map((w, c) => (w * (Math.floor(i / (steps + 1) ** c) % (steps + 1))) / steps);
        const price = Math.hypot(...P) + rho * sum(3, (c) => Math.abs(W[c] - P[c]));
        least = Math.min(least, price);
      }
      expect(value).toBeLessThanOrEqual(least + 1e-12);
      expect(value).toBeGreaterThan(least - 0.01 * least);
    }
  });

  it('takes W apart: the shared part costs with the rest what R says', () => {
    const random = new Random(38);
    const shape = { features: 6, columns: 4 };
    for (const ratio of [0.4, 0.55, 0.8]) {
      const W = normalMatrix(random, 6, 4);
      const P = dirty(ratio).sharedPart?.(W, shape) ?? W;
      const price = sum(6, (j) => {
        const row = P.subarray(4 * j, 4 * j + 4);
        return Math.hypot(...row) + ratio * sum(4, (c) => Math.abs(W[4 * j + c] - row[c]));
      });
      expect(price).toBeCloseTo(dirty(ratio).value(W, shape), 10);
    }
  });

  it('has a prox that no nearby point beats, for every ρ and step', () => {
    const random = new Random(37);
    const shape = { features: 4, columns: 5 };
    for (const ratio of [0.3, 0.5, 0.7, 0.95, 2]) {
      for (const step of [0.1, 0.8, 1.5]) {
        const V = normalMatrix(random, 20, 1);
        const U = V.slice();
        dirty(ratio).prox(U, shape, step);
        const objective = (W: Float64Array) =>
          0.5 * sum(20, (i) => (W[i] - V[i]) ** 2) + step * dirty(ratio).value(W, shape);
        for (const radius of [1e-5, 1e-2, 0.5]) {
          for (let draw = 0; draw < 30; draw++) {
            const other = U.map((u) => u + radius * random.normal());
            expect(objective(other)).toBeGreaterThanOrEqual(objective(U) - 1e-13);
          }
        }
      }
    }
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

  it('an edge joins two tasks, with one weight', () => {
    const base = { ...sound, penalty: 'graph' };
    expect(linearMistakes({ ...base, edges: [['a', 'b', 0.5]] })).toEqual([]);
    expect(
      linearMistakes({
        ...base,
        edges: [
          ['a', 'b'],
          ['b', 'b'],
        ],
      }),
    ).toMatchObject([{ key: 'edges', severity: 'error', message: 'an edge joins "b" with itself' }]);
    expect(linearMistakes({ ...base, edges: [['a', 'b', 1, 2]] })).toMatchObject([{ key: 'edges' }]);
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

function sum(count: number, term: (i: number) => number): number {
  let total = 0;
  for (let i = 0; i < count; i++) total += term(i);
  return total;
}

function expectClose(actual: Float64Array, expected: Float64Array, tolerance: number): void {
  expect(actual).toHaveLength(expected.length);
  actual.forEach((value, i) => {
    expect(Math.abs(value - expected[i])).toBeLessThan(tolerance);
  });
}
