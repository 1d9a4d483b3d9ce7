import { describe, expect, it } from 'vitest';
import { linearLearner, linearParameters } from '../../../src/core/learner/linear';
import { type LinearProblem, layOutProblem } from '../../../src/core/learner/linear/linear-problem';
import { huberLoss, type Loss, poissonLoss } from '../../../src/core/learner/linear/losses';
import { singleTaskTwin } from '../../../src/core/learner/linear/parameters';
import { createPath, pathStart, type SolverName } from '../../../src/core/learner/linear/path';
import { createPenalty, lasso, penaltyNames, ridge } from '../../../src/core/learner/linear/penalties';
import reference from './fixtures/robust-and-counts.json';
import shared from './fixtures/scikit-learn.json';
import { Random, toDesign } from './problems';

const { n, d } = shared;
const design = toDesign(Float64Array.from(shared.X.flat()), n, d);
const sampleWeight = Float64Array.from(shared.sampleWeight);
const counts = Float64Array.from(shared.multiclass, (k, i) => k + 2 * shared.binary[i]);
const outlying = Float64Array.from(shared.regression, ([y], i) => y + (i % 9 === 0 ? 8 : 0));
const tight = { tolerance: 1e-12, maxIterations: 100_000 };

function problemOf(tasks: readonly (readonly [Loss, Float64Array])[]): LinearProblem {
  const inputs = tasks.map(([loss, labels]) => ({ loss, width: 1, taskWeight: 1, labels }));
  return layOutProblem(design, inputs, { intercept: true, sampleWeight });
}

const poisson = [poissonLoss, counts] as const;
const huber = [huberLoss(reference.delta), outlying] as const;

describe('coefficients equal other programs’ (fixtures/robust-and-counts.json says whose)', () => {
  const solvers: SolverName[] = ['auto', 'gradient', 'coordinate-descent'];
  for (const solver of solvers) {
    for (const { kind, lam, coef, intercept } of reference.results) {
      it(`${kind}, λ = ${lam}, ${solver}`, () => {
        const [loss, penalty] = kind.split('-');
        const problem = problemOf([loss === 'poisson' ? poisson : huber]);
        const path = createPath(problem, penalty === 'ridge' ? ridge : lasso, { solver, ...tight });
        const { W, b, result } = path.solve(lam);
        expect(result.converged).toBe(true);
        coef.forEach((value, j) => {
          expect(Math.abs(W[j] - value)).toBeLessThan(2e-5);
        });
        expect(Math.abs(b[0] - intercept)).toBeLessThan(2e-5);
      });
    }
  }
});

describe.each(penaltyNames)('counts and outliers in one fit, penalty %s', (name) => {
  it('all solvers reach one optimum', () => {
    const penalty = createPenalty({ penalty: name });
    const problem = problemOf([poisson, huber]);
    const lambda = 0.1 * pathStart(problem, createPenalty({ penalty: 'group-lasso' }));
    const [a, b] = (['auto', 'gradient'] as const).map((solver) =>
      createPath(problem, penalty, { solver, ...tight, tolerance: 1e-10 }).solve(lambda),
    );
    expect(a.result.converged && b.result.converged).toBe(true);
    expect(a.result.assessment.objective).toBeCloseTo(b.result.assessment.objective, 8);
  });
});

