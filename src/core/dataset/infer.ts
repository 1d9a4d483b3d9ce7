import type { TaskSpec } from '../experiment/experiment';
import type { Column, ColumnSummary } from './dataset';
import { DataError } from './errors';
import type { Task, TaskType } from './problem';
import { countCodes, summarizeColumn } from './summarize';

/**
 * The type of a task whose experiment file does not state one:
 * - boolean → binary;
 * - categorical → binary with two categories, else multiclass;
 * - numeric → binary with exactly two distinct values that are integers (0/1, -1/1, 1/2), else regression. Codes of
 *   more than two classes look like any other integers, so multiclass has to be stated for numbers.
 */
export function inferTaskType(column: ColumnSummary): TaskType {
  switch (column.kind) {
    case 'boolean':
      return 'binary';
    case 'categorical':
      return column.distinct === 2 ? 'binary' : 'multiclass';
    case 'numeric':
      return column.distinct === 2 && column.range?.integer ? 'binary' : 'regression';
  }
}

/**
 * A task of the experiment file over its target column: type as stated or inferred, classes in order.
 * Classes are the values present, false before true, numbers ascending, text in the order of the dictionary (code
 * units); `positive` moves a class of a binary task to the second place.
 * @throws DataError `no-labels`, `not-numeric`, `class-count`, `unknown-class`
 */
export function inferTask(spec: TaskSpec, column: Column): Task {
  const place = { column: column.name };
  const summary = summarizeColumn(column);
  if (summary.distinct === 0) {
    throw new DataError(
      'no-labels',
      `the target of task '${spec.id}' has no value in any row`,
      'Name a column that has labels',
      place,
    );
  }
  const type = spec.type ?? inferTaskType(summary);
  if (type === 'regression') {
    if (column.kind === 'categorical') {
      throw new DataError(
        'not-numeric',
        `task '${spec.id}' is a regression, and its target has values that are not numbers, such as '${exampleText(column.categories)}'`,
        'State `type: multiclass`, or list the texts that mean "no value" under `data.missing`',
        place,
      );
    }
    return { id: spec.id, type, weight: spec.weight, classes: [] };
  }
  const classes = classesPresent(column);
  if (type === 'binary' ? classes.length !== 2 : classes.length < 2) {
    throw new DataError(
      'class-count',
      `task '${spec.id}' is ${type}, and its target has ${classes.length} class${classes.length === 1 ? '' : 'es'} (${listed(classes)})`,
      classes.length > 2
        ? 'State `type: multiclass`, or `type: regression` for numbers'
        : 'Name a target with at least two classes',
      place,
    );
  }
  return { id: spec.id, type, weight: spec.weight, classes: orderClasses(spec, type, classes, column) };
}

/** Value or class code of every row, NaN where the row has no label. */
export function taskLabels(task: Task, column: Column): Float64Array {
  if (task.type === 'regression') {
    return column.kind === 'numeric'
      ? column.values
      : Float64Array.from(column.codes, (code) => (code < 0 ? NaN : code));
  }
  const codeOf = new Map(task.classes.map((name, code) => [name, code]));
  if (column.kind === 'numeric') {
    const codeOfNumber = new Map(task.classes.map((name, code) => [Number(name), code]));
    return Float64Array.from(column.values, (value) => codeOfNumber.get(value) ?? NaN);
  }
  const translated = column.categories.map((category) => codeOf.get(category) ?? NaN);
  return Float64Array.from(column.codes, (code) => (code < 0 ? NaN : translated[code]));
}

function classesPresent(column: Column): string[] {
  if (column.kind === 'numeric') {
    const distinct = new Set(column.values);
    distinct.delete(NaN);
    return [...distinct].sort((a, b) => a - b).map(String);
  }
  const counts = countCodes(column.codes, column.categories.length);
  return column.categories.filter((_, code) => counts[code] > 0);
}

function orderClasses(spec: TaskSpec, type: TaskType, classes: readonly string[], column: Column): string[] {
  const { positive } = spec;
  if (positive === undefined || type !== 'binary') return [...classes];
  const same = (name: string) =>
    name === positive || (column.kind === 'boolean' && name.toLowerCase() === positive.toLowerCase());
  const found = classes.find(same);
  if (found === undefined) {
    throw new DataError(
      'unknown-class',
      `the positive class '${positive}' of task '${spec.id}' is not in its target`,
      `Write one of ${listed(classes)}`,
      { column: column.name },
    );
  }
  return [...classes.filter((name) => name !== found), found];
}

function listed(classes: readonly string[]): string {
  const shown = classes.slice(0, 8).map((name) => `'${name}'`);
  return classes.length > 8 ? `${shown.join(', ')}, …` : shown.join(', ');
}

function exampleText(categories: readonly string[]): string {
  return categories.find((text) => text.trim() === '' || Number.isNaN(Number(text))) ?? categories[0];
}
