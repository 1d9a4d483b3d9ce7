import { Writable } from 'node:stream';
import { expect, it } from 'vitest';
import { leaderboardCsv, leaderboardMarkdown, printLeaderboard } from '../../../src/cli/leaderboard-text';
import { correctionNote } from '../../../src/core/evaluate/verdict';
import { leaderboard } from '../../../src/protocol/leaderboard';

const BOARD = {
  split: 'test',
  tasks: [
    { id: 'sex', type: 'binary', primary: 'auc', labelled: 80, labelledTest: 20 },
    { id: 'mass', type: 'regression', primary: 'r2', labelled: 80, labelledTest: 20 },
  ],
  rows: [
    {
      rank: 1,
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
function printed(board: unknown, columns?: number): string[][] {
  const chunks: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk));
      done();
    },
  });
  printLeaderboard(columns ? Object.assign(stream, { columns }) : stream, leaderboard.parse(board));
  const [, table] = chunks.join('').split('\n\n');
  return table
    .split('\n')
    .slice(0, 2)
    .map((line) => line.trim().split(/\s{2,}/));
}

it('shows a second metric of each task where the experiment names none', () => {
  const [head, row] = printed(BOARD);
  expect(head.slice(5, 9)).toEqual(['sex AUC', 'accuracy', 'mass R²', 'RMSE']);
  expect(row.slice(5, 9)).toEqual(['0.910', '0.820', '0.650', '410.3']);
});

it('shows the metrics that the experiment names, each with the tasks it is of, after the primary one', () => {
  const [head, row] = printed({ ...BOARD, metrics: ['mae', 'f1', 'brier', 'auc'] });
  expect(head.slice(5, 10)).toEqual(['sex AUC', 'F1', 'Brier score', 'mass R²', 'MAE']);
  expect(row.slice(5, 10)).toEqual(['0.910', '0.730', '0.140', '0.650', '305.5']);
});

const COMPARED = {
  ...BOARD,
  advice: ['Learn mass apart.'],
  rows: [
    {
      ...BOARD.rows[0],
      onFront: true,
      sizeBytes: 12_345,
      differences: {
        sex: {
          metric: 'auc',
          value: 0.021,
          interval: [0.008, 0.034],
          p: 0.004,
          verdict: 'helped',
          words: 'helped +0.021 AUC [+0.008, +0.034]',
        },
      },
      meanDifference: {
        value: 0.04,
        interval: [0.01, 0.07],
        p: 0.01,
        verdict: 'helped',
        words: 'helped +0.040 mean skill [+0.010, +0.070]',
      },
    },
    {
      ...BOARD.rows[0],
      rank: 2,
      name: 'linear (single-task)',
      role: 'baseline',
      baselineOf: 'linear',
      mean: 0.66,
      cpuSeconds: 2,
    },
  ],
};

it('says why nothing is claimed beside an interval that leaves out 0, and only then', () => {
  const [row] = COMPARED.rows;
  const text = (verdict: string, low: number, words: string) => {
    const sex = { metric: 'auc', value: 0.021, p: 0.08, verdict, interval: [low, 0.034], words };
    const board = leaderboard.parse({ ...COMPARED, rows: [{ ...row, differences: { sex } }] });
    const said = correctionNote(board);
    return leaderboardMarkdown({ ...board, ...(said !== undefined && { note: said }) });
  };
  const note = 'Verdicts are corrected for how many lines there are';
  expect(text('no difference shown', 0.008, 'no difference shown: +0.021')).toContain(note);
  expect(text('no difference shown', -0.008, 'no difference shown: +0.021')).not.toContain(note);
  const useless = 'no difference shown: +0.021, but not shown to be better than mean/majority';
  expect(text('no difference shown', 0.008, useless)).not.toContain(note);
  expect(text('helped', 0.008, 'helped +0.021')).not.toContain(note);
});

it('in Markdown has the table, the verdicts in words, and the advice', () => {
  const text = leaderboardMarkdown(leaderboard.parse(COMPARED));
  expect(text).toContain('| 1 | linear | model | 0.700 |');
  expect(text).toContain('+0.040 [+0.010, +0.070]');
  expect(text).toContain('helped +0.021 AUC [+0.008, +0.034]');
  expect(text).toContain('12.3 kB');
  expect(text).toContain('- Learn mass apart.');
});

it('in CSV has λ as a number, a range where tasks have their own, and an empty cell where there is none', () => {
  const [row] = COMPARED.rows;
  const lambdas = [0.12345678, { a: 0.1, b: 0.02 }, null];
  const rows = lambdas.map((lambda) => ({ ...row, lambda }));
  const [header, ...lines] = leaderboardCsv(leaderboard.parse({ ...COMPARED, rows })).split('\n');
  const at = header.split(',').indexOf('lambda');
  expect(lines.slice(0, 3).map((line) => line.split(',')[at])).toEqual(['0.12345678', '0.02…0.1', '']);
});

it('in CSV has raw numbers, the baseline beside its model, every task, and quotes where they are needed', () => {
  const rows = COMPARED.rows.map((row) => ({ ...row, learner: 'a, "b"' }));
  const lines = leaderboardCsv(leaderboard.parse({ ...COMPARED, rows })).split('\n');
  const header = lines[0].split(',');
  const cells = lines[1].split(/,(?=(?:[^"]*"[^"]*")*[^"]*$)/);
  const of = (key: string) => cells[header.indexOf(key)];
  expect(cells).toHaveLength(header.length);
  expect(of('mean')).toBe('0.7');
  expect(of('mass.rmse')).toBe('410.25');
  expect(of('baseline')).toBe('linear (single-task)');
  expect(of('baselineMean')).toBe('0.66');
  expect(of('baselineCpuSeconds')).toBe('2');
  expect(of('differenceLow')).toBe('0.01');
  expect(of('learner')).toBe('"a, ""b"""');
});

it('leaves out what a narrow terminal has no room for, never the mean, its difference or its cost', () => {
  const levels = { ...COMPARED, rows: COMPARED.rows.map((row) => ({ ...row, level: 1 })) };
  expect(printed(levels)[0]).toContain('level');
  const [head] = printed(levels, 70);
  expect(head).not.toContain('level');
  expect(head).toEqual(expect.arrayContaining(['name', 'mean', 'over alone', 'CPU s']));
});
