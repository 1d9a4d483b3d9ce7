import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createPath, pathStart, type SolverName } from '../../../src/core/learner/linear/path';
import {
  graph,
  groupElasticNet,
  groupLasso,
  lasso,
  meanRegularised,
  type Penalty,
  ridge,
  trace,
} from '../../../src/core/learner/linear/penalties';
import { regressionProblem } from './problems';
import { readStandardised, sharedData } from './shared-data';

interface Reference {
  readonly objective: number;
  readonly alpha?: number;
  readonly nnz_rows?: number;
}

const cases: [string, Penalty, readonly SolverName[]][] = [
  ['mtl_l21', groupLasso, ['auto', 'gradient']],
  ['lasso', lasso, ['auto', 'gradient']],
  ['mtl_enet0.5', groupElasticNet(0.5), ['auto', 'gradient']],
  ['trace', trace, ['auto']],
  ['ridge', ridge, ['auto', 'gradient', 'coordinate-descent']],
];

/** The references have a weight of ridge of 1e-3, whatever that of the differences. */
const smooth: [string, (epsilon: number, tasks: number) => Penalty][] = [
  ['meanreg', (epsilon) => meanRegularised(epsilon)],
  [
    'chaingraph',
    (epsilon, tasks) =>
      graph(
        epsilon,
        Array.from({ length: tasks - 1 }, (_, a) => ({ a, b: a + 1, weight: 1 })),
      ),
  ],
];

describe.skipIf(!sharedData)('exact objectives of stored references (needs shared/data)', () => {
  const directory = sharedData ?? '';
  for (const name of ['enb', 'slump', 'wq']) {
    const references = (): Record<string, Reference> =>
      JSON.parse(readFileSync(join(directory, 'oracles.json'), 'utf8')).linear_exact[name];

    for (const [prefix, penalty, solvers] of cases) {
      for (const solver of solvers) {
        it(`${name}: ${penalty.name} by ${solver} reaches the reference objective to 1e-6`, () => {
          const { X, Y, n } = readStandardised(directory, name);
          const problem = regressionProblem(X, Y, n, { intercept: false });
          const path = createPath(problem, penalty, { solver, tolerance: 1e-8, maxIterations: 100_000 });
          const points = Object.entries(references())
            .filter(([key]) => key.startsWith(`${prefix}_`))
            .map(([key, value]) => ({
              ...value,
              lambda: value.alpha ?? Number(key.slice(prefix.length + 1)),
            }))
            .sort((a, b) => b.lambda - a.lambda);
          expect(points.length).toBeGreaterThanOrEqual(3);
          for (const { lambda, objective, nnz_rows } of points) {
            const { W, result } = path.solve(lambda);
            expect(result.converged).toBe(true);
            expect(Math.abs(result.assessment.objective / objective - 1)).toBeLessThan(1e-6);
            if (nnz_rows !== undefined && solver === 'auto') {
              expect(countRows(W, problem.columns)).toBe(nnz_rows);
            }
          }
        });
      }
    }

    for (const [prefix, create] of smooth) {
      for (const solver of ['auto', 'gradient'] as const) {
        it(`${name}: ${prefix} by ${solver} reaches the reference objective to 1e-6`, () => {
          const { X, Y, n, tasks } = readStandardised(directory, name);
          const problem = regressionProblem(X, Y, n, { intercept: false });
          for (const strength of [0.001, 0.01, 0.1, 1]) {
            const { objective } = references()[`${prefix}_${strength}_l2_1e-3`];
            const penalty = create(1e-3 / strength, tasks);
            const path = createPath(problem, penalty, { solver, tolerance: 1e-8, maxIterations: 100_000 });
            const { result } = path.solve(strength);
            expect(result.converged).toBe(true);
            expect(Math.abs(result.assessment.objective / objective - 1)).toBeLessThan(1e-6);
          }
        });
      }
    }

    it(`${name}: λ_max of the group lasso is the reference's`, () => {
      const { X, Y, n } = readStandardised(directory, name);
      const expected = JSON.parse(readFileSync(join(directory, 'oracles.json'), 'utf8')).linear_exact[name];
      const problem = regressionProblem(X, Y, n, { intercept: false });
      expect(pathStart(problem, groupLasso)).toBeCloseTo(expected.alpha_max_l21, 10);
    });
  }
});

function countRows(W: Float64Array, columns: number): number {
  let count = 0;
  for (let j = 0; j < W.length; j += columns) if (W.subarray(j, j + columns).some((w) => w !== 0)) count++;
  return count;
}
