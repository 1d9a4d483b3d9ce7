import { describe, expect, it } from 'vitest';
import { type LinearProblem, layOutProblem } from '../../../src/core/learner/linear/linear-problem';
import { logisticLoss, softmaxLoss, squaredLoss } from '../../../src/core/learner/linear/losses';
import { createPath, type SolverName } from '../../../src/core/learner/linear/path';
import { groupLasso, lasso, type Penalty, ridge } from '../../../src/core/learner/linear/penalties';
import reference from './fixtures/scikit-learn.json';
import { toDesign } from './problems';

const { n, d } = reference;
const design = toDesign(Float64Array.from(reference.X.flat()), n, d);
const sampleWeight = Float64Array.from(reference.sampleWeight);
const target = (t: number) => Float64Array.from(reference.regression, (row) => row[t]);
const squared = (t: number) => ({ loss: squaredLoss, width: 1, taskWeight: 1, labels: target(t) });

const problems: Record<string, () => [LinearProblem, Penalty]> = {
  'logistic-ridge': () => [binary(), ridge],
  'logistic-lasso': () => [binary(), lasso],
  'softmax-ridge': () => [multiclass(), ridge],
  'softmax-lasso': () => [multiclass(), lasso],
  'group-lasso': () => [layOutProblem(design, [squared(0), squared(1)], { intercept: true }), groupLasso],
  lasso: () => [layOutProblem(design, [squared(0)], { intercept: true, sampleWeight }), lasso],
  ridge: () => [layOutProblem(design, [squared(0)], { intercept: true, sampleWeight }), ridge],
};

describe('coefficients equal scikit-learn’s (fixtures/scikit-learn.json says how they were made)', () => {
  const solvers: SolverName[] = ['auto', 'gradient', 'coordinate-descent'];
  for (const solver of solvers) {
    for (const { kind, lam, coef, intercept } of reference.results) {
      it(`${kind}, λ = ${lam}, ${solver}`, () => {
        const [problem, penalty] = problems[kind]();
        const path = createPath(problem, penalty, { solver, tolerance: 1e-12, maxIterations: 100_000 });
        const { W, b, result } = path.solve(lam);
        expect(result.converged).toBe(true);
        coef.forEach((column, c) => {
          column.forEach((value, j) => {
            expect(Math.abs(W[j * problem.columns + c] - value)).toBeLessThan(2e-5);
          });
        });
        // A shift of all classes changes nothing: compare differences.
        const shift = kind.startsWith('softmax') ? intercept[0] - b[0] : 0;
        intercept.forEach((value, c) => {
          expect(Math.abs(b[c] + shift - value)).toBeLessThan(2e-5);
        });
      });
    }
  }
});

function binary(): LinearProblem {
  const labels = Float64Array.from(reference.binary);
  return layOutProblem(design, [{ loss: logisticLoss, width: 1, taskWeight: 1, labels }], {
    intercept: true,
    sampleWeight,
  });
}

function multiclass(): LinearProblem {
  const labels = Float64Array.from(reference.multiclass);
  return layOutProblem(design, [{ loss: softmaxLoss, width: 3, taskWeight: 1, labels }], {
    intercept: true,
    sampleWeight,
  });
}
