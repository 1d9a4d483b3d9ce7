import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { printLeaderboard } from '../../../src/cli/leaderboard-text';
import { leaderboard } from '../../../src/protocol/leaderboard';

const BOARD = {
  split: 'test',
  tasks: [
    { id: 'sex', type: 'binary', primary: 'auc', labelled: 80, labelledTest: 20 },
    { id: 'mass', type: 'regression', primary: 'r2', labelled: 80, labelledTest: 20 },
  ],
  rows: [
    {
      name: 'linear',
      role: 'model',
      learner: 'linear',
      lambda: 0.1,
      scores: {
        sex: { auc: 0.91, accuracy: 0.82, f1: 0.73, brier: 0.14 },
        mass: { r2: 0.65, rmse: 410.25, mae: 305.5 },
      },
      mean: 0.7,
      validation: { scores: {}, mean: 0.7, selectedOnThis: false },
      cpuSeconds: 1,
      negativeTransfer: [],
      warnings: [],
    },
  ],
};

/** Header and first row of the table, each as words apart by two spaces. */
function printed(board: unknown): string[][] {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  printLeaderboard(stream, leaderboard.parse(board));
  const [, table] = chunks.join('').split('\n\n');
  return table
    .split('\n')
    .slice(0, 2)
    .map((line) => line.trim().split(/\s{2,}/));
}

it('shows a second metric of each task where the experiment names none', () => {
  const [head, row] = printed(BOARD);
  expect(head.slice(4, 8)).toEqual(['sex AUC', 'accuracy', 'mass R²', 'RMSE']);
  expect(row.slice(4, 8)).toEqual(['0.910', '0.820', '0.650', '410.3']);
});

it('shows the metrics that the experiment names, each with the tasks it is of, after the primary one', () => {
  const [head, row] = printed({ ...BOARD, metrics: ['mae', 'f1', 'brier', 'auc'] });
  expect(head.slice(4, 9)).toEqual(['sex AUC', 'F1', 'Brier score', 'mass R²', 'MAE']);
  expect(row.slice(4, 9)).toEqual(['0.910', '0.730', '0.140', '0.650', '305.5']);
});
