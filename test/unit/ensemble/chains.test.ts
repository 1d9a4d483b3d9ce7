import { describe, expect, it } from 'vitest';
import type { Dataset, NumericColumn, Problem, Task } from '../../../src/core/dataset';
import { type ChainInput, fitChain, predictChain } from '../../../src/core/ensemble';
import { type FitContext, type FittedModel, type Learner, learners } from '../../../src/core/learner';
import { Random } from '../../../src/core/random';
import { normals, task } from '../evaluate/support';

describe('a chain of tasks', () => {
  it('gives later tasks predictions by models that never saw the row, though the learner knows its rows by heart', async () => {
    const problem = mixed(1, 60);
    const seen: Problem[] = [];
    await fitChain(chainOf(problem, memorizer(seen), [0, 1, 2]), context());
    // By heart, the fit's own prediction of a row is its label; out of fold it is the other rows' mean.
    const last = seen.filter(({ tasks }) => tasks[0].id === 'third');
    const [full] = last;
    const added = full.dataset.columns.slice(-2);
    expect(added.map(({ name }) => name)).toEqual([
      'predicted by the chain: 0 0',
      'predicted by the chain: 1 0',
    ]);
    added.forEach((column, t) => {
      const { values } = numeric(column);
      for (const row of problem.rows) {
        expect(values[row]).not.toBeNaN();
        expect(values[row]).not.toBe(problem.labels[t][row]);
      }
      // Rows that are not for training are not predicted while fitting.
      expect(values[60]).toBeNaN();
    });
  });

  it('is, fold by fold, what its definition says', async () => {
    const problem = mixed(2, 24);
    const seen: Problem[] = [];
    const links = await fitChain({ ...chainOf(problem, memorizer(seen), [1, 0]), folds: 3 }, context());
    expect(links.map(({ task: t }) => t)).toEqual([1, 0]);
    // Task 1 on all rows and without each of three folds; then task 0 on all rows.
    expect(seen.map(({ tasks }) => tasks[0].id)).toEqual(['second', 'second', 'second', 'second', 'first']);
    const labelled = problem.rows.filter((row) => !Number.isNaN(problem.labels[1][row]));
    const without = seen.slice(1, 4).map(({ rows }) => new Set(rows));
    for (const row of labelled) expect(without.filter((rows) => !rows.has(row))).toHaveLength(1);
    const { values } = numeric(seen[4].dataset.columns.at(-1));
    for (const row of labelled) {
      const [rest] = seen.slice(1, 4).filter(({ rows }) => !rows.includes(row));
      expect(values[row]).toBeCloseTo(meanOf(problem.labels[1], rest.rows), 5);
    }
    // Rows without a label for task 1 have a prediction of it all the same.
    const gap = problem.rows.find((row) => Number.isNaN(problem.labels[1][row]));
    expect(values[gap ?? 0]).not.toBeNaN();
  });

  it('predicts new rows by the predictions of the tasks before', async () => {
    const problem = mixed(3, 80);
    const links = await fitChain(chainOf(problem, learners.linear, [0, 1, 2]), context());
    const rows = Int32Array.from({ length: 10 }, (_, i) => 80 + i);
    const all = predictChain(problem.tasks, links, problem.dataset, rows);
    expect(all.map(({ values }) => values.length)).toEqual([10, 10, 10]);
    const first = links[0].model?.predict(problem.dataset, rows)[0];
    expect(all[0]).toEqual(first);
    const extended = withColumn(problem.dataset, 'predicted by the chain: 0 0', rows, all[0].values);
    expect(all[1]).toEqual(links[1].model?.predict(extended, rows)[0]);
  });

  it('lets a task that hangs on another gain by it', async () => {
    const random = new Random(4);
    const x = normals(random, 300);
    // The second label is a bent function of the first, which is easy; the learner is linear.
    const labels = [
      x.map((v) => Math.tanh(3 * v)),
      x.map((v) => 2 * Math.tanh(3 * v) + 0.05 * random.normal()),
    ];
    const problem = problemOf(x, labels, 200);
    const input = { ...chainOf(problem, learners.forest, [0, 1]), configurations: [FOREST, LINEAR] };
    const mixedLearner: Learner = {
      ...learners.forest,
      fit: (own, [configuration], ctx) =>
        (configuration === FOREST ? learners.forest : learners.linear).fit(own, [configuration], ctx),
    };
    const links = await fitChain({ ...input, learner: mixedLearner }, context());
    const rows = Int32Array.from({ length: 100 }, (_, i) => 200 + i);
    const [, second] = predictChain(problem.tasks, links, problem.dataset, rows);
    const [alone] = await learners.linear.fit(
      { ...problem, tasks: [problem.tasks[1]], labels: [labels[1]] },
      [LINEAR],
      context(),
    );
    const error = (values: Float32Array) =>
      rows.reduce((sum, row, i) => sum + (labels[1][row] - values[i]) ** 2, 0);
    expect(error(second.values)).toBeLessThan(0.3 * error(alone.predict(problem.dataset, rows)[0].values));
  });

  it('scores chance on random labels, however deep its trees', async () => {
    let right = 0;
    let total = 0;
    for (let seed = 0; seed < 4; seed++) {
      const random = new Random(100 + seed);
      const x = normals(random, 160);
      const labels = [0, 1, 2].map(() => x.map(() => random.integer(2)));
      const tasks = labels.map((_, t) => task('binary', `t${t}`));
      const problem = { ...problemOf(x, labels, 110), tasks };
      const links = await fitChain(chainOf(problem, learners.forest, [2, 0, 1], FOREST), context());
      const rows = Int32Array.from({ length: 50 }, (_, i) => 110 + i);
      predictChain(tasks, links, problem.dataset, rows).forEach(({ values }, t) => {
        rows.forEach((row, i) => {
          right += (values[i] > 0.5 ? 1 : 0) === labels[t][row] ? 1 : 0;
          total++;
        });
      });
    }
    // 600 decisions: a standard error of 0.02.
    expect(Math.abs(right / total - 0.5)).toBeLessThan(0.08);
  });

  it('leaves out a task without labels, and goes on', async () => {
    const problem = mixed(5, 40);
    const labels = [new Float64Array(90).fill(Number.NaN), ...problem.labels.slice(1)];
    const links = await fitChain(chainOf({ ...problem, labels }, learners.linear, [0, 1, 2]), context());
    expect(links.map(({ model }) => model !== undefined)).toEqual([false, true, true]);
    const rows = Int32Array.of(50, 51);
    const [none, some] = predictChain(problem.tasks, links, problem.dataset, rows);
    expect(Array.from(none.values)).toEqual([Number.NaN, Number.NaN]);
    expect(some.values.some(Number.isNaN)).toBe(false);
  });
});

