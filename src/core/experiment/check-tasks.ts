import { type ColumnSummary, type DatasetSummary, inferTaskType, type TaskType } from '../dataset';
import { targetPath } from './check-columns';
import { checkDecisions } from './check-decisions';
import { strayTexts, thousands } from './check-features';
import { scaleDoubt } from './check-scale';
import type { Diagnostic, TaskSpec } from './experiment';
import { type Explanation, pointAt } from './explain';
import { nearest } from './nearest';
import type { ParsedExperiment } from './parse';
import { findColumn, listedValues, type TaskTables } from './task-tables';

/** More classes than this, not asked for, look like free text. */
const MANY_CLASSES = 50;
/** Whole numbers with at most this many values may be codes of classes. */
const FEW_VALUES = 10;
/** Fewest rows that R² can be taken of. */
const ROWS_FOR_R2 = 2;

/** Targets that do not fit their task: no labels, wrong type, classes too rare to be in every fold. */
export function checkTasks(parsed: ParsedExperiment, tables: TaskTables): Diagnostic[] {
  return parsed.draft.tasks.flatMap((task, index) => {
    const table = tables.byTask[index];
    const column = findColumn(table, task.target);
    return table === undefined || column === undefined ? [] : checkTask(parsed, task, table, column);
  });
}

function checkTask(
  parsed: ParsedExperiment,
  task: TaskSpec,
  table: DatasetSummary,
  column: ColumnSummary,
): Diagnostic[] {
  const target = targetPath(parsed, task.id);
  const at = (explanation: Explanation, key?: 'type' | 'positive'): Diagnostic =>
    key !== undefined && task[key] !== undefined
      ? pointAt(parsed, ['tasks', task.id, key], 'value', explanation)
      : pointAt(parsed, target, 'value', explanation);
  if (column.distinct === 0) {
    if (table.rowCount === 0) return [pointAt(parsed, sourcePath(task), 'value', NO_ROWS)];
    return [
      at({
        code: 'no-labels',
        message: `the column "${column.name}" has no value in any row`,
        remedy: 'name a column that has labels',
      }),
    ];
  }
  const type = task.type ?? inferTaskType(column);
  if (column.distinct === 1) return [at(nothingToLearn(type, column))];
  const wrongType = typeMistake(task, type, column);
  if (wrongType !== undefined) return [at(wrongType, 'type')];
  const found = [positiveMistake(task, type, column)].flatMap((one) => (one ? [at(one, 'positive')] : []));
  found.push(...checkDecisions(parsed, task, type, listedValues(column)?.map(({ value }) => value) ?? []));
  const scale = type === 'regression' ? scaleDoubt(column) : undefined;
  if (scale !== undefined) found.push(at(scale));
  const doubt = task.type === undefined ? typeDoubt(type, column) : undefined;
  if (doubt !== undefined) found.push(at(doubt));
  const rare = tooFewRows(parsed, type, table, column);
  return rare === undefined ? found : [...found, at(rare)];
}

const NO_ROWS: Explanation = {
  code: 'no-labels',
  message: 'the table has a header and no rows',
  remedy: 'name a table with rows to learn from',
};

function sourcePath({ id, source }: TaskSpec): string[] {
  return source === undefined ? ['data', 'source'] : ['tasks', id, 'source'];
}

function nothingToLearn(type: TaskType, column: ColumnSummary): Explanation {
  const isNumber = type === 'regression';
  const value = listedValues(column)?.[0]?.value ?? (isNumber ? column.range?.min : undefined);
  const only = value === undefined ? '' : isNumber ? `, ${value}` : `, "${value}"`;
  return {
    code: isNumber ? 'one-value' : 'one-class',
    message: `the column "${column.name}" has one ${isNumber ? 'value' : 'class'} only${only}: there is nothing to learn`,
    remedy: isNumber ? 'name a target whose values differ' : 'name a target with at least two classes',
  };
}

function typeMistake(task: TaskSpec, type: TaskType, column: ColumnSummary): Explanation | undefined {
  if (type === 'regression') {
    if (column.kind !== 'categorical') return undefined;
    const example = column.categories?.find(
      ({ value }) => value.trim() === '' || Number.isNaN(Number(value)),
    );
    const separated = thousands(column);
    const right = column.distinct === 2 ? 'binary' : 'multiclass';
    return {
      code: 'not-numeric',
      message: `task ${task.id} is a regression, but the column "${column.name}" has texts, such as "${example?.value ?? ''}"`,
      ...(separated
        ? { remedy: separated.remedy }
        : {
            remedy: `write "${right}", or list the texts that mean "no value" under \`data.missing\``,
            replacement: right,
          }),
    };
  }
  if (type !== 'binary' || column.distinct === 2) return undefined;
  const right = column.kind === 'numeric' && column.distinct > FEW_VALUES ? 'regression' : 'multiclass';
  return {
    code: 'not-binary',
    message: `task ${task.id} is binary, but the column "${column.name}" has ${column.distinct} classes`,
    remedy: `write "${right}"`,
    replacement: right,
  };
}

