import { describe, expect, it } from 'vitest';
import { lambda } from '../../../src/protocol/words';
import { boardOf } from '../../../webview/leaderboardData';
import { drawPath } from '../../../webview/pathData';
import { coefficientsPlot } from '../../../webview/pathPlots';
import { decadeTicks, linearTicks, rangeOf } from '../../../webview/scales';
import { board, path } from './support';

const FRAME = { left: 50, right: 450, top: 10, bottom: 210, margin: 14 };

describe('the λ path as a drawing', () => {
  it('places λ by their logarithm, evenly where they are log-spaced, the smallest on the left', () => {
    const drawing = drawPath([path()], null, FRAME);
    expect(drawing?.points.map(({ lambda }) => lambda)).toEqual([0.01, 0.1, 1]);
    const [a, b, c] = drawing?.points.map(({ x }) => x) ?? [];
    expect(b - a).toBeCloseTo(c - b, 8);
    expect(drawing?.xTicks.map(({ label }) => label)).toEqual(['0.01', '0.1', '1']);
  });

  it('spreads the band by one standard error to either side, inside the frame', () => {
    const drawing = drawPath([path()], null, FRAME);
    for (const { y, low, high } of drawing?.points ?? []) {
      expect(low - y).toBeCloseTo(y - high, 8);
      expect(low).toBeLessThanOrEqual(FRAME.bottom);
      expect(high).toBeGreaterThanOrEqual(FRAME.top);
    }
  });

  it('marks the chosen and the 1-SE λ, the best one where it is another, and the baseline', () => {
    const twin = path({
      scope: 'single-task',
      points: path().points.map((p) => ({ ...p, lambda: null, mean: 0.3 })),
    });
    const drawing = drawPath([path({ chosen: 0, oneStandardError: 0, best: 1 }), twin], null, FRAME);
    expect(drawing?.marks.map(({ label }) => label)).toEqual(['chosen λ 1', '1-SE λ 1', 'best λ 0.1']);
    expect(drawing?.baseline?.score).toBe(0.3);
    expect(drawing?.summary).toContain('chosen λ 1');
  });

  it('keeps its axis while scores arrive', () => {
    const whole = drawPath([path()], null, FRAME);
    const begun = path({ points: path().points.map((p, i) => (i === 0 ? p : { ...p, mean: null })) });
    const partial = drawPath([begun], null, FRAME);
    expect(partial?.points).toHaveLength(1);
    expect(partial?.points[0].x).toBe(whole?.points[2].x);
  });

  it('shows one task by its own metric, λ = 0 at the left end, and nothing without scores', () => {
    expect(drawPath([path()], 'sex', FRAME)?.metric).toBe('AUC');
    const zero = path({ points: path().points.map((p, i) => (i === 2 ? { ...p, lambda: 0 } : p)) });
    expect(drawPath([zero], null, FRAME)?.xTicks[0].label).toBe('0');
    expect(drawPath([path({ points: [] })], null, FRAME)).toBeUndefined();
  });
});

