import type { Column } from './dataset';
import { DataError } from './errors';
import { countCodes } from './summarize';

/**
 * The tasks of long data: ids are the values of the task column, numbers ascending, text in dictionary order.
 * @throws DataError `missing-task` when a row has none
 */
export function taskColumn(column: Column): {
  readonly ids: readonly string[];
  readonly rowTask: Int32Array;
} {
  const { values, codes } = numbered(column);
  refuseMissing(codes, column.name, 'missing-task', 'without a task');
  return { ids: values, rowTask: codes };
}

/**
 * Group of every row, numbered from 0.
 * @throws DataError `missing-group` when a row has none
 */
export function groupsOf(column: Column): Int32Array {
  const { codes } = numbered(column);
  refuseMissing(codes, column.name, 'missing-group', 'without a group');
  return codes;
}

/**
 * Fold of every training row as a column says, numbered from 0 in the order of its values among them; -1 where the
 * column has none.
 * @throws DataError `folds` when the training rows have fewer than two parts
 */
export function foldsOf(column: Column, trainRows: Int32Array): Int32Array {
  const { codes } = numbered(column);
  const used = [...new Set(Array.from(trainRows, (row) => codes[row]))].filter((code) => code >= 0);
  const places = new Map(used.sort((a, b) => a - b).map((code, place) => [code, place]));
  const isWhole = trainRows.every((row) => codes[row] >= 0);
  if (used.length === 0 || (used.length === 1 && isWhole)) {
    throw new DataError(
      'folds',
      'the column of folds puts no training row apart from the others',
      'Give it two values at least, or leave it empty in the rows that always train',
      { column: column.name },
    );
  }
  return codes.map((code) => places.get(code) ?? -1);
}

/** @throws DataError `sample-weight` when a weight is not a number ≥ 0, or all are 0 */
export function sampleWeights(column: Column): Float64Array {
  const remedy = 'Every row needs a number that is 0 or more, and some row more than 0';
  if (column.kind !== 'numeric') {
    throw new DataError('sample-weight', 'sample weights are not numbers', remedy, { column: column.name });
  }
  const wrong = column.values.findIndex((value) => !(value >= 0));
  if (wrong >= 0) {
    const value = column.values[wrong];
    const problem = Number.isNaN(value)
      ? 'a row has no sample weight'
      : `the sample weight ${value} is negative`;
    throw new DataError('sample-weight', problem, remedy, { column: column.name, row: wrong + 1 });
  }
  if (!column.values.some((value) => value > 0)) {
    throw new DataError('sample-weight', 'all sample weights are 0', remedy, { column: column.name });
  }
  return column.values;
}

/** Distinct values as text in order, and for every row its place among them, -1 without a value. */
function numbered(column: Column): { readonly values: readonly string[]; readonly codes: Int32Array } {
  if (column.kind === 'numeric') {
    const distinct = new Set(column.values);
    distinct.delete(NaN);
    const values = Float64Array.from(distinct).sort();
    const codeOf = new Map(Array.from(values, (value, code) => [value, code]));
    return {
      values: Array.from(values, String),
      codes: Int32Array.from(column.values, (value) => codeOf.get(value) ?? -1),
    };
  }
  const counts = countCodes(column.codes, column.categories.length);
  const used = Array.from(counts.keys()).filter((code) => counts[code] > 0);
  const place = new Int32Array(column.categories.length);
  used.forEach((code, i) => {
    place[code] = i;
  });
  return {
    values: used.map((code) => column.categories[code]),
    codes: column.codes.map((code) => (code < 0 ? -1 : place[code])),
  };
}

function refuseMissing(
  codes: Int32Array,
  column: string,
  code: 'missing-task' | 'missing-group',
  lacks: string,
): void {
  const first = codes.indexOf(-1);
  if (first < 0) return;
  const rows = codes.reduce((count, value) => count + (value < 0 ? 1 : 0), 0);
  throw new DataError(
    code,
    rows === 1 ? `a row ${lacks}` : `the first of ${rows} rows ${lacks}`,
    'Fill the column in every row, or take those rows out',
    { column, row: first + 1 },
  );
}
