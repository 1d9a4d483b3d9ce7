import type { ColumnSummary, DatasetSummary } from '../dataset';
import { featureNames } from './check-columns';
import type { Diagnostic } from './experiment';
import { type Explanation, pointAt } from './explain';
import type { ParsedExperiment } from './parse';
import { findAnywhere, type TaskTables } from './task-tables';

/** Fewer rows than this say nothing. */
const MIN_ROWS = 20;
/** Part of a column's rows that have to be numbers for the others to look like slips. */
const MOSTLY_NUMBERS = 0.8;
/** Texts that are named in a message. */
const MOST_NAMED = 3;

/** Warnings for features that models will see otherwise than a person may think. */
export function checkFeatures(parsed: ParsedExperiment, tables: TaskTables): Diagnostic[] {
  const names = featureNames(parsed, tables);
  const isConstant = (name: string) => (findAnywhere(tables, name)?.distinct ?? 0) <= 1;
  if (tables.all.length === 1 && tables.all[0].rowCount > 0 && names.length > 0 && names.every(isConstant)) {
    return [pointAt(parsed, ['data', 'source'], 'value', ALL_CONSTANT)];
  }
  return names.flatMap((name) => {
    const column = findAnywhere(tables, name);
    const doubt =
      column &&
      (thousands(column) ?? numbersWithTexts(column) ?? dates(column) ?? identifier(column, tables));
    if (doubt === undefined) return [];
    const index = parsed.draft.data.features?.indexOf(name);
    const path = index === undefined ? ['data', 'source'] : ['data', 'features', index];
    return [pointAt(parsed, path, 'value', { severity: 'warning', ...doubt })];
  });
}

const ALL_CONSTANT: Explanation = {
  severity: 'warning',
  code: 'constant-features',
  message: 'every feature has one value only: models can do no better than mean/majority',
  remedy: 'name a table, or `features`, whose values differ',
};

/** A column of numbers with a few texts among them is one of texts: every number is a category of its own. */
function numbersWithTexts(column: ColumnSummary): Explanation | undefined {
  const texts = strayTexts(column);
  if (texts.length === 0) return undefined;
  const named = texts.slice(0, MOST_NAMED).map((text) => JSON.stringify(text));
  const list = `${named.join(', ')}${texts.length > named.length ? ', …' : ''}`;
  return {
    code: 'mixed-column',
    message: `the column "${column.name}" is numbers but for ${list}: taken as it is, each number is a category`,
    remedy: 'list what means "no value" under `missing` in `data`, or correct the cells',
  };
}

/** Numbers whose thousands are set apart are texts to every reader of tables; undefined where a column has others. */
export function thousands({ name, kind, categories = [] }: ColumnSummary): Explanation | undefined {
  if (kind !== 'categorical') return undefined;
  const present = categories.filter(({ rows }) => rows > 0);
  const example = present.find(({ value }) => !isNumber(value) && THOUSANDS.test(value.trim()))?.value;
  if (example === undefined) return undefined;
  const numbers = present.filter(({ value }) => isNumber(value) || THOUSANDS.test(value.trim()));
  if (sumRows(numbers) < MOSTLY_NUMBERS * sumRows(present)) return undefined;
  return {
    severity: 'warning',
    code: 'thousands',
    message: `the column "${name}" has numbers with thousands separators, such as ${JSON.stringify(example)}: taken as it is, each is a category`,
    remedy: 'write the numbers without them: 1000 for 1,000',
  };
}

/** `1,000`, `-12.345.678,9`, `1 000`, `1'000.5`: the same mark after every third digit from the point. */
const THOUSANDS = /^[-+−]?[1-9]\d{0,2}([,. '’\u00a0\u202f])\d{3}(\1\d{3})*([.,]\d+)?$/;

/** The texts of a column that is numbers for the most part; empty where it is not, or all are numbers. */
export function strayTexts({ kind, categories = [] }: ColumnSummary): string[] {
  if (kind !== 'categorical') return [];
  const texts = categories.filter(({ value, rows }) => rows > 0 && !isNumber(value));
  const all = sumRows(categories);
  if (texts.length === 0 || all - sumRows(texts) < MOSTLY_NUMBERS * all) return [];
  return texts.toSorted((a, b) => b.rows - a.rows).map(({ value }) => value);
}

function isNumber(text: string): boolean {
  return text.trim() !== '' && Number.isFinite(Number(text));
}

function sumRows(values: readonly { readonly rows: number }[]): number {
  return values.reduce((sum, { rows }) => sum + rows, 0);
}

/** `2024-05-31`, `2024-05-31 12:30:00`, `31.05.2024`, `5/31/24`. */
const DATE =
  /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}.*)?$|^\d{1,2}([./])\d{1,2}\2(\d{4}|\d{2})( \d{1,2}:\d{2}.*)?$/;

function dates({ name, kind, categories = [] }: ColumnSummary): Explanation | undefined {
  const present = categories.filter(({ rows }) => rows > 0);
  if (kind !== 'categorical' || present.length < MOST_NAMED) return undefined;
  if (!present.every(({ value }) => DATE.test(value.trim()))) return undefined;
  return {
    code: 'dates',
    message: `the column "${name}" has dates: each is a category, and new rows have others`,
    remedy:
      'name it as `time`, add it to `exclude`, or put numbers in its place (month, weekday, days since)',
  };
}

/** A value of its own in every row: a model can only learn such rows by heart. */
function identifier(column: ColumnSummary, { all }: TaskTables): Explanation | undefined {
  if (all.length > 1 || !isIdentifier(column, all[0])) return undefined;
  return {
    code: 'identifier',
    message: `the column "${column.name}" has another value in every row, as identifiers have`,
    remedy: 'if it is one, add it to `exclude` under `data`',
  };
}

function isIdentifier(column: ColumnSummary, { rowCount }: DatasetSummary): boolean {
  const present = rowCount - column.missing;
  if (present < MIN_ROWS) return false;
  if (column.kind === 'numeric') {
    const { range } = column;
    const consecutive = range?.integer === true && range.max - range.min + 1 === rowCount;
    return consecutive && column.missing === 0 && column.distinct >= Math.min(present, 1000);
  }
  // Distinct values are counted to 1,000 only; beyond, the categories listed are taken for all.
  return (
    column.distinct >= Math.min(present, 1000) && (column.categories ?? []).every(({ rows }) => rows === 1)
  );
}