describe('the leaderboard as a table', () => {
  it('stars the best score of every task and says negative transfer in words', () => {
    const { lines, columns, caption } = boardOf(board(), true);
    expect(caption).toBe('Scores on the test split');
    expect(columns.map(({ metric }) => metric)).toEqual(['AUC', 'R²']);
    expect(lines.map(({ cells }) => cells.map(({ best }) => best))).toEqual([
      [true, false],
      [false, true],
      [false, false],
      [false, false],
    ]);
    expect(lines[1].negativeTransfer).toEqual(['sex']);
    expect(lines[1].cells[0].difference).toEqual({
      text: '−0.021',
      verdict: 'negative transfer',
      words: 'negative transfer −0.021 AUC [−0.040, −0.008]',
    });
  });

  it('has a column more for each metric that the experiment names and the task has', () => {
    const named = {
      ...board(),
      metrics: ['brier', 'auc', 'mae'],
      rows: board().rows.map((row, i) => ({
        ...row,
        scores: { ...row.scores, sex: { ...row.scores.sex, brier: 0.1 + 0.1 * i } },
      })),
    };
    const { columns, lines } = boardOf(named, true);
    expect(columns.map(({ task, metric }) => `${task} ${metric}`)).toEqual([
      'sex AUC',
      'sex Brier score',
      'mass R²',
    ]);
    expect(lines.map(({ cells }) => cells[1].best)).toEqual([true, false, false, false]);
    expect(lines[1].cells[1].difference).toBeUndefined();
  });

  it('leaves baselines out when asked, and ranks by lower log loss', () => {
    expect(boardOf(board(), false).lines.map(({ name }) => name)).toEqual(['average', 'linear']);
    const losses = board();
    const changed = {
      ...losses,
      tasks: [{ ...losses.tasks[0], primary: 'logLoss' }],
      rows: losses.rows.map((row, i) => ({ ...row, scores: { sex: { logLoss: 4 - i } } })),
    };
    expect(boardOf(changed, true).lines.map(({ cells }) => cells[0].best)).toEqual([
      false,
      false,
      false,
      true,
    ]);
  });
});

describe('what each task chose', () => {
  const tasks = ['sex', 'mass'];
  const points = path().points.map((point) => ({
    ...point,
    tasks: tasks.map((task) => ({ ...point.tasks[0], task })),
  }));
  const own = path({ points, chosen: null, chosenByTask: [0, 2] });

  it('is its λ, marked in its own plot and listed in that of the mean', () => {
    const [first, , third] = own.points;
    const chosen = (by: string) =>
      drawPath([own], by, FRAME)
        ?.marks.filter(({ kind }) => kind === 'chosen')
        .map(({ label }) => label);
    expect(chosen('sex')).toEqual([`chosen λ ${lambda(first.lambda)}`]);
    expect(chosen('mass')).toEqual([`chosen λ ${lambda(third.lambda)}`]);
    const mean = drawPath([own], null, FRAME);
    expect(mean?.marks.filter(({ kind }) => kind === 'chosen')).toEqual([]);
    expect(mean?.choices).toEqual([
      { lambda: first.lambda, tasks: ['sex'] },
      { lambda: third.lambda, tasks: ['mass'] },
    ]);
    expect(mean?.summary).toContain(`λ ${lambda(first.lambda)} chosen by 1 task`);
    expect(drawPath([path()], null, FRAME)?.choices).toEqual([]);
  });
});

describe('weights of features against λ', () => {
  it('say of how many features they are the strongest', () => {
    const coefficients = {
      features: ['a', 'b'],
      total: 340,
      lambdas: [1, 0.1],
      strengths: [
        [1, 2],
        [0, 1],
      ],
    };
    expect(coefficientsPlot([path({ coefficients })])?.note).toBe('2 of 340 features, the strongest');
    expect(coefficientsPlot([path({ coefficients: { ...coefficients, total: 2 } })])?.note).toBeUndefined();
  });
});

describe('axes', () => {
  it('tick at round values inside their range', () => {
    expect(linearTicks({ min: 0, max: 1 }, 5)).toHaveLength(6);
    expect(linearTicks({ min: -0.03, max: 0.9 }, 4).map((t) => Number(t.toFixed(6)))).toEqual([
      0, 0.2, 0.4, 0.6, 0.8,
    ]);
    expect(decadeTicks({ min: -3.1, max: 0.2 }, 10)).toEqual([-3, -2, -1, 0]);
    expect(decadeTicks({ min: -20, max: 0 }, 5)).toHaveLength(5);
  });

  it('have room around a single value and survive none', () => {
    expect(rangeOf([2])).toEqual({ min: 1.9, max: 2.1 });
    expect(rangeOf([])).toEqual({ min: 0, max: 1 });
    expect(rangeOf([null, Number.NaN, 1, 3], 0)).toEqual({ min: 1, max: 3 });
  });
});
