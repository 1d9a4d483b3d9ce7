import { expect, it, vi } from 'vitest';
import { GramSpace } from '../../../src/core/learner/linear/gram-space';
import { layOutProblem } from '../../../src/core/learner/linear/linear-problem';
import { squaredLoss } from '../../../src/core/learner/linear/losses';
import { createPath, pathStart } from '../../../src/core/learner/linear/path';
import { groupLasso, lasso } from '../../../src/core/learner/linear/penalties';
import { normalMatrix, Random } from './problems';
import { relativeGap } from './relative-gap';

const [rows, features, columns, useful, steps] = [120, 200, 2, 10, 60];
const random = new Random(72);
const X = normalMatrix(random, features, rows);
const Y = Array.from({ length: columns }, () => {
  const y = normalMatrix(random, 1, rows);
  for (let j = 0; j < useful; j++) {
    const w = random.normal();
    for (let i = 0; i < rows; i++) y[i] += 5 * w * X[j * rows + i];
  }
  return y;
});

it.each([
  ['group-lasso', groupLasso],
  ['lasso', lasso],
] as const)(
  'along a path of small steps the gap is one over all features, few of which are looked at: %s',
  (name, penalty) => {
    const spy = vi.spyOn(GramSpace.prototype, 'correlateOthers');
    const tasks = Y.map((labels) => ({ loss: squaredLoss, width: 1, taskWeight: 1, labels: labels.slice() }));
    const problem = layOutProblem({ X, rowCount: rows, featureCount: features }, tasks, { intercept: false });
    const path = createPath(problem, penalty, { solver: 'auto', tolerance: 1e-6, maxIterations: 10_000 });
    const largest = pathStart(problem, penalty);
    for (let k = 1; k <= steps; k++) {
      const lambda = largest * 10 ** ((-1.5 * k) / steps);
      const { W, result } = path.solve(lambda);
      expect(result.converged).toBe(true);
      expect(relativeGap({ X, Y }, W, lambda, name === 'lasso')).toBeCloseTo(result.residual, 12);
    }
    // `skip` is 0 where a feature is looked at.
    const looks = spy.mock.calls.reduce((sum, [, skip]) => sum + skip.filter((one) => one === 0).length, 0);
    expect(spy.mock.calls.length).toBeGreaterThanOrEqual(steps);
    expect(looks).toBeLessThan(0.3 * steps * features);
    spy.mockRestore();
  },
);
