import { describe, expect, it } from 'vitest';
import { fitEncoder } from '../../../src/core/dataset/encoder';
import { type Problem, taskWidth } from '../../../src/core/dataset/problem';
import { fitTargetScaler } from '../../../src/core/dataset/target-scaler';
import { linearParameters } from '../../../src/core/learner/linear';
import { type Design, toLazyDesign } from '../../../src/core/learner/linear/design';
import { layOutProblem } from '../../../src/core/learner/linear/linear-problem';
import {
  createLoss,
  huberLoss,
  logisticLoss,
  poissonLoss,
  softmaxLoss,
  squaredLoss,
} from '../../../src/core/learner/linear/losses';
import {
  assess,
  createPoint,
  findOrigin,
  refreshPredictions,
} from '../../../src/core/learner/linear/objective';
import { createPath, pathStart } from '../../../src/core/learner/linear/path';
import { createPenalty } from '../../../src/core/learner/linear/penalties';
import { relatedColumns, resolveEdges } from '../../../src/core/learner/linear/task-relations';
import { distance, levelOf, parametersOf, problemOf } from './convex-reference';
import reference from './fixtures/convex-solver.json';
import { normalMatrix, Random, toDesign } from './problems';

describe('models of the loss on features made on demand: CVXPY’s optimum', () => {
  for (const { name, losses, edges, labels } of reference.sets) {
    // A task with labels in few rows is for other solvers.
    if (!losses.some((loss) => loss === 'logistic' || loss === 'poisson')) continue;
    const problem = problemOf(losses, labels);
    const lying = layOut(problem, losses);
    it.each([...new Set(reference.results.map((one) => one.penalty))])(`${name}, %s`, (penalty) => {
      const parameters = linearParameters.parse(parametersOf(penalty, losses, edges, 'auto'));
      const own = createPenalty(parameters, {
        groups: () => relatedColumns(problem.tasks),
        edges: () => resolveEdges(problem.tasks, parameters.edges ?? []),
      });
      const path = createPath(lying, own, { solver: 'auto', tolerance: 1e-12, maxIterations: 1000 });
      for (const expected of reference.results) {
        if (expected.tasks !== name || expected.penalty !== penalty) continue;
        const { W, b, result } = path.solve(expected.lambda);
        expect(result.converged).toBe(true);
        expect(Math.abs(result.assessment.objective / expected.objective - 1)).toBeLessThan(1e-8);
        expect(distance(W, expected.weights)).toBeLessThan(5e-5);
        expect(distance(b, levelOf(expected.intercepts, b, losses))).toBeLessThan(5e-5);
      }
    });
  }
});

// More rows than the sample has, of features that depend on each other.
const n = 6000;
const d = 5;
const random = new Random(31);
const X = normalMatrix(random, n, d);
for (let i = 0; i < n; i++) X[i * d + 1] = X[i * d] + 0.01 * X[i * d + 1];
const score = Float64Array.from({ length: n }, (_, i) => X[i * d] - 0.5 * X[i * d + 2] + random.normal());
const dense = toDesign(X, n, d);
const lazy = toLazyDesign(n, d, (j, from, out) => {
  for (let i = 0; i < out.length; i++) out[i] = X[(from + i) * d + j];
});

describe('models of the loss on a sample of the rows', () => {
  it.each([
    ['logistic', 'group-lasso'],
    ['logistic', 'trace'],
    ['logistic', 'mean-regularised'],
    ['huber', 'dirty'],
    ['huber', 'ridge'],
    ['poisson', 'lasso'],
    ['poisson', 'ridge'],
    ['softmax', 'group-lasso'],
    ['softmax', 'trace'],
    ['squared', 'trace'],
  ] as const)('%s, %s: the gap over all rows, by the whole matrix, is closed in few steps', (loss, name) => {
    const penalty = createPenalty({ penalty: name });
    const [ours, whole] = [lay(lazy, loss), lay(dense, loss)];
    const origin = findOrigin(whole);
    const start = pathStart(whole, penalty);
    const path = createPath(ours, penalty, { solver: 'auto', tolerance: 1e-9, maxIterations: 15 });
    for (const lambda of [0.3 * start, 1e-3 * start, 0]) {
      const { W, b, result } = path.solve(lambda);
      expect(result.converged).toBe(true);
      const point = { ...createPoint(whole), W, b };
      refreshPredictions(whole, point);
      expect(assess(whole, penalty, lambda, origin, point).residual).toBeLessThan(1.1e-9);
    }
  });

  it('finds far weights, of labels that a feature tells apart', () => {
    const labels = score.map((_, i) => Number(X[i * d + 3] > 0));
    const path = createPath(one(labels), createPenalty({ penalty: 'ridge' }), options);
    expect(path.solve(1e-6).result.converged).toBe(true);
  });

  it('leaves to other solvers what a sample says nothing of', () => {
    // Nearly all of the weight lies on few rows.
    const sampleWeight = score.map((_, i) => (i % 1000 === 7 ? 1e6 : 1));
    const labels = score.map((z) => Number(z > 0));
    const path = createPath(one(labels, sampleWeight), createPenalty({ penalty: 'lasso' }), options);
    const { result } = path.solve(0.01);
    expect(result.converged).toBe(true);
    // As many steps as it may take, and those of another.
    expect(result.iterations).toBeGreaterThan(40);
  });
});

const options = { solver: 'auto', tolerance: 1e-8, maxIterations: 10_000 } as const;

function one(labels: Float64Array, sampleWeight?: Float64Array) {
  const input = { loss: logisticLoss, width: 1, taskWeight: 1, labels };
  return layOutProblem(lazy, [input], { intercept: true, sampleWeight });
}

/** Two tasks of a loss (softmax: one), a fifth of their labels missing. */
function lay(design: Design, loss: 'logistic' | 'huber' | 'poisson' | 'softmax' | 'squared') {
  const of = {
    logistic: { loss: logisticLoss, label: (z: number) => Number(z > 1) },
    huber: { loss: huberLoss(0.5), label: (z: number) => z ** 3 / 10 },
    poisson: { loss: poissonLoss, label: (z: number) => Math.round(Math.exp(z)) },
    softmax: { loss: softmaxLoss, label: (z: number) => Number(z > 0) + Number(z > 1) },
    squared: { loss: squaredLoss, label: (z: number) => z },
  }[loss];
  const width = loss === 'softmax' ? 3 : 1;
  const inputs = Array.from({ length: loss === 'softmax' ? 1 : 2 }, (_, t) => ({
    loss: of.loss,
    width,
    taskWeight: 1 + t,
    labels: score.map((z, i) => (i % 5 === t ? Number.NaN : of.label(z + t * X[i * d + 4]))),
  }));
  return layOutProblem(design, inputs, { intercept: true });
}

/** As the learner does it, with features made on demand. */
function layOut(problem: Problem, losses: readonly string[]) {
  const { dataset, rows, tasks, labels, sampleWeight } = problem;
  const encoder = fitEncoder(problem, { keepZeros: true });
  const design = toLazyDesign(rows.length, encoder.width, encoder.columnsOf(dataset, rows));
  const scaler = fitTargetScaler(problem);
  const inputs = tasks.map((task, t) => {
    const counts = losses[t] === 'poisson';
    return {
      loss: createLoss(task.type, counts ? 'poisson' : 'squared'),
      width: taskWidth(task),
      taskWeight: task.weight,
      labels: labels[t].map((y) => (counts ? y : (y - scaler.mean[t]) / scaler.scale[t])),
    };
  });
  return layOutProblem(design, inputs, { intercept: true, sampleWeight });
}