describe('loss: of a linear model', () => {
  const context = {
    seed: 1,
    report: () => {},
    signal: new AbortController().signal,
    tensorBackend: () => Promise.reject(new Error('a linear model needs no tensors')),
  };

  function tableOf(labels: Float64Array, x: Float64Array) {
    const rows = labels.length;
    const task = { id: 'visits', type: 'regression', weight: 1, classes: [] } as const;
    return {
      dataset: {
        rowCount: rows,
        columns: [{ kind: 'numeric', name: 'x', values: x } as const],
        fingerprint: 'f',
      },
      features: [0],
      tasks: [task],
      labels: [labels],
      rows: Int32Array.from({ length: rows }, (_, i) => i),
    };
  }

  it('poisson predicts the rate, in the units of the counts, also from its stored form', async () => {
    const random = new Random(3);
    const x = Float64Array.from({ length: 400 }, () => random.normal());
    const y = x.map((value) => Math.round(Math.exp(1 + 0.8 * value)));
    const problem = tableOf(y, x);
    const parameters = linearParameters.parse({ penalty: 'ridge', loss: 'poisson' });
    const [model] = await linearLearner.fit(problem, [{ lambda: 1e-6, parameters }], context);
    expect(model.convergence.converged).toBe(true);
    const loaded = linearLearner.load(model.serialize());
    for (const one of [model, loaded]) {
      const [{ values }] = one.predict(problem.dataset, problem.rows);
      values.forEach((rate, i) => {
        expect(rate).toBeGreaterThan(0);
        expect(Math.abs(rate / Math.exp(1 + 0.8 * x[i]) - 1)).toBeLessThan(0.15);
      });
    }
  });

  it('is a task’s own where it names tasks: what each would have alone, where nothing is shared', async () => {
    const random = new Random(5);
    const x = Float64Array.from({ length: 90 }, () => random.normal());
    const rate = x.map((value) => Math.round(Math.exp(1 + 0.8 * value)));
    const price = x.map((value, i) => 3 * value - 1 + (i % 10 === 0 ? 20 : 0.1 * random.normal()));
    const size = x.map((value) => value ** 2 - value);
    const { dataset, features, rows } = tableOf(rate, x);
    const tasks = ['rate', 'price', 'size'].map((id) => ({
      id,
      type: 'regression' as const,
      weight: 1,
      classes: [],
    }));
    const labels = [rate, price, size];
    const learn = async (loss: unknown, of: readonly number[]) => {
      const parameters = linearParameters.parse({ penalty: 'lasso', tolerance: 1e-12, loss });
      const problem = {
        dataset,
        features,
        rows,
        tasks: of.map((t) => tasks[t]),
        labels: of.map((t) => labels[t]),
      };
      const [model] = await linearLearner.fit(problem, [{ lambda: 0.05, parameters }], context);
      return linearLearner.load(model.serialize()).predict(dataset, rows);
    };
    const joint = await learn({ rate: 'poisson', price: 'huber' }, [0, 1, 2]);
    const alone = [await learn('poisson', [0]), await learn('huber', [1]), await learn('squared', [2])];
    joint.forEach(({ values }, t) => {
      values.forEach((value, i) => {
        expect(value).toBeCloseTo(alone[t][0].values[i], 4);
      });
    });
  });

  it('poisson refuses negative labels, and says where they are', async () => {
    const problem = tableOf(Float64Array.of(1, 0, -2, 3), Float64Array.of(1, 2, 3, 4));
    const parameters = linearParameters.parse({ loss: 'poisson' });
    await expect(linearLearner.fit(problem, [{ lambda: 1, parameters }], context)).rejects.toMatchObject({
      code: 'negative-counts',
      message: expect.stringContaining('-2 in row 3'),
    });
  });

  it('huber: outliers pull the fit less, whatever the unit of the target', async () => {
    const random = new Random(4);
    const x = Float64Array.from({ length: 200 }, () => random.normal());
    const slopes: number[] = [];
    for (const unit of [1, 1000]) {
      const y = x.map((value, i) => unit * (2 * value + (i % 10 === 0 ? 30 : 0) + 0.1 * Math.sin(i)));
      const problem = tableOf(y, x);
      for (const loss of ['huber', 'squared']) {
        const parameters = linearParameters.parse({
          penalty: 'ridge',
          loss,
          ...(loss === 'huber' && { delta: 0.1 }),
        });
        const [model] = await linearLearner.fit(problem, [{ lambda: 1e-8, parameters }], context);
        const [{ values }] = model.predict(problem.dataset, Int32Array.of(1, 2));
        const level = values[0] - unit * 2 * x[1];
        slopes.push(level / unit);
      }
    }
    expect(Math.abs(slopes[0])).toBeLessThan(0.2);
    expect(slopes[1]).toBeGreaterThan(2);
    expect(slopes[2]).toBeCloseTo(slopes[0], 3);
  });

  it('stays with the single-task twin', () => {
    expect(singleTaskTwin(linearParameters.parse({ loss: 'huber', delta: 2 }))).toMatchObject({
      penalty: 'lasso',
      loss: 'huber',
      delta: 2,
    });
  });
});
