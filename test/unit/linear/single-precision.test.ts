import { expect, it } from 'vitest';
import { layOutProblem } from '../../../src/core/learner/linear/linear-problem';
import { squaredLoss } from '../../../src/core/learner/linear/losses';
import { createPath, pathStart } from '../../../src/core/learner/linear/path';
import { groupLasso, lasso } from '../../../src/core/learner/linear/penalties';
import { normalMatrix, Random } from './problems';

const [rows, features, columns] = [300, 600, 3];
const random = new Random(71);
const X = normalMatrix(random, features, rows);
const Y = Array.from({ length: columns }, () => normalMatrix(random, 1, rows));

/** So many features are active that passes go by inner products in single precision; the gap is worked out here, by the rows. */
it.each([
  ['group-lasso', groupLasso],
  ['lasso', lasso],
] as const)(
  'the gap that a path of many active features reports is one of double precision: %s',
  (name, penalty) => {
    const tasks = Y.map((labels) => ({ loss: squaredLoss, width: 1, taskWeight: 1, labels: labels.slice() }));
    const problem = layOutProblem({ X, rowCount: rows, featureCount: features }, tasks, { intercept: false });
    const path = createPath(problem, penalty, { solver: 'auto', tolerance: 1e-6, maxIterations: 10_000 });
    const largest = pathStart(problem, penalty);
    for (let k = 1; k < 8; k++) {
      const lambda = largest * 10 ** (-k / 3);
      const { W, result } = path.solve(lambda);
      expect(result.converged).toBe(true);
      expect(result.residual).toBeLessThanOrEqual(1e-6);
      expect(relativeGap(W, lambda, name === 'lasso')).toBeCloseTo(result.residual, 9);
    }
  },
);

function relativeGap(W: Float64Array, lambda: number, byEntry: boolean): number {
  let [squares, residuals, along, size, dual] = [0, 0, 0, 0, 0];
  const R = Y.map((y, c) =>
    y.map((value, i) => {
      let rest = value;
      for (let j = 0; j < features; j++) rest -= X[j * rows + i] * W[j * columns + c];
      squares += value * value;
      residuals += rest * rest;
      along += rest * value;
      return rest;
    }),
  );
  for (let j = 0; j < features; j++) {
    const w = Array.from(W.subarray(j * columns, (j + 1) * columns));
    const v = R.map((r) => r.reduce((sum, value, i) => sum + value * X[j * rows + i], 0) / rows);
    size += byEntry ? w.reduce((sum, one) => sum + Math.abs(one), 0) : Math.hypot(...w);
    dual = Math.max(dual, byEntry ? Math.max(...v.map(Math.abs)) : Math.hypot(...v));
  }
  const scale = Math.min(1, lambda / dual);
  const gap = residuals / 2 + rows * lambda * size - (scale * along - (scale * scale * residuals) / 2);
  return gap / (squares / 2);
}
