import type { Column } from './dataset';
import { DataError } from './errors';
import { testSize } from './split';

interface Split {
  /** Ascending. */
  readonly trainRows: Int32Array;
  readonly testRows: Int32Array;
}

export const TRAIN_WORDS = new Set(['train', 'training', 'false', 'no', '0']);
export const TEST_WORDS = new Set(['test', 'testing', 'true', 'yes', '1']);

/**
 * The split a column prescribes: `train` and `test` in any case, false and true, or 0 and 1 (true and 1 are test).
 * @throws DataError `split-value`, `no-training-rows`
 */
export function splitByColumn(column: Column): Split {
  const isTest = testFlags(column);
  const rows = Int32Array.from(isTest.keys());
  const trainRows = rows.filter((row) => isTest[row] === 0);
  if (trainRows.length === 0) {
    throw new DataError('no-training-rows', 'every row is in the test split', 'Mark some rows `train`', {
      column: column.name,
    });
  }
  return { trainRows, testRows: rows.filter((row) => isTest[row] === 1) };
}

/**
 * The latest rows are the test split; rows of one time stay in their order.
 * @param rows ascending
 * @throws DataError `split-value` when a row has no time
 */
export function splitByTime(column: Column, rows: Int32Array, fraction: number): Split {
  const times = timesOf(column);
  if (fraction <= 0 || rows.length < 2) return { trainRows: rows, testRows: new Int32Array(0) };
  const byTime = rows.slice().sort((a, b) => times[a] - times[b] || a - b);
  const cut = rows.length - testSize(rows.length, fraction);
  return { trainRows: byTime.slice(0, cut).sort(), testRows: byTime.slice(cut).sort() };
}

/**
 * When every row was, as numbers that sort as the column's values do.
 * @throws DataError `split-value` when a row has no time
 */
export function timesOf(column: Column): Float64Array {
  // Dictionaries are in the order of their texts, so codes order times written as year-month-day.
  const times = column.kind === 'numeric' ? column.values : Float64Array.from(column.codes, codeOrMissing);
  const lacking = times.findIndex(Number.isNaN);
  if (lacking < 0) return times;
  throw new DataError('split-value', 'a row has no time', 'Fill the column in every row', {
    column: column.name,
    row: lacking + 1,
  });
}

function codeOrMissing(code: number): number {
  return code < 0 ? NaN : code;
}

function testFlags(column: Column): Uint8Array {
  const flagOf = (text: string): number | undefined => {
    const word = text.trim().toLowerCase();
    return TEST_WORDS.has(word) ? 1 : TRAIN_WORDS.has(word) ? 0 : undefined;
  };
  const refuse = (row: number, value: string | undefined): never => {
    throw new DataError(
      'split-value',
      value === undefined ? 'a row is neither in train nor in test' : `'${value}' is neither train nor test`,
      'Write `train` or `test` (or false and true, or 0 and 1) in every row',
      { column: column.name, row: row + 1 },
    );
  };
  if (column.kind === 'numeric') {
    return Uint8Array.from(column.values, (value, row) =>
      Number.isNaN(value) ? refuse(row, undefined) : (flagOf(String(value)) ?? refuse(row, String(value))),
    );
  }
  const flags = column.categories.map(flagOf);
  return Uint8Array.from(column.codes, (code, row) =>
    code < 0 ? refuse(row, undefined) : (flags[code] ?? refuse(row, column.categories[code])),
  );
}
