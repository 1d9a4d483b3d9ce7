import type { ColumnSummary } from '../dataset';
import { TEST_WORDS, TRAIN_WORDS } from '../dataset/split-column';
import type { Diagnostic } from './experiment';
import { type Explanation, pointAt } from './explain';
import type { ParsedExperiment } from './parse';
import { findAnywhere, listedValues, type TaskTables } from './task-tables';

/** Columns that cannot play the part the file gives them. */
export function checkRoles(parsed: ParsedExperiment, tables: TaskTables): Diagnostic[] {
  const { data } = parsed.draft;
  const check = (
    key: 'task' | 'group' | 'time' | 'weight' | 'split',
    explain: (column: ColumnSummary) => Explanation | undefined,
  ): Diagnostic[] => {
    const name = data[key];
    const column = name === undefined ? undefined : findAnywhere(tables, name);
    const explanation = column === undefined ? undefined : (explain(column) ?? lacking(column, key));
    return explanation === undefined ? [] : [pointAt(parsed, ['data', key], 'value', explanation)];
  };
  return [
    ...check('task', taskColumn),
    ...check('group', (column) => tooFewGroups(column, data.folds)),
    ...check('time', () => undefined),
    ...check('weight', weightColumn),
    ...check('split', splitColumn),
  ];
}

function lacking({ name, missing }: ColumnSummary, key: string): Explanation | undefined {
  if (missing === 0) return undefined;
  return {
    code: 'missing-values',
    message: `the column "${name}" has no value in ${missing} ${missing === 1 ? 'row' : 'rows'}, and \`${key}\` needs one in every row`,
    remedy: 'fill the column, or take those rows out of the table',
  };
}

function taskColumn({ name, distinct }: ColumnSummary): Explanation | undefined {
  if (distinct !== 1) return undefined;
  return {
    severity: 'warning',
    code: 'one-task',
    message: `the column "${name}" has one value only, so there is one task and nothing to share`,
    remedy: 'name the column that tells tasks apart, or take `task` out',
  };
}

function tooFewGroups({ name, distinct, missing }: ColumnSummary, folds: number): Explanation | undefined {
  if (missing > 0 || distinct > folds) return undefined;
  return {
    code: 'too-few-groups',
    message: `the column "${name}" has ${distinct} groups, too few for ${folds} folds and a test split`,
    remedy: `write fewer \`folds\` than groups, or another column`,
  };
}

function weightColumn({ name, kind, range }: ColumnSummary): Explanation | undefined {
  if (kind !== 'numeric') {
    return {
      code: 'not-numeric',
      message: `the weights in column "${name}" are not numbers`,
      remedy: 'name a column of numbers, 0 or greater',
    };
  }
  if (range === undefined || range.min >= 0) return undefined;
  return {
    code: 'negative-weight',
    message: `the column "${name}" has negative weights, down to ${range.min}`,
    remedy: 'weights are 0 or greater',
  };
}

function splitColumn(column: ColumnSummary): Explanation | undefined {
  const values = listedValues(column);
  const wrong = values?.find(({ value }) => !TRAIN_WORDS.has(word(value)) && !TEST_WORDS.has(word(value)));
  if (values === undefined || wrong !== undefined) {
    const example =
      wrong === undefined ? `${column.distinct} different values` : `the value "${wrong.value}"`;
    return {
      code: 'split-value',
      message: `the column "${column.name}" has ${example}, which says neither train nor test`,
      remedy: 'write train or test (or false and true, or 0 and 1) in every row of the column',
    };
  }
  if (!values.some(({ value }) => TRAIN_WORDS.has(word(value)))) {
    return {
      code: 'no-training-rows',
      message: `the column "${column.name}" puts every row into the test split`,
      remedy: 'mark the rows to learn from as train',
    };
  }
  if (values.some(({ value }) => TEST_WORDS.has(word(value)))) return undefined;
  return {
    severity: 'warning',
    code: 'no-test-rows',
    message: `the column "${column.name}" puts no row into the test split: scores are out-of-fold`,
    remedy: 'mark some rows as test, or take `split` out and give a fraction as `test`',
  };
}

const word = (value: string): string => value.trim().toLowerCase();
