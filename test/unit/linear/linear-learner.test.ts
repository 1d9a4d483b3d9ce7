import { describe, expect, it } from 'vitest';
import type { Column, Dataset } from '../../../src/core/dataset/dataset';
import type { Problem, Task } from '../../../src/core/dataset/problem';
import type {
  FitContext,
  JsonObject,
  SerializedModel,
  TrainingStep,
} from '../../../src/core/learner/learner';
import { LinearError, linearLearner, linearParameters } from '../../../src/core/learner/linear';
import { penaltyNames } from '../../../src/core/learner/linear/penalties';
import { Random } from './problems';

const n = 120;

function makeProblem(): Problem {
  const random = new Random(21);
  const a = Float64Array.from({ length: n }, () => 10 + 4 * random.normal());
  const b = Float64Array.from({ length: n }, () => random.normal());
  const noise = Float64Array.from({ length: n }, () => 100 * random.normal());
  const codes = Int32Array.from({ length: n }, () => random.integer(3));
  const columns: Column[] = [
    { kind: 'numeric', name: 'a', values: a },
    { kind: 'numeric', name: 'b', values: b },
    { kind: 'numeric', name: 'noise', values: noise },
    { kind: 'categorical', name: 'c', codes, categories: ['x', 'y', 'z'] },
  ];
  const dataset: Dataset = { rowCount: n, columns, fingerprint: 'f' };
  const price = a.map((value, i) => 1000 + 50 * value - 80 * b[i] + 5 * random.normal());
  price[5] = Number.NaN;
  const sold = a.map((value, i) => (value - 10 + 3 * b[i] + random.normal() > 0 ? 1 : 0));
  const grade = Float64Array.from(codes, (code, i) => (a[i] > 12 ? 2 : code === 0 ? 0 : 1));
  grade[7] = Number.NaN;
  const tasks: Task[] = [
    { id: 'price', type: 'regression', weight: 1, classes: [] },
    { id: 'sold', type: 'binary', weight: 1, classes: ['no', 'yes'] },
    { id: 'grade', type: 'multiclass', weight: 1, classes: ['low', 'mid', 'high'] },
  ];
  return {
    dataset,
    features: [0, 1, 2, 3],
    tasks,
    labels: [price, sold, grade],
    rows: Int32Array.from({ length: 100 }, (_, i) => i),
  };
}

function makeContext(
  report: (step: TrainingStep) => void = () => {},
  signal = new AbortController().signal,
): FitContext {
  return {
    seed: 1,
    report,
    signal,
    tensorBackend: () => Promise.reject(new Error('a linear model needs no tensors')),
  };
}

const defaults: JsonObject = linearParameters.parse({});

