import { describe, expect, it } from 'vitest';
import type { RunTable } from '../../../src/protocol/tables';
import { changesBetween, firstSides, pairedLines, parallelOf, scatterOf } from '../../../webview/compareData';
import { greedyPlot } from '../../../webview/ensemblesData';
import { gridColumns } from '../../../webview/tableColumns';
import { mapsOf } from '../../../webview/tasksData';

const TABLE: RunTable = {
  columns: [
    { id: 'run', label: 'Run', kind: 'text', role: 'identity' },
    { id: 'created', label: 'Started', kind: 'text', role: 'identity' },
    { id: 'models.net.rate', label: 'models.net.rate', kind: 'number', role: 'parameter' },
    { id: 'models.net.optimizer', label: 'models.net.optimizer', kind: 'text', role: 'parameter' },
    { id: 'data.folds', label: 'data.folds', kind: 'number', role: 'parameter' },
    { id: 'best mean', label: 'Best', sub: 'skill', kind: 'number', role: 'score' },
    { id: 'cpu:net', label: 'net', sub: 'CPU s', kind: 'number', role: 'cost' },
  ],
  rows: [
    ['r2', '2026-01-02T00:00:00Z', 0.1, 'adam', 5, 0.5, 12],
    ['r1', '2026-01-01T00:00:00Z', 0.001, 'sgd', 5, 0.4, null],
    ['r0', '2026-01-01T00:00:00Z', 0.01, null, 5, 0.6, 8],
  ],
  total: 3,
};

const mean = (row: string) =>
  ({ id: `mean:${row}`, label: row, row, kind: 'number', role: 'score' }) as const;

/** Runs with leaderboards of their own; the last has none. */
const BOARDS: RunTable = {
  columns: [
    { id: 'run', label: 'Run', kind: 'text', role: 'identity' },
    { id: 'best', label: 'Best', kind: 'text', role: 'identity' },
    ...['net', 'all', 'linear'].map(mean),
    { ...mean('net (single-task)'), baselineOf: 'net' },
  ],
  rows: [
    ['r3', 'net', 0.9, 0.8, 0.7, 0.3],
    ['r2', 'all', 0.4, 0.8, 0.7, 0.3],
    ['r1', 'linear', null, null, 0.7, null],
    ['r0', null, null, null, null, null],
  ],
  total: 4,
};

