import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { answerQuery, startRun } from '../../../src/jobs';
import { pairedOf } from '../../../src/jobs/queries';
import { answers } from '../../../src/protocol/queries';
import type { RunTable } from '../../../src/protocol/tables';
import { bundles, writeExperiment } from './experiments';

const built = bundles();

let made: ReturnType<typeof makeRuns> | undefined;

function twoRuns(): ReturnType<typeof makeRuns> {
  made ??= makeRuns();
  return made;
}

/** Two runs of one experiment: the second with another λ list. */
async function makeRuns() {
  const path = writeExperiment(built());
  const first = await startRun({ experimentPath: path, workers: 2, workerPath: built().worker });
  const text = readFileSync(path, 'utf8');
  expect(text).toContain('[1, 0.3, 0.1]');
  writeFileSync(path, text.replace('[1, 0.3, 0.1]', '[1, 0.3, 0.1, 0.03]'));
  const second = await startRun({ experimentPath: path, workers: 2, workerPath: built().worker });
  return { path, first, second, store: first.store };
}

const column = (table: RunTable, id: string) => {
  const at = table.columns.findIndex((one) => one.id === id);
  return table.rows.map((row) => row[at]);
};

describe('runs as tables', () => {
  it('have a row a fit with its hyperparameters and scores', async () => {
    const { store, first } = await twoRuns();
    const table = answerQuery<'trials'>({ kind: 'trials', store, run: first.run, limit: 1000 });
    expect(answers.trials.parse(table)).toEqual(table);
    const rows = table.rows.filter((row) => row[0] === 'linear' && row[1] === 'joint');
    expect(rows.length).toBe(3 * 3);
    expect(new Set(rows.map((row) => row[5]))).toEqual(new Set([1, 0.3, 0.1]));
    expect(column(table, 'mean').every((value) => typeof value === 'number')).toBe(true);
    expect(table.total).toBe(table.rows.length);
    const few = answerQuery<'trials'>({ kind: 'trials', store, run: first.run, limit: 2 });
    expect([few.rows.length, few.total]).toEqual([2, table.total]);
  });

  it('stand beside each other, newest first, with what their files say and what came of it', async () => {
    const { store, path, first, second } = await twoRuns();
    const table = answerQuery<'compare'>({ kind: 'compare', store, experiment: path, limit: 10 });
    expect(answers.compare.parse(table)).toEqual(table);
    expect(column(table, 'run')).toEqual([second.run, first.run]);
    const parameters = table.columns.filter(({ role }) => role === 'parameter').map(({ id }) => id);
    const differing = parameters.filter((id) => new Set(column(table, id)).size > 1);
    expect(differing).toEqual(['models.linear.lambda.values']);
    expect(column(table, differing[0])).toEqual(['1, 0.3, 0.1, 0.03', '1, 0.3, 0.1']);
    expect(column(table, 'mean:linear')).toEqual(
      [second, first].map(({ leaderboard }) => leaderboard?.rows.find(({ name }) => name === 'linear')?.mean),
    );
    expect(table.columns.find(({ id }) => id === 'mean:linear (single-task)')?.baselineOf).toBe('linear');
    const one = answerQuery<'compare'>({
      kind: 'compare',
      store,
      experiment: path,
      runs: [first.run],
      limit: 10,
    });
    expect(column(one, 'run')).toEqual([first.run]);
  });

  it('are compared model by model on the same test rows, as the leaderboard compares with its baselines', async () => {
    const { store, first, second } = await twoRuns();
    const [a, b] = [
      { run: first.run, row: 'linear' },
      { run: first.run, row: 'linear (single-task)' },
    ];
    const { tasks } = answers.paired.parse(await pairedOf({ kind: 'paired', store, a, b }));
    const board = first.leaderboard?.rows.find(({ name }) => name === 'linear');
    for (const { task, value, metric } of tasks) {
      expect(board?.differences?.[task]).toMatchObject({ metric, value });
    }
    expect(tasks.length).toBeGreaterThan(0);
    const back = await pairedOf({ kind: 'paired', store, a: b, b: a });
    back.tasks.forEach(({ value }, i) => {
      expect(value).toBeCloseTo(-tasks[i].value, 12);
    });
    const across = await pairedOf({ kind: 'paired', store, a, b: { run: second.run, row: 'forest' } });
    expect(across.tasks.map(({ task }) => task)).toEqual(tasks.map(({ task }) => task));
  });

  it('say why two models cannot be compared', async () => {
    const { store, path, first } = await twoRuns();
    const a = { run: first.run, row: 'linear' };
    await expect(
      pairedOf({ kind: 'paired', store, a, b: { run: first.run, row: 'nobody' } }),
    ).rejects.toThrow(/no model “nobody”/);
    writeFileSync(path, readFileSync(path, 'utf8').replace('seed: 7', 'seed: 99'));
    const third = await startRun({ experimentPath: path, workers: 2, workerPath: built().worker });
    await expect(
      pairedOf({ kind: 'paired', store, a: { run: third.run, row: 'linear' }, b: a }),
    ).rejects.toThrow(/different test rows/);
  });
});
