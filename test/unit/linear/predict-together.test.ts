import { describe, expect, it } from 'vitest';
import type { Column, Dataset } from '../../../src/core/dataset/dataset';
import type { Problem } from '../../../src/core/dataset/problem';
import type { FitContext, FittedModel } from '../../../src/core/learner/learner';
import { linearLearner, linearParameters } from '../../../src/core/learner/linear';
import { Random } from './problems';

const context: FitContext = {
  seed: 1,
  report: () => {},
  signal: new AbortController().signal,
  tensorBackend: () => Promise.reject(new Error('not needed')),
};

function problemOf(columns: readonly Column[], tasks: number): Problem {
  const random = new Random(5);
  const [first] = columns;
  const n = first.kind === 'numeric' ? first.values.length : first.codes.length;
  const dataset: Dataset = { rowCount: n, columns, fingerprint: 'f' };
  return {
    dataset,
    features: columns.map((_, j) => j),
    tasks: Array.from({ length: tasks }, (_, t) => ({
      id: `t${t}`,
      type: 'regression',
      weight: 1,
      classes: [],
    })),
    labels: Array.from({ length: tasks }, () => Float64Array.from({ length: n }, () => random.normal())),
    rows: Int32Array.from({ length: n - 10 }, (_, i) => i),
  };
}

function pathOf(problem: Problem, lambdas: readonly number[]): Promise<readonly FittedModel[]> {
  const parameters = linearParameters.parse({ penalty: 'group-lasso' });
  return linearLearner.fit(
    problem,
    lambdas.map((lambda) => ({ lambda, parameters })),
    context,
  );
}

const random = new Random(3);
const n = 80;
const numeric: Column[] = Array.from({ length: 6 }, (_, j) => ({
  kind: 'numeric',
  name: `x${j}`,
  values: Float64Array.from({ length: n }, () => random.normal()),
}));
const categorical: Column[] = Array.from({ length: 2 }, (_, j) => ({
  kind: 'categorical',
  name: `c${j}`,
  codes: Int32Array.from({ length: n }, () => random.integer(12)),
  categories: Array.from({ length: 12 }, (_, k) => `k${k}`),
}));

describe('the models of one path, asked together', () => {
  it.each([
    ['of few columns', problemOf(numeric, 2)],
    ['of many columns', problemOf(numeric, 20)],
    ['of sparse features', problemOf(categorical, 3)],
  ])('say, %s, what each says alone', async (_, problem) => {
    const models = await pathOf(problem, [0.3, 0.1, 0.03, 0]);
    const rows = Int32Array.of(79, 3, 75, 40);
    const together = linearLearner.predictTogether?.(models, problem.dataset, rows);
    expect(together).toEqual(models.map((model) => model.predict(problem.dataset, rows)));
    expect(together?.[0][0].values).not.toEqual(together?.[3][0].values);
  });

  it('are told apart where they are of two fits', async () => {
    const problem = problemOf(numeric, 2);
    const [one] = await pathOf(problem, [0.1]);
    const [other] = await pathOf({ ...problem, rows: problem.rows.slice(20) }, [0.1]);
    const rows = Int32Array.of(79, 3);
    expect(linearLearner.predictTogether?.([one, other], problem.dataset, rows)).toEqual([
      one.predict(problem.dataset, rows),
      other.predict(problem.dataset, rows),
    ]);
  });
});
