import { expect, it } from 'vitest';
import { layOutProblem } from '../../../src/core/learner/linear/linear-problem';
import { squaredLoss } from '../../../src/core/learner/linear/losses';
import { createPath, pathStart } from '../../../src/core/learner/linear/path';
import { groupLasso, lasso } from '../../../src/core/learner/linear/penalties';
import { normalMatrix, Random } from './problems';
import { relativeGap } from './relative-gap';

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
      expect(relativeGap({ X, Y }, W, lambda, name === 'lasso')).toBeCloseTo(result.residual, 9);
    }
  },
);
