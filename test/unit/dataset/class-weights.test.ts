import { describe, expect, it } from 'vitest';
import {
  classWeights,
  type Dataset,
  type Problem,
  restrictToTask,
  restrictToTasks,
} from '../../../src/core/dataset';
import { type Configuration, learners, type TaskPredictions } from '../../../src/core/learner';
import { Random } from '../../../src/core/random';
import { normals, task } from '../evaluate/support';

describe('weights of classes', () => {
  it('balanced, are n / (K n_k) of the training rows, as scikit-learn’s', () => {
    const labels = Float64Array.of(0, 0, 0, 1, Number.NaN, 1, 2);
    const rows = Int32Array.of(0, 1, 2, 3, 4, 6);
    // Of 5 labelled training rows: three of class 0, one of class 1, one of class 2.
    const weights = classWeights(task('multiclass'), 'balanced', labels, rows);
    const expected = [5 / 9, 5 / 9, 5 / 9, 5 / 3, 1, 1, 5 / 3];
    expected.forEach((weight, row) => {
      expect(weights[row]).toBeCloseTo(weight, 12);
    });
  });

  it('as written, are 1 for a class that is not, and of a regression always', () => {
    const labels = Float64Array.of(0, 1, 1);
    const rows = Int32Array.of(0, 1, 2);
    expect(Array.from(classWeights(task('binary'), { yes: 4 }, labels, rows))).toEqual([1, 4, 4]);
    expect(Array.from(classWeights(task('regression'), 'balanced', labels, rows))).toEqual([1, 1, 1]);
  });

  it.each([
    ['linear', { lambda: 0.01, parameters: { penalty: 'ridge', tolerance: 1e-9 } }],
    ['forest', { parameters: { trees: 5, bootstrap: false, max_features: 'all', min_samples_leaf: 3 } }],
    ['boosting', { lambda: 1, parameters: { rounds: 15, early_stopping: false, sharing: 'per-task' } }],
  ] as const)('make %s learn each task as it learns rows that are repeated', async (kind, configuration) => {
    const problem = twoTasks();
    const weighted: Problem = {
      ...problem,
      labelWeight: [undefined, problem.labels[1].map((label) => (label === 1 ? 3 : 1))],
    };
    const alone = restrictToTask(weighted, 1);
    expect(Array.from(alone.rows, (row) => alone.labelWeight?.[0]?.[row])).toContain(3);
    const own = await train(kind, alone, configuration);
    const plain = await train(kind, problem, configuration);
    const both = await train(kind, weighted, configuration);
    const mean = ({ values }: TaskPredictions) => values.reduce((sum, v) => sum + v, 0) / values.length;
    // More weight on the positive class: it is predicted more often, alone and jointly.
    expect(mean(both[1])).toBeGreaterThan(mean(plain[1]) + 0.03);
    expect(Math.abs(mean(both[1]) - mean(own[0]))).toBeLessThan(0.08);
    if (kind !== 'forest') {
      both[1].values.forEach((value, i) => {
        expect(value).toBeCloseTo(own[0].values[i], 4);
      });
      // The other task is as it was.
      both[0].values.forEach((value, i) => {
        expect(value).toBeCloseTo(plain[0].values[i], 4);
      });
    }
  });

  it('go with their tasks where some are learned together', () => {
    const problem = twoTasks();
    const [, own] = problem.labels.map((labels) => labels.map((label) => (label === 1 ? 3 : 1)));
    const weighted: Problem = { ...problem, labelWeight: [undefined, own] };
    expect(restrictToTasks(weighted, [1]).labelWeight).toEqual([own]);
    expect(restrictToTasks(weighted, [1, 0]).labelWeight).toEqual([own, undefined]);
  });

  it('of one task alone are those of repeated rows, in a net too', async () => {
    const problem = twoTasks();
    const weighted: Problem = {
      ...problem,
      labelWeight: [undefined, problem.labels[1].map((label) => (label === 1 ? 5 : 1))],
    };
    const net = {
      lambda: 0,
      parameters: { hidden: [4], epochs: 30, early_stopping: false, batch_size: 1000 },
    };
    const plain = await train('neural', problem, net);
    const both = await train('neural', weighted, net);
    const mean = ({ values }: TaskPredictions) => values.reduce((sum, v) => sum + v, 0) / values.length;
    expect(mean(both[1])).toBeGreaterThan(mean(plain[1]) + 0.05);
  });
});

async function train(kind: string, problem: Problem, configuration: Configuration) {
  const [model] = await learners[kind].fit(problem, [configuration], {
    seed: 1,
    signal: new AbortController().signal,
    report: () => {},
    tensorBackend: async () => ({ name: 'cpu' }),
  });
  return model.predict(problem.dataset, problem.rows);
}

/** A regression, and a rare class that is hard to tell; the first lacks labels. */
function twoTasks(): Problem {
  const random = new Random(11);
  const count = 160;
  const [a, b] = [normals(random, count), normals(random, count)];
  const labels = [
    a.map((v, row) => (row % 7 === 0 ? Number.NaN : v + 0.2 * random.normal())),
    b.map((v) => (v + random.normal() > 1.2 ? 1 : 0)),
  ];
  const dataset: Dataset = {
    rowCount: count,
    columns: [
      { kind: 'numeric', name: 'a', values: a },
      { kind: 'numeric', name: 'b', values: b },
    ],
    fingerprint: '',
  };
  return {
    dataset,
    features: [0, 1],
    tasks: [task('regression'), task('binary')],
    labels,
    rows: Int32Array.from({ length: count }, (_, row) => row),
  };
}