function positiveMistake(task: TaskSpec, type: TaskType, column: ColumnSummary): Explanation | undefined {
  if (task.positive === undefined) return undefined;
  if (type !== 'binary') {
    return {
      severity: 'warning',
      code: 'ignored-key',
      message: `\`positive\` has no effect: task ${task.id} is ${type === 'regression' ? 'a regression' : type}`,
      remedy: 'take it out',
    };
  }
  const classes = listedValues(column)?.map(({ value }) => value) ?? [];
  const fold = (name: string): string => (column.kind === 'boolean' ? name.toLowerCase() : name);
  const written = fold(task.positive);
  if (classes.length === 0 || classes.some((name) => fold(name) === written)) return undefined;
  const meant = nearest(task.positive, classes);
  return {
    code: 'unknown-class',
    message: `the column "${column.name}" has no class "${task.positive}"`,
    remedy: `write one of ${classes.join(', ')}`,
    replacement: meant ?? classes.at(-1),
  };
}

/** What a person should state where the values could mean either. */
function typeDoubt(type: TaskType, column: ColumnSummary): Explanation | undefined {
  const separated = thousands(column);
  if (separated !== undefined) return separated;
  if (type === 'multiclass' && column.distinct > MANY_CLASSES) {
    const [text] = strayTexts(column);
    return {
      severity: 'warning',
      code: 'many-classes',
      message: `the column "${column.name}" has ${column.distinct >= 1000 ? '1,000 or more' : column.distinct} classes: ${text === undefined ? 'is it text?' : `numbers, with ${JSON.stringify(text)} among them`}`,
      remedy:
        text === undefined
          ? 'state `type: multiclass` if they are classes, else name another target'
          : 'list what means "no value" under `missing` in `data`, or correct the cells',
    };
  }
  const codes = type === 'regression' && column.distinct <= FEW_VALUES && column.range?.integer === true;
  if (!codes) return undefined;
  return {
    severity: 'warning',
    code: 'ambiguous-type',
    message: `the column "${column.name}" has ${column.distinct} whole numbers: taken as a regression, but they may be classes`,
    remedy: 'state `type: regression` or `type: multiclass`',
  };
}

/** Every fold needs a row of every class, after the test split took its share. */
function tooFewRows(
  parsed: ParsedExperiment,
  type: TaskType,
  table: DatasetSummary,
  column: ColumnSummary,
): Explanation | undefined {
  const { data } = parsed.draft;
  const share = data.split === undefined ? 1 - data.test : 1;
  // R² of a fold compares rows with each other; of a class one row is enough.
  const rowsOfFold = type === 'regression' ? ROWS_FOR_R2 : 1;
  const needed = Math.ceil((rowsOfFold * data.folds) / share);
  const split = share < 1 ? ` and a test fraction of ${data.test}` : '';
  const each = rowsOfFold > 1 ? `, ${rowsOfFold} in each fold` : '';
  const needs = `${data.folds} folds${split} need at least ${needed}${each}`;
  const labelled = table.rowCount - column.missing;
  if (labelled < needed) {
    return {
      code: 'too-few-rows',
      message: `the column "${column.name}" has ${labelled} labelled ${labelled === 1 ? 'row' : 'rows'}; ${needs}`,
      remedy: fewerParts(labelled, rowsOfFold, share),
    };
  }
  if (type === 'regression') return undefined;
  const listed = listedValues(column);
  if (listed === undefined && column.kind === 'numeric' && column.distinct * needed > labelled) {
    return {
      code: 'too-few-rows',
      message: `the column "${column.name}" has ${column.distinct >= 1000 ? '1,000 or more' : column.distinct} different numbers in ${labelled} rows, too few rows of each to be a class; ${needs} of each`,
      remedy: 'write `type: regression`, or name a target of fewer classes',
    };
  }
  const rare = (listed ?? []).filter(({ rows }) => rows < needed);
  if (rare.length === 0) return undefined;
  const [{ value, rows }] = rare.toSorted((a, b) => a.rows - b.rows);
  const others = rare.length > 1 ? ` (and ${rare.length - 1} more of its classes have too few)` : '';
  const folds = Math.floor(rows * share);
  return {
    code: 'too-few-rows',
    message: `the class "${value}" of column "${column.name}" has ${rows} ${rows === 1 ? 'row' : 'rows'}${others}; ${needs}`,
    remedy:
      folds >= 2
        ? `write \`folds: ${folds}\`, or join rare classes in the data`
        : 'join rare classes in the data, or list the class under `data.missing` to leave its rows out',
  };
}

/** What leaves enough rows for every fold. */
function fewerParts(labelled: number, rowsOfFold: number, share: number): string {
  if (labelled * share >= 2 * rowsOfFold) return 'write fewer `folds`';
  return labelled >= 2 * rowsOfFold + 1
    ? 'write a smaller `test`, and fewer `folds`'
    : 'name a target with more labels';
}
