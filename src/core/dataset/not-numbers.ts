import type { Column } from './dataset';
import { DataError } from './errors';

/** A column that has texts where training had numbers: names the first of them, with its row. */
export function notNumbers(column: Exclude<Column, { kind: 'numeric' }>): DataError {
  const row = column.codes.findIndex((code) => code >= 0 && !isNumber(column.categories[code]));
  // Every cell may be a number after all, in a column whose kind says otherwise.
  const at = row < 0 ? column.codes.findIndex((code) => code >= 0) : row;
  return new DataError(
    'column-kind',
    `the model was trained on numbers here, and this row has the text ${JSON.stringify(column.categories[column.codes[at]])}`,
    'Write a number there, or leave the cell empty where there is no value',
    { row: at + 1, column: column.name },
  );
}

function isNumber(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text));
}
