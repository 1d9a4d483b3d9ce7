import { describe, expect, it } from 'vitest';
import type { GridColumn } from '../../../webview/grid/columns';
import { parseFilter, passes } from '../../../webview/grid/filter';
import { GridModel } from '../../../webview/grid/gridModel';
import { reached } from '../../../webview/grid/keys';

interface Fit {
  readonly id: string;
  readonly model: string;
  readonly fold: number;
  readonly lambda: number | null;
  readonly seed: number;
}

const COLUMNS: readonly GridColumn<Fit>[] = [
  { id: 'model', label: 'Model', kind: 'text', value: ({ model }) => model, pinned: true },
  { id: 'fold', label: 'Fold', kind: 'number', value: ({ fold }) => fold },
  { id: 'lambda', label: 'λ', kind: 'number', value: ({ lambda }) => lambda },
  { id: 'seed', label: 'Log loss', kind: 'number', value: ({ seed }) => seed },
];

const FITS: readonly Fit[] = [
  { id: 'a', model: 'net', fold: 2, lambda: 0.1, seed: 7 },
  { id: 'b', model: 'ridge', fold: 1, lambda: null, seed: 7 },
  { id: 'c', model: 'net', fold: 1, lambda: 1, seed: 7 },
  { id: 'd', model: 'ridge 10', fold: 2, lambda: 0.01, seed: 7 },
  { id: 'e', model: 'ridge 9', fold: 2, lambda: 0.5, seed: 7 },
];

function grid() {
  let changes = 0;
  const model = new GridModel<Fit>(
    ({ id }) => id,
    () => changes++,
  );
  model.setColumns(COLUMNS);
  model.setRows(FITS);
  const ids = () => model.shownRows().flatMap((row) => (row.getIsGrouped() ? [] : [row.original.id]));
  return { model, ids, changes: () => changes };
}

describe('what is typed in the filter', () => {
  const kept = (text: string) => {
    const filter = parseFilter(text, COLUMNS);
    return FITS.filter((fit) => passes(fit, filter, COLUMNS))
      .map(({ id }) => id)
      .join('');
  };

  it('is words that some column contains, and conditions on columns by id or label', () => {
    expect(kept('')).toBe('abcde');
    expect(kept('ridge')).toBe('bde');
    expect(kept('RIDGE 9')).toBe('e');
    expect(kept('model:ridge fold=2')).toBe('de');
    expect(kept('λ<0.5')).toBe('ad');
    expect(kept('lambda<=0.5')).toBe('ade');
    expect(kept('model=ridge')).toBe('b');
    expect(kept('model!=net "log loss">=7')).toBe('bde');
    expect(kept('"ridge 10"')).toBe('d');
  });

  it('says what it does not understand, and applies the rest', () => {
    const filter = parseFilter('depth>3 λ<small net', COLUMNS);
    expect(filter.mistakes).toEqual(['there is no column “depth”', '“λ <” needs a number']);
    expect(FITS.filter((fit) => passes(fit, filter, COLUMNS)).map(({ id }) => id)).toEqual(['a', 'c']);
  });
});

describe('a grid', () => {
  it('sorts by several columns, numbers falling first, missing ones last either way', () => {
    const { model, ids } = grid();
    model.toggleSort('lambda', false);
    expect(ids()).toEqual(['c', 'e', 'a', 'd', 'b']);
    model.toggleSort('lambda', false);
    expect(ids()).toEqual(['d', 'a', 'e', 'c', 'b']);
    model.toggleSort('fold', false);
    model.toggleSort('model', true);
    expect(ids()).toEqual(['a', 'e', 'd', 'c', 'b']);
    expect(model.sortOf('model')).toEqual({ direction: 'asc', place: 2 });
  });

  it('keeps pinned columns at the left, moves, hides and brings back others', () => {
    const { model } = grid();
    const shown = () => model.shownColumns().map(({ id }) => id);
    model.move('lambda', -1);
    expect(shown()).toEqual(['model', 'lambda', 'fold', 'seed']);
    model.togglePin('seed');
    expect([shown(), model.pinnedCount]).toEqual([['model', 'seed', 'lambda', 'fold'], 2]);
    model.setVisible('fold', false);
    expect(shown()).not.toContain('fold');
    model.setVisible('fold', true);
    expect(shown()).toContain('fold');
  });

  it('shows only the columns that tell rows apart when asked', () => {
    const { model } = grid();
    model.setOnlyDiffering(true);
    expect(model.shownColumns().map(({ id }) => id)).toEqual(['model', 'fold', 'lambda']);
    model.setOnlyDiffering(false);
    expect(model.shownColumns().length).toBe(4);
  });

  it('groups rows, with means, and closes a group', () => {
    const { model, ids } = grid();
    model.groupBy('fold');
    const [group] = model.shownRows();
    expect(group.getIsGrouped()).toBe(true);
    expect(model.groupMean(group, COLUMNS[2])).toBeCloseTo((0.1 + 0.01 + 0.5) / 3, 12);
    expect(ids().length).toBe(5);
    model.toggleGroup(group);
    expect(ids()).toEqual(['b', 'c']);
    model.groupBy(undefined);
    expect(ids()).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('counts what passes, and copies what is shown as it is sorted', () => {
    const { model, changes } = grid();
    model.setFilter('model:net');
    model.toggleSort('fold', false);
    expect([model.passing, model.total]).toEqual([2, 5]);
    expect(model.cells()).toEqual([
      ['Model', 'Fold', 'λ', 'Log loss'],
      ['net', 2, 0.1, 7],
      ['net', 1, 1, 7],
    ]);
    expect(changes()).toBe(2);
  });

  it('keeps its arrangement while rows come', () => {
    const { model, ids } = grid();
    model.toggleSort('lambda', false);
    model.setRows([...FITS, { id: 'f', model: 'net', fold: 3, lambda: 2, seed: 7 }]);
    expect(ids()[0]).toBe('f');
  });
});

describe('keys in a grid', () => {
  const size = { rows: 100, columns: 5, page: 20 };
  const from = (key: string, row: number, column: number, ctrlKey = false) =>
    reached({ key, ctrlKey }, { row, column }, size);

  it('walk its cells and stay in it, the head being above the first row', () => {
    expect(from('ArrowDown', 3, 2)).toEqual({ row: 4, column: 2 });
    expect(from('ArrowUp', 0, 2)).toEqual({ row: -1, column: 2 });
    expect(from('ArrowUp', -1, 2)).toEqual({ row: -1, column: 2 });
    expect(from('ArrowLeft', 3, 0)).toEqual({ row: 3, column: 0 });
    expect(from('PageDown', 90, 1)).toEqual({ row: 99, column: 1 });
    expect(from('End', 7, 1)).toEqual({ row: 7, column: 4 });
    expect(from('End', 7, 1, true)).toEqual({ row: 99, column: 4 });
    expect(from('Home', 7, 3, true)).toEqual({ row: -1, column: 0 });
    expect(from('x', 7, 3)).toBeUndefined();
  });
});