describe('runs beside each other', () => {
  it('first say what changed between them, and nothing else', () => {
    expect(changesBetween(TABLE, TABLE.rows)).toEqual([
      { name: 'models.net.rate', values: [0.1, 0.001, 0.01] },
      { name: 'models.net.optimizer', values: ['adam', 'sgd', null] },
    ]);
    expect(changesBetween(TABLE, TABLE.rows.slice(0, 1))).toEqual([]);
  });

  it('are lines over the hyperparameters that differ, those of many sizes on a log axis', () => {
    const { axes, lines } = parallelOf(TABLE, TABLE.rows, 'best mean');
    expect(axes.map(({ id, isLog }) => [id, isLog])).toEqual([
      ['models.net.rate', true],
      ['models.net.optimizer', false],
      ['best mean', false],
    ]);
    expect(lines.map(({ run }) => run)).toEqual(['r2', 'r1', 'r0']);
    expect(lines[2].heights[0]).toBeCloseTo(0.5, 12);
    expect(lines.map(({ heights }) => heights[1])).toEqual([0, 1, null]);
    expect(lines[0].heights[2]).toBeCloseTo(0.5, 12);
  });

  it('are points of any number against any other; a run without one of them is left out', () => {
    const plot = scatterOf(TABLE, TABLE.rows, 'cpu:net', 'best mean');
    expect(plot.series.map(({ key, x, y }) => [key, x, y])).toEqual([
      ['r2', [12], [0.5]],
      ['r0', [8], [0.6]],
    ]);
    expect(plot.summary).toBe('Best (mean skill) against net (CPU s) of 2 runs');
  });

  it('have the same colour in every plot', () => {
    const colors = new Map(
      parallelOf(TABLE, TABLE.rows, 'best mean').lines.map(({ run, color }) => [run, color]),
    );
    for (const { key, color } of scatterOf(TABLE, TABLE.rows, 'models.net.rate', 'best mean').series) {
      expect(color).toBe(colors.get(key));
    }
  });

  it('begin with the best rows of the two newest runs', () => {
    expect(firstSides(BOARDS, BOARDS.rows)).toEqual({
      a: { run: 'r3', row: 'net' },
      b: { run: 'r2', row: 'all' },
    });
  });

  it('begin with what came out otherwise where the best rows of two runs came out the same', () => {
    const again = ['r4', 'net', 0.9, 0.6, 0.7, 0.5];
    expect(firstSides(BOARDS, [again, BOARDS.rows[0]])).toEqual({
      a: { run: 'r4', row: 'all' },
      b: { run: 'r3', row: 'all' },
    });
    const same = ['r5', ...again.slice(1)];
    expect(firstSides(BOARDS, [same, again])).toEqual({
      a: { run: 'r5', row: 'net' },
      b: { run: 'r4', row: 'net' },
    });
  });

  it('begin with the best row and the same without sharing where one run alone is chosen', () => {
    expect(firstSides(BOARDS, BOARDS.rows.slice(0, 1))).toEqual({
      a: { run: 'r3', row: 'net' },
      b: { run: 'r3', row: 'net (single-task)' },
    });
  });

  it('begin with the two best rows of a run whose best has no baseline', () => {
    expect(firstSides(BOARDS, BOARDS.rows.slice(1, 2))).toEqual({
      a: { run: 'r2', row: 'all' },
      b: { run: 'r2', row: 'linear' },
    });
    expect(firstSides(BOARDS, BOARDS.rows.slice(2, 3))).toEqual({ a: { run: 'r1', row: 'linear' } });
    expect(firstSides(BOARDS, BOARDS.rows.slice(3))).toEqual({});
    expect(firstSides(BOARDS, [])).toEqual({});
  });

  it('tell differences with their intervals, and which is better', () => {
    const [line] = pairedLines({
      split: 'test',
      tasks: [
        {
          task: 'sex',
          metric: 'auc',
          value: -0.02,
          interval: [-0.03, -0.01],
          p: 0.01,
          verdict: 'b is better',
          rows: 80,
        },
      ],
    });
    expect(line).toEqual({
      task: 'sex',
      difference: '−0.020 AUC [−0.030, −0.010]',
      verdict: 'B is better',
      kind: 'worse',
    });
  });

  it('are columns of a grid: scores and times rounded, dates short, missing ones a dash', () => {
    const columns = gridColumns(TABLE.columns, ['run']);
    const text = (id: string, row: number) => {
      const column = columns.find((one) => one.id === id);
      return column?.text?.(TABLE.rows[row]) ?? column?.value(TABLE.rows[row]);
    };
    expect(text('best mean', 0)).toBe('0.500');
    expect(text('cpu:net', 1)).toBe('–');
    expect(text('created', 0)).toMatch(/^01-0\d \d\d:00$/);
    expect(columns[0].pinned).toBe(true);
  });
});

describe('what the leaderboard knows besides scores', () => {
  it('is greedy selection as a loss falling with each model added', () => {
    const bags = [{ start: [1], added: [0, 1, 2], losses: [0.5, 0.4, 0.35, 0.36], kept: 2 }];
    const plot = greedyPlot(bags, ['net', 'ridge', 'forest'], 'sex');
    expect(plot.series[0]).toMatchObject({
      label: 'cut after 2',
      x: [0, 1, 2, 3],
      y: [0.5, 0.4, 0.35, 0.36],
    });
    expect(plot.summary).toBe('Greedy selection for sex: ridge, net, ridge; loss from 0.500 to 0.350');
  });

  it('is relatedness of tasks in the order of their clusters', () => {
    const [map] = mapsOf({
      tasks: ['a', 'b', 'c'],
      matrices: [
        {
          kind: 'gain',
          of: 'ridge',
          values: [
            [0, 0.1, -0.2],
            [0.3, 0, 0],
            [0, null, 0],
          ],
          order: [0, 2, 1],
          clusters: [0, 1, 0],
        },
      ],
    });
    expect(map.rows).toEqual(['a', 'c', 'b']);
    expect(map.values).toEqual([
      [null, -0.2, 0.1],
      [0, null, null],
      [0.3, 0, null],
    ]);
    expect([map.breaks, map.full, map.note]).toEqual([[2], 0.3, '2 clusters']);
  });
});