const LINEAR = { lambda: 0.001, parameters: { penalty: 'ridge' } };
const FOREST = { parameters: { trees: 20, bootstrap: false } };

function chainOf(
  problem: Problem,
  learner: Learner,
  order: readonly number[],
  configuration: ChainInput['configurations'][number] = LINEAR,
): ChainInput {
  return {
    problem,
    order,
    folds: 4,
    learner,
    configurations: problem.tasks.map(() => configuration),
  };
}

function context(): FitContext {
  return {
    seed: 9,
    signal: new AbortController().signal,
    report: () => {},
    tensorBackend: () => Promise.reject(new Error('No nets here.')),
  };
}

/** 90 rows of which the first `training` train; a third of the second task's labels are missing. */
function mixed(seed: number, training: number): Problem {
  const random = new Random(seed);
  const x = normals(random, 90);
  const labels = [
    x.map((v) => v + 0.1 * random.normal()),
    x.map((v, row) => (row % 3 === 1 ? Number.NaN : 2 * v + 0.1 * random.normal())),
    x.map((v) => -v + 0.1 * random.normal()),
  ];
  return problemOf(x, labels, training);
}

function problemOf(x: Float64Array, labels: readonly Float64Array[], training: number): Problem {
  const tasks: Task[] = labels.map((_, t) => task('regression', ['first', 'second', 'third'][t]));
  const dataset: Dataset = {
    rowCount: x.length,
    columns: [{ kind: 'numeric', name: 'x', values: x }],
    fingerprint: '',
  };
  const rows = Int32Array.from({ length: training }, (_, row) => row);
  return { dataset, features: [0], tasks, labels, rows };
}

/** Knows its training rows by heart, and says their mean of all others; tells what it was given. */
function memorizer(seen: Problem[]): Learner {
  return {
    ...learners.constant,
    fit: async (problem) => {
      seen.push(problem);
      const [labels] = problem.labels;
      const known = new Set(problem.rows);
      const mean = meanOf(labels, problem.rows);
      const [constant] = await learners.constant.fit(problem, [{ parameters: {} }], context());
      const model: FittedModel = {
        ...constant,
        predict: (_, rows) => [
          { values: Float32Array.from(rows, (row) => (known.has(row) ? labels[row] : mean)), width: 1 },
        ],
      };
      return [model];
    },
  };
}

function meanOf(labels: Float64Array, rows: Int32Array): number {
  return rows.reduce((sum, row) => sum + labels[row], 0) / rows.length;
}

function numeric(column: Dataset['columns'][number] | undefined): NumericColumn {
  if (column?.kind === 'numeric') return column;
  throw new Error('There is no such column of numbers.');
}

function withColumn(dataset: Dataset, name: string, rows: Int32Array, values: Float32Array): Dataset {
  const all = new Float64Array(dataset.rowCount).fill(Number.NaN);
  rows.forEach((row, i) => {
    all[row] = values[i];
  });
  return { ...dataset, columns: [...dataset.columns, { kind: 'numeric', name, values: all }] };
}
