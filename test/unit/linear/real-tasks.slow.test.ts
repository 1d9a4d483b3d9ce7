import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Column, Dataset } from '../../../src/core/dataset/dataset';
import type { Problem, Task } from '../../../src/core/dataset/problem';
import { linearLearner, linearParameters } from '../../../src/core/learner/linear';
import { Random } from './problems';
import { sharedData } from './shared-data';

const context = {
  seed: 1,
  report: () => {},
  signal: new AbortController().signal,
  tensorBackend: () => Promise.reject(new Error('a linear model needs no tensors')),
};

interface LongTable {
  readonly dataset: Dataset;
  readonly target: Float64Array;
  readonly taskOf: Int32Array;
  readonly tasks: readonly string[];
}

/** A table of `shared/data` in long form: a column `task`, features, a target `y_…`. */
function readLong(name: string): LongTable {
  const [header, ...lines] = readFileSync(join(sharedData ?? '', `${name}.csv`), 'utf8')
    .trim()
    .split(/\r?\n/);
  const names = header.split(',');
  const cells = lines.map((line) => line.split(','));
  const at = names.indexOf('task');
  const y = names.findIndex((column) => column.startsWith('y_'));
  const tasks = [...new Set(cells.map((row) => row[at]))];
  const columns: Column[] = names.flatMap((column, index) =>
    index === at || index === y
      ? []
      : [
          {
            kind: 'numeric' as const,
            name: column,
            values: Float64Array.from(cells, (row) => Number(row[index])),
          },
        ],
  );
  return {
    dataset: { rowCount: cells.length, columns, fingerprint: name },
    target: Float64Array.from(cells, (row) => Number(row[y])),
    taskOf: Int32Array.from(cells, (row) => tasks.indexOf(row[at])),
    tasks,
  };
}

/** Training rows of every task, drawn at random: `share` of its rows, or as many where `share` is above 1. */
function drawRows({ taskOf, tasks }: LongTable, share: number, random: Random): Int32Array {
  const chosen = tasks.flatMap((_, t) => {
    const own = Array.from(taskOf.keys()).filter((row) => taskOf[row] === t);
    for (let i = own.length - 1; i > 0; i--) {
      const j = random.integer(i + 1);
      [own[i], own[j]] = [own[j], own[i]];
    }
    return own.slice(0, share > 1 ? share : Math.round(share * own.length));
  });
  return Int32Array.from(chosen).sort();
}

/** @param pooled one task of all rows */
function problemOf(table: LongTable, type: Task['type'], rows: Int32Array, pooled: boolean): Problem {
  const classes = type === 'binary' ? ['0', '1'] : [];
  const ids = pooled ? ['all'] : table.tasks;
  return {
    dataset: table.dataset,
    features: table.dataset.columns.map((_, index) => index),
    tasks: ids.map((id) => ({ id, type, weight: 1, classes })),
    labels: ids.map((_, t) =>
      pooled ? table.target : table.target.map((y, row) => (table.taskOf[row] === t ? y : Number.NaN)),
    ),
    rows,
  };
}

/** The best score over the λ of a path, of what each row's own task predicts for it off the training rows. */
async function bestScore(
  table: LongTable,
  type: Task['type'],
  rows: Int32Array,
  how: { penalty: string; ridge_ratio?: number; pooled?: boolean; lambdas: readonly number[] },
  score: (predicted: Float64Array, held: Int32Array) => number,
): Promise<number> {
  const { penalty, ridge_ratio, pooled = false, lambdas } = how;
  const parameters = linearParameters.parse({
    penalty,
    tolerance: 1e-4,
    ...(ridge_ratio && { ridge_ratio }),
  });
  const models = await linearLearner.fit(
    problemOf(table, type, rows, pooled),
    lambdas.map((lambda) => ({ lambda, parameters })),
    context,
  );
  const training = new Set(rows);
  const held = Int32Array.from(table.taskOf.keys()).filter((row) => !training.has(row));
  return Math.max(
    ...models.map((model) => {
      const predictions = model.predict(table.dataset, held);
      const own = Float64Array.from(held, (row, i) => predictions[pooled ? 0 : table.taskOf[row]].values[i]);
      return score(own, held);
    }),
  );
}

/** Area under the ROC curve by ranks, ties counted half. */
function auc(scores: readonly number[], labels: readonly number[]): number {
  const order = scores.map((_, i) => i).sort((a, b) => scores[a] - scores[b]);
  let ranks = 0;
  let positives = 0;
  for (let i = 0; i < order.length; ) {
    let end = i;
    while (end < order.length && scores[order[end]] === scores[order[i]]) end++;
    for (let k = i; k < end; k++) {
      if (labels[order[k]] === 1) {
        positives++;
        ranks += (i + end + 1) / 2;
      }
    }
    i = end;
  }
  return (ranks - (positives * (positives + 1)) / 2) / (positives * (order.length - positives));
}

describe.skipIf(!sharedData)('sharing on real tasks (needs shared/data)', () => {
  it('Landmine: joint beats single-task at 20 rows a task, and pooled at 160', async () => {
    const table = readLong('landmine');
    const meanAuc = (predicted: Float64Array, held: Int32Array) => {
      const scores = table.tasks.map((_, t) => {
        const own = Array.from(held.keys()).filter((i) => table.taskOf[held[i]] === t);
        return auc(
          own.map((i) => predicted[i]),
          own.map((i) => table.target[held[i]]),
        );
      });
      return scores.reduce((a, b) => a + b, 0) / scores.length;
    };
    const lambdas = [1, 0.1, 0.01];
    const joint = { penalty: 'mean-regularised', ridge_ratio: 0.05, lambdas };
    const random = new Random(5);
    const few = drawRows(table, 20, random);
    const single = await bestScore(table, 'binary', few, { penalty: 'ridge', lambdas }, meanAuc);
    expect(await bestScore(table, 'binary', few, joint, meanAuc)).toBeGreaterThan(single + 0.02);
    const many = drawRows(table, 160, random);
    const pooled = await bestScore(
      table,
      'binary',
      many,
      { penalty: 'ridge', pooled: true, lambdas },
      meanAuc,
    );
    expect(await bestScore(table, 'binary', many, joint, meanAuc)).toBeGreaterThan(pooled + 0.01);
  });

  it.each([
    [0.25, 0.31, 0.36],
    [0.75, 0.34, 0.39],
  ])(
    'School: at %d of the rows the joint fit explains what others report, and more than single-task',
    async (share, low, high) => {
      const table = readLong('school');
      const explained = (predicted: Float64Array, held: Int32Array) => {
        const y = Float64Array.from(held, (row) => table.target[row]);
        const mean = y.reduce((a, b) => a + b, 0) / y.length;
        const residual = y.reduce((sum, value, i) => sum + (value - predicted[i]) ** 2, 0);
        return 1 - residual / y.reduce((sum, value) => sum + (value - mean) ** 2, 0);
      };
      const rows = drawRows(table, share, new Random(6));
      const joint = { penalty: 'mean-regularised', ridge_ratio: 0.03, lambdas: [1, 0.3] };
      const single = { penalty: 'ridge', lambdas: [0.3, 0.1] };
      const r2 = await bestScore(table, 'regression', rows, joint, explained);
      expect(r2).toBeGreaterThan(low);
      expect(r2).toBeLessThan(high);
      expect(r2).toBeGreaterThan((await bestScore(table, 'regression', rows, single, explained)) + 0.01);
    },
  );
});