describe('linear learner', () => {
  it('fills in the group lasso as the default, and refuses unknown keys', () => {
    expect(defaults).toEqual({
      penalty: 'group-lasso',
      loss: 'squared',
      solver: 'auto',
      tolerance: 1e-6,
      max_iterations: 10_000,
    });
    expect(linearParameters.safeParse({ penalty: 'l0' }).success).toBe(false);
    expect(linearParameters.safeParse({ alpha: 1 }).success).toBe(false);
  });

  it('compares the group lasso with the lasso, ridge and lasso with themselves', () => {
    expect(linearLearner.singleTaskTwin(defaults)).toEqual({ ...defaults, penalty: 'lasso' });
    expect(linearLearner.singleTaskTwin({ ...defaults, penalty: 'ridge' })).toMatchObject({
      penalty: 'ridge',
    });
    expect(linearLearner.singleTaskTwin({ ...defaults, penalty: 'lasso' })).toMatchObject({
      penalty: 'lasso',
    });
  });

  it('predicts in original units, as probabilities where tasks are classifications', async () => {
    const problem = makeProblem();
    const [model] = await linearLearner.fit(problem, [{ lambda: 1e-4, parameters: defaults }], makeContext());
    expect(model.convergence.converged).toBe(true);
    expect(model.convergence.criterion).toBe('relative duality gap');
    const held = Int32Array.from({ length: 20 }, (_, i) => 100 + i);
    const [price, sold, grade] = model.predict(problem.dataset, held);
    expect([price.width, sold.width, grade.width]).toEqual([1, 1, 3]);
    let soldRight = 0;
    held.forEach((row, i) => {
      expect(Math.abs(price.values[i] - problem.labels[0][row])).toBeLessThan(30);
      expect(sold.values[i]).toBeGreaterThanOrEqual(0);
      expect(sold.values[i]).toBeLessThanOrEqual(1);
      if (sold.values[i] > 0.5 === (problem.labels[1][row] === 1)) soldRight++;
      const classes = grade.values.subarray(3 * i, 3 * i + 3);
      expect(classes[0] + classes[1] + classes[2]).toBeCloseTo(1, 6);
    });
    expect(soldRight).toBeGreaterThan(15);
  });

  it('predicts mean and frequencies at λ_max', async () => {
    const problem = makeProblem();
    const lambda = linearLearner.lambdaMax?.(problem, defaults) ?? Number.NaN;
    const [model] = await linearLearner.fit(problem, [{ lambda, parameters: defaults }], makeContext());
    const [price, sold, grade] = model.predict(problem.dataset, Int32Array.of(110));
    const labelled = (t: number) =>
      Array.from(problem.rows, (row) => problem.labels[t][row]).filter((y) => !Number.isNaN(y));
    const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
    expect(price.values[0]).toBeCloseTo(mean(labelled(0)), 2);
    expect(sold.values[0]).toBeCloseTo(mean(labelled(1)), 6);
    for (const k of [0, 1, 2]) {
      expect(grade.values[k]).toBeCloseTo(mean(labelled(2).map((y) => (y === k ? 1 : 0))), 6);
    }
    expect(model.summary).toEqual({
      sharedParameters: 0,
      privateParameters: 5,
      activeFeatures: 0,
      totalFeatures: 4,
    });
  });

  it('returns a path in the order asked for, each point what it is alone', async () => {
    const problem = makeProblem();
    const lambdas = [0.01, 0.3, 0.05];
    const parameters = { ...defaults, tolerance: 1e-10 };
    const path = await linearLearner.fit(
      problem,
      lambdas.map((lambda) => ({ lambda, parameters })),
      makeContext(),
    );
    for (const [index, lambda] of lambdas.entries()) {
      const [alone] = await linearLearner.fit(problem, [{ lambda, parameters }], makeContext());
      const [a] = path[index].predict(problem.dataset, problem.rows);
      const [b] = alone.predict(problem.dataset, problem.rows);
      a.values.forEach((value, i) => {
        expect(Math.abs(value - b.values[i])).toBeLessThan(0.05);
      });
    }
    expect(path[1].summary.activeFeatures).toBeLessThanOrEqual(path[0].summary.activeFeatures ?? 0);
    expect(path[0].summary.sharedParameters).toBeGreaterThan(0);
  });

  it('gives the same bits again', async () => {
    const problem = makeProblem();
    const configurations = [0.3, 0.01].map((lambda) => ({ lambda, parameters: defaults }));
    const [first, second] = [
      await linearLearner.fit(problem, configurations, makeContext()),
      await linearLearner.fit(problem, configurations, makeContext()),
    ];
    first.forEach((model, i) => {
      expect(model.serialize()).toEqual(second[i].serialize());
    });
  });

  it('looks at no row outside the training rows', async () => {
    const problem = makeProblem();
    const spoiled = {
      ...problem,
      labels: problem.labels.map((values) => values.map((value, row) => (row >= 100 ? 1 - value : value))),
    };
    const configurations = [{ lambda: 0.01, parameters: defaults }];
    const [a] = await linearLearner.fit(problem, configurations, makeContext());
    const [b] = await linearLearner.fit(spoiled, configurations, makeContext());
    expect(a.serialize()).toEqual(b.serialize());
  });

  it('comes back from its stored form with the same predictions', async () => {
    const problem = makeProblem();
    const [model] = await linearLearner.fit(problem, [{ lambda: 0.01, parameters: defaults }], makeContext());
    const stored = model.serialize();
    const read: SerializedModel = { ...stored, header: JSON.parse(JSON.stringify(stored.header)) };
    const loaded = linearLearner.load(read);
    expect(loaded.predict(problem.dataset, problem.rows)).toEqual(
      model.predict(problem.dataset, problem.rows),
    );
    expect(loaded.summary).toEqual(model.summary);
    expect(loaded.convergence).toEqual(model.convergence);
    expect(() => linearLearner.load({ ...read, learner: 'forest' })).toThrow(LinearError);
    expect(() =>
      linearLearner.load({ ...read, arrays: { ...read.arrays, intercepts: new Float64Array(2) } }),
    ).toThrow(/weights where/);
  });

  it('records steps with losses of every task, thinned, the first and the last kept', async () => {
    const steps: TrainingStep[] = [];
    const parameters = { ...defaults, solver: 'gradient', tolerance: 1e-12, max_iterations: 3000 };
    const [model] = await linearLearner.fit(
      makeProblem(),
      [{ lambda: 1e-5, parameters }],
      makeContext((step) => steps.push(step)),
    );
    expect(steps[0].step).toBe(0);
    expect(steps.at(-1)?.step).toBe(model.convergence.iterations);
    expect(steps.length).toBeLessThanOrEqual(200);
    for (const step of steps) {
      expect(step.configuration).toBe(0);
      expect(step.taskLosses).toHaveLength(3);
      expect(step.learningRate).toBeGreaterThan(0);
    }
  });

  it('stops when it is told to', async () => {
    const controller = new AbortController();
    const context = makeContext(
      () => controller.abort(new Error('cancelled by the user')),
      controller.signal,
    );
    const fit = linearLearner.fit(makeProblem(), [{ lambda: 0.001, parameters: defaults }], context);
    await expect(fit).rejects.toThrow('cancelled by the user');
  });

  it('ties the tasks of a graph that is written, estimates one that is not, and refuses what cannot be tied', async () => {
    const problem = makeProblem();
    const fitGraph = (more: JsonObject) =>
      linearLearner.fit(
        problem,
        [{ lambda: 0.1, parameters: { ...defaults, penalty: 'graph', ...more } }],
        makeContext(),
      );
    const [written] = await fitGraph({ edges: [['price', 'sold', 500]], ridge_ratio: 0.01 });
    expect(written.convergence).toMatchObject({ converged: true, criterion: 'relative duality gap' });
    const { weights } = written.serialize().arrays;
    const columns = 5;
    let apart = 0;
    let size = 0;
    for (let at = 0; at < weights.length; at += columns) {
      apart += (weights[at] - weights[at + 1]) ** 2;
      size += weights[at] ** 2;
    }
    expect(apart).toBeLessThan(0.05 * size);
    const [estimated] = await fitGraph({});
    expect(estimated.convergence.converged).toBe(true);
    await expect(fitGraph({ edges: [['price', 'grade']] })).rejects.toMatchObject({
      code: 'unrelated-tasks',
    });
  });

  it('stores and counts what tasks share, and what each adds, where the penalty takes them apart', async () => {
    const problem = makeProblem();
    const parameters = { ...defaults, penalty: 'dirty', private_ratio: 0.6 };
    const [model] = await linearLearner.fit(problem, [{ lambda: 0.05, parameters }], makeContext());
    const stored = model.serialize();
    const { weights, shared, intercepts } = stored.arrays;
    const parts = Array.from(weights, (w, i) => [shared[i], w - shared[i]]);
    expect(parts.some(([p, q]) => p !== 0 && Math.abs(q) < 1e-12)).toBe(true);
    expect(parts.some(([p, q]) => Math.abs(q) > 1e-6 && Math.sign(q) === Math.sign(p + q))).toBe(true);
    expect(model.summary.sharedParameters).toBe(parts.filter(([p]) => p !== 0).length);
    expect(model.summary.privateParameters).toBe(
      intercepts.length + parts.filter(([, q]) => Math.abs(q) > 1e-12).length,
    );
    expect(linearLearner.load(stored).summary).toEqual(model.summary);
  });

  it.each(penaltyNames)(
    'learns the other tasks where one has no label in these rows: %s',
    async (penalty) => {
      const problem = makeProblem();
      const empty = new Float64Array(n).fill(Number.NaN);
      const [price, , grade] = problem.labels;
      const ties =
        penalty === 'graph' ? { edges: [['price', 'sold'] as const, ['price', 'rent'] as const] } : {};
      const parameters = linearParameters.parse({ penalty, ...ties });
      const learn = async (of: Problem) => {
        const [model] = await linearLearner.fit(of, [{ lambda: 0.05, parameters }], makeContext());
        return model;
      };
      const rent: Task = { id: 'rent', type: 'regression', weight: 1, classes: [] };
      const rents = price.map((value, i) => value + i);
      const tasks = [problem.tasks[0], rent, problem.tasks[2]];
      const four = await learn({
        ...problem,
        tasks: [...tasks, problem.tasks[1]],
        labels: [price, rents, grade, empty],
      });
      const three = await learn({ ...problem, tasks, labels: [price, rents, grade] });
      const rows = Int32Array.from({ length: n }, (_, i) => i);
      const predicted = four.predict(problem.dataset, rows);
      expect(predicted.slice(0, 3)).toEqual(three.predict(problem.dataset, rows));
      expect(new Set(predicted[3].values)).toEqual(new Set([0.5]));
      expect(linearLearner.load(four.serialize()).predict(problem.dataset, rows)).toEqual(predicted);
      const max = (of: Problem) => linearLearner.lambdaMax?.(of, parameters);
      expect(
        max({ ...problem, tasks: [...tasks, problem.tasks[1]], labels: [price, rents, grade, empty] }),
      ).toBe(max({ ...problem, tasks, labels: [price, rents, grade] }));
    },
  );

  it('says what is missing: λ, or every label', async () => {
    const problem = makeProblem();
    await expect(linearLearner.fit(problem, [{ parameters: defaults }], makeContext())).rejects.toMatchObject(
      {
        code: 'missing-lambda',
      },
    );
    const empty = { ...problem, labels: problem.labels.map(() => new Float64Array(n).fill(Number.NaN)) };
    await expect(
      linearLearner.fit(empty, [{ lambda: 1, parameters: defaults }], makeContext()),
    ).rejects.toMatchObject({ code: 'no-labels' });
  });
});
