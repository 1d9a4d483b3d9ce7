import { sha256 } from '../sha256';
import type { CategoricalColumn, Column, Dataset } from './dataset';

/**
 * Tables one under the other, over the union of their columns in order of first appearance; a row has no value in a
 * column its table lacks. A column that is numeric in one table and categorical in another becomes categorical.
 */
export function concatenate(datasets: readonly Dataset[]): Dataset {
  const names = [...new Set(datasets.flatMap(({ columns }) => columns.map(({ name }) => name)))];
  const byName = datasets.map(({ columns }) => new Map(columns.map((column) => [column.name, column])));
  const rowCount = datasets.reduce((sum, dataset) => sum + dataset.rowCount, 0);
  const columns = names.map((name) =>
    concatenateColumn(
      name,
      datasets.map(({ rowCount: rows }, i) => ({ rows, column: byName[i].get(name) })),
      rowCount,
    ),
  );
  return {
    rowCount,
    columns,
    fingerprint: sha256(datasets.map(({ fingerprint }) => fingerprint).join('\n')),
  };
}

interface Part {
  readonly rows: number;
  readonly column: Column | undefined;
}

function concatenateColumn(name: string, parts: readonly Part[], rowCount: number): Column {
  const filled = parts.flatMap(({ column }) => (column === undefined || isEmpty(column) ? [] : [column]));
  if (filled.every(({ kind }) => kind === 'numeric')) {
    const values = new Float64Array(rowCount).fill(NaN);
    forEachPart(parts, (column, offset) => {
      if (column.kind === 'numeric') values.set(column.values, offset);
    });
    return { kind: 'numeric', name, values };
  }
  const texts = filled.map(asCategorical);
  const kind = agreeAsBoolean(texts) ? 'boolean' : 'categorical';
  const categories =
    kind === 'boolean'
      ? texts[0].categories
      : [...new Set(texts.flatMap((column) => column.categories))].sort();
  const codeOf = new Map(categories.map((category, code) => [category, code]));
  const codes = new Int32Array(rowCount).fill(-1);
  forEachPart(parts, (column, offset) => {
    if (isEmpty(column)) return;
    const text = asCategorical(column);
    const translated = text.categories.map((category) => codeOf.get(category) ?? -1);
    text.codes.forEach((code, row) => {
      if (code >= 0) codes[offset + row] = translated[code];
    });
  });
  return { kind, name, codes, categories };
}

function forEachPart(parts: readonly Part[], visit: (column: Column, offset: number) => void): void {
  let offset = 0;
  for (const { rows, column } of parts) {
    if (column !== undefined) visit(column, offset);
    offset += rows;
  }
}

function agreeAsBoolean(columns: readonly CategoricalColumn[]): boolean {
  return columns.every(
    ({ kind, categories }) =>
      kind === 'boolean' && categories.every((category, code) => category === columns[0].categories[code]),
  );
}

function isEmpty(column: Column): boolean {
  return column.kind === 'numeric'
    ? column.values.every((value) => Number.isNaN(value))
    : column.codes.every((code) => code < 0);
}

function asCategorical(column: Column): CategoricalColumn {
  if (column.kind !== 'numeric') return column;
  const categories = [...new Set(Array.from(column.values, String))].filter((text) => text !== 'NaN').sort();
  const codeOf = new Map(categories.map((category, code) => [category, code]));
  const codes = Int32Array.from(column.values, (value) => codeOf.get(String(value)) ?? -1);
  return { kind: 'categorical', name: column.name, codes, categories };
}
