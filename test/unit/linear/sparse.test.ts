import { describe, expect, it } from 'vitest';
import type { Column, Dataset } from '../../../src/core/dataset/dataset';
import { fitEncoder } from '../../../src/core/dataset/encoder';
import type { Problem } from '../../../src/core/dataset/problem';
import { linearLearner, linearParameters } from '../../../src/core/learner/linear';
import { type Design, toSparseDesign } from '../../../src/core/learner/linear/design';
import { layOutProblem } from '../../../src/core/learner/linear/linear-problem';
import { logisticLoss, softmaxLoss, squaredLoss } from '../../../src/core/learner/linear/losses';
import { createPath, pathStart, type SolverName } from '../../../src/core/learner/linear/path';
import { createPenalty, penaltyNames } from '../../../src/core/learner/linear/penalties';
import { Random, toDesign } from './problems';

const n = 150;
const random = new Random(17);
const codes = Int32Array.from({ length: n }, () => (random.uniform() < 0.1 ? -1 : random.integer(12)));
const counts = Float64Array.from({ length: n }, () => (random.uniform() < 0.85 ? 0 : 1 + random.integer(5)));
counts[4] = Number.NaN;
const dense = Float64Array.from({ length: n }, () => 5 + random.normal());
const columns: Column[] = [
  { kind: 'categorical', name: 'city', codes, categories: Array.from({ length: 12 }, (_, k) => `c${k}`) },
  { kind: 'numeric', name: 'calls', values: counts },
  { kind: 'numeric', name: 'age', values: dense },
];
const dataset: Dataset = { rowCount: n, columns, fingerprint: 'f' };
const signal = (i: number) =>
  (codes[i] % 3) + 0.5 * (counts[i] || 0) + 0.3 * dense[i] + 0.3 * random.normal();
const problem: Problem = {
  dataset,
  features: [0, 1, 2],
  tasks: [
    { id: 'spend', type: 'regression', weight: 1, classes: [] },
    { id: 'left', type: 'binary', weight: 1, classes: ['no', 'yes'] },
  ],
  labels: [
    Float64Array.from({ length: n }, (_, i) => signal(i)),
    Float64Array.from({ length: n }, (_, i) => (signal(i) > 3 ? 1 : 0)),
  ],
  rows: Int32Array.from({ length: n }, (_, i) => i),
};

describe('an encoder’s sparse columns', () => {
  const encoder = fitEncoder(problem, { keepZeros: true });

  it('hold the numbers of the dense ones, those that are not 0 alone', () => {
    const rows = Int32Array.of(3, 4, 140, 17, 0);
    const X = encoder.encode(dataset, rows);
    const { starts, rows: at, values } = encoder.encodeSparse(dataset, rows);
    const again = new Float64Array(X.length);
    for (let j = 0; j < encoder.width; j++) {
      for (let e = starts[j]; e < starts[j + 1]; e++) again[at[e] * encoder.width + j] = values[e];
    }
    expect(again).toEqual(X);
    expect(values.every((value) => value !== 0)).toBe(true);
    expect(encoder.density(dataset, rows)).toBeCloseTo(values.length / X.length, 12);
  });

  it('keep the zeros of a column that is mostly 0', () => {
    const X = encoder.encode(dataset, Int32Array.of(counts.indexOf(0)));
    expect(X[encoder.names.indexOf('calls')]).toBe(0);
    const centred = fitEncoder(problem).encode(dataset, Int32Array.of(counts.indexOf(0)));
    expect(centred[encoder.names.indexOf('calls')]).toBeLessThan(0);
  });
});

describe.each(penaltyNames)('%s on sparse features', (name) => {
  const encoder = fitEncoder(problem, { keepZeros: true });
  const sparse = toSparseDesign(encoder.encodeSparse(dataset, problem.rows));
  const full = toDesign(encoder.encode(dataset, problem.rows), n, encoder.width);

  /** Tasks labelled everywhere, and half of them nearly nowhere: lists of rows. */
  function lay(design: Design, mixed: boolean) {
    const labels = Float64Array.from(problem.labels[0], (y, i) => (mixed && i % 3 > 0 ? Number.NaN : y));
    const classes = Float64Array.from({ length: n }, (_, i) => Math.max(0, codes[i]) % 3);
    return layOutProblem(
      design,
      [
        { loss: squaredLoss, width: 1, taskWeight: 1, labels },
        mixed
          ? { loss: logisticLoss, width: 1, taskWeight: 1, labels: problem.labels[1] }
          : {
              loss: squaredLoss,
              width: 1,
              taskWeight: 1,
              labels: problem.labels[0].map((y, i) => y * dense[i]),
            },
        ...(mixed ? [{ loss: softmaxLoss, width: 3, taskWeight: 1, labels: classes }] : []),
      ],
      { intercept: true },
    );
  }

  it.each([
    ['auto', false],
    ['auto', true],
    ['gradient', true],
  ] as const)(
    '%s (mixed tasks: %s): the fit is that of dense ones to rounding',
    (solver: SolverName, mixed) => {
      const penalty = createPenalty({ penalty: name });
      const options = { solver, tolerance: 1e-10, maxIterations: 100_000 };
      const a = lay(sparse, mixed);
      const b = lay(full, mixed);
      expect(pathStart(a, penalty)).toBeCloseTo(pathStart(b, penalty), 10);
      const lambda = 0.1 * pathStart(b, createPenalty({ penalty: 'group-lasso' }));
      const one = createPath(a, penalty, options).solve(lambda);
      const other = createPath(b, penalty, options).solve(lambda);
      expect(one.result.converged).toBe(true);
      expect(one.result.assessment.objective).toBeCloseTo(other.result.assessment.objective, 8);
      one.W.forEach((w, i) => {
        expect(Math.abs(w - other.W[i])).toBeLessThan(1e-4);
      });
    },
  );
});

it('a linear model of mostly empty columns predicts as the one whose columns were centred', async () => {
  const context = {
    seed: 1,
    report: () => {},
    signal: new AbortController().signal,
    tensorBackend: () => Promise.reject(new Error('a linear model needs no tensors')),
  };
  const parameters = linearParameters.parse({ tolerance: 1e-10 });
  const [model] = await linearLearner.fit(problem, [{ lambda: 0.02, parameters }], context);
  const encoder = fitEncoder(problem, { keepZeros: true });
  expect(encoder.density(dataset, problem.rows)).toBeLessThan(0.25);
  // By hand, on dense features centred as other families have them.
  const centred = fitEncoder(problem);
  const design = toDesign(centred.encode(dataset, problem.rows), n, centred.width);
  const [y] = problem.labels;
  const mean = y.reduce((a, b) => a + b, 0) / n;
  const sd = Math.sqrt(y.reduce((a, b) => a + (b - mean) ** 2, 0) / n);
  const linear = layOutProblem(
    design,
    [
      { loss: squaredLoss, width: 1, taskWeight: 1, labels: y.map((value) => (value - mean) / sd) },
      { loss: logisticLoss, width: 1, taskWeight: 1, labels: problem.labels[1] },
    ],
    { intercept: true },
  );
  const path = createPath(linear, createPenalty({ penalty: 'group-lasso' }), {
    solver: 'auto',
    tolerance: 1e-10,
    maxIterations: 10_000,
  });
  const { W, b } = path.solve(0.02);
  const [{ values }] = model.predict(dataset, problem.rows);
  values.forEach((value, i) => {
    let z = b[0];
    for (let j = 0; j < centred.width; j++) z += design.X[j * n + i] * W[2 * j];
    expect(Math.abs(value - (mean + sd * z))).toBeLessThan(1e-3);
  });
});
