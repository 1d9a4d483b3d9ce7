import type {
  CategoricalColumn,
  Column,
  ColumnSummary,
  Dataset,
  DatasetSummary,
  NumericColumn,
} from './dataset';

/** Distinct values, and categories listed, are counted up to this. */
const MAX_DISTINCT = 1000;
/** Numeric values are listed with their counts up to this many distinct ones. */
const MAX_LISTED = 20;

/** What planning and validation need to know of a table. Everything is counted over all rows: it trains nothing. */
export function summarize(dataset: Dataset): DatasetSummary {
  return {
    rowCount: dataset.rowCount,
    fingerprint: dataset.fingerprint,
    columns: dataset.columns.map(summarizeColumn),
  };
}

export function summarizeColumn(column: Column): ColumnSummary {
  return column.kind === 'numeric' ? summarizeNumeric(column) : summarizeCategorical(column);
}

function summarizeNumeric({ name, values }: NumericColumn): ColumnSummary {
  const counts = new Map<number, number>();
  let present = 0;
  let mean = 0;
  let min = Infinity;
  let max = -Infinity;
  let integer = true;
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    present++;
    // A running mean cannot overflow where a sum of large values would.
    mean += (value - mean) / present;
    if (value < min) min = value;
    if (value > max) max = value;
    integer &&= Number.isInteger(value);
    if (counts.size < MAX_DISTINCT) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const listed = counts.size <= MAX_LISTED;
  return {
    name,
    kind: 'numeric',
    missing: values.length - present,
    distinct: counts.size,
    ...(present === 0 ? {} : { range: { min, max, mean, integer } }),
    ...(listed
      ? { values: Array.from(counts, ([value, rows]) => ({ value, rows })).sort((a, b) => a.value - b.value) }
      : {}),
  };
}

function summarizeCategorical({ name, kind, codes, categories }: CategoricalColumn): ColumnSummary {
  const counts = countCodes(codes, categories.length);
  let present = 0;
  let distinct = 0;
  for (const count of counts) {
    present += count;
    if (count > 0) distinct++;
  }
  return {
    name,
    kind,
    missing: codes.length - present,
    distinct: Math.min(distinct, MAX_DISTINCT),
    categories: categories.slice(0, MAX_DISTINCT).map((value, code) => ({ value, rows: counts[code] })),
  };
}

/** Rows of each code; missing (-1) counted nowhere. */
export function countCodes(codes: Int32Array, categories: number): Int32Array {
  const counts = new Int32Array(categories);
  for (const code of codes) if (code >= 0) counts[code]++;
  return counts;
}
