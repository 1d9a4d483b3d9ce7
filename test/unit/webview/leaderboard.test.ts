import { describe, expect, it } from 'vitest';
import { boardColumns, entriesOf, rowHeightOf } from '../../../webview/leaderboardColumns';
import { paretoPlot } from '../../../webview/paretoData';
import { board } from '../extension/support';

describe('the leaderboard as a grid', () => {
  it('has a column a task, the cost, and what is rarely looked at hidden', () => {
    const columns = boardColumns(board());
    const shown = columns
      .filter(({ hidden }) => !hidden)
      .map(({ label, sub }) => (sub ? `${label} ${sub}` : label));
    expect(shown).toEqual(['Model', 'Mean skill', 'sex AUC', 'mass R²', 'Validation mean skill', 'CPU s']);
    expect(columns.filter(({ hidden }) => hidden).map(({ id }) => id)).toContain('size');
  });

  it('sorts by the numbers behind what is shown', () => {
    const [, , , sex] = boardColumns(board());
    const entries = entriesOf(board(), true);
    expect(entries.map((entry) => sex.value(entry))).toEqual(
      board().rows.map(({ scores }) => scores.sex.auc),
    );
    expect(sex.text?.(entries[0])).toBe(entries[0].line.cells[0].value);
  });

  it('leaves baselines out when asked', () => {
    expect(entriesOf(board(), false).every(({ row }) => row.role !== 'baseline')).toBe(true);
  });

  it('has lower rows where no row has a warning or a verdict', () => {
    const quiet = board().rows.map((row) => ({ ...row, negativeTransfer: [], differences: {} }));
    expect(rowHeightOf({ ...board(), rows: quiet })).toBeLessThan(rowHeightOf(board()));
  });

  it('shows score against cost, the best for their cost joined', () => {
    const rows = board().rows.map((row, i) => ({ ...row, cpuSeconds: 10 - i, onFront: i < 2 }));
    const plot = paretoPlot({ ...board(), rows });
    expect(plot.series[0]).toMatchObject({ key: 'front', x: [9, 10], y: [rows[1].mean, rows[0].mean] });
    expect(plot.series.length).toBe(rows.length + 1);
    expect(plot.keys?.map(({ label }) => label)).toEqual([
      'model',
      'ensemble',
      'baseline',
      'best for their cost',
    ]);
    expect(plot.summary).toContain(`${rows[0].name} `);
  });
});
