import { describe, expect, it } from 'vitest';
import { layOutProblem } from '../../../src/core/learner/linear/linear-problem';
import { huberLoss, logisticLoss, softmaxLoss } from '../../../src/core/learner/linear/losses';
import { createPath, pathStart } from '../../../src/core/learner/linear/path';
import { lasso } from '../../../src/core/learner/linear/penalties';
import { Random, toDesign } from './problems';

/** Three categorical features, each as a 0/1 column a category: the columns of each add up to the intercept's. */
const CATEGORIES = [12, 8, 20];
const WIDTH = 40;
const N = 200;

describe('columns of all categories of a feature, beside an intercept', () => {
  for (const { name, loss, width, seeds } of [
    // With these seeds Newton's system is singular and its residual outside of the range on the way.
    { name: 'Huber', loss: huberLoss(0.5), width: 1, seeds: [3, 12] },
    { name: 'logistic', loss: logisticLoss, width: 1, seeds: [7, 12] },
    { name: 'softmax', loss: softmaxLoss, width: 3, seeds: [4] },
  ]) {
    it(`do not keep a lasso path with the ${name} loss from its optima`, () => {
      for (const seed of seeds) {
        const { X, scores } = make(seed, width);
        const labels = Float64Array.from({ length: N }, (_, i) => {
          if (name === 'Huber') return scores[0][i] * (i % 17 === 0 ? 6 : 1);
          if (name === 'logistic') return scores[0][i] > 0 ? 1 : 0;
          return [0, 1, 2].reduce((best, k) => (scores[k][i] > scores[best][i] ? k : best), 0);
        });
        const input = { loss, width, taskWeight: 1, labels };
        const problem = layOutProblem(toDesign(X, N, WIDTH), [input], { intercept: true });
        const path = createPath(problem, lasso, { solver: 'auto', tolerance: 1e-6, maxIterations: 1000 });
        const start = pathStart(problem, lasso);
        for (let k = 0; k < 5; k++) {
          const { result, W } = path.solve(start * 1000 ** (-k / 4));
          expect(W.every(Number.isFinite)).toBe(true);
          expect(result.residual).toBeLessThan(1e-6);
        }
      }
    });
  }
});

/** Scores of a linear model of all categories, with noise; frequent categories first, the last occur a few times. */
function make(seed: number, width: number): { X: Float64Array; scores: Float64Array[] } {
  const random = new Random(seed);
  const X = new Float64Array(N * WIDTH);
  for (let i = 0; i < N; i++) {
    let at = i * WIDTH;
    for (const count of CATEGORIES) {
      X[at + Math.floor(count * random.uniform() ** 2)] = 1;
      at += count;
    }
  }
  const scores = Array.from({ length: width }, () => {
    const w = Float64Array.from({ length: WIDTH }, () => random.normal());
    return Float64Array.from({ length: N }, (_, i) => {
      let sum = random.normal();
      for (let j = 0; j < WIDTH; j++) sum += X[i * WIDTH + j] * w[j];
      return sum;
    });
  });
  return { X, scores };
}
