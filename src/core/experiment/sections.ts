import type { SourceDocument } from './document';
import type { Diagnostic, Experiment } from './experiment';
import { type Explanation, pointAt } from './explain';
import { typeName, valueAt } from './schema-walk';

/** Mistakes in what the sections hold together: nothing at all, no table, two forms of data at once. */
export function checkSections(document: SourceDocument, experiment: Experiment): Diagnostic[] {
  const { data, tasks } = experiment;
  const found: Diagnostic[] = [];
  for (const [section, remedy] of [
    ['tasks', 'add a task, `<name>: { target: <column> }`'],
    ['models', 'add a base model, `<name>: { kind: linear }`'],
  ]) {
    const written = valueAt(document.raw, [section]);
    if (typeName(written) === 'object' && Object.keys(Object(written)).length === 0) {
      found.push(
        pointAt(document, [section], 'key', {
          code: 'empty-section',
          message: `${section} is empty`,
          remedy,
        }),
      );
    }
  }
  const writtenData = valueAt(document.raw, ['data']);
  if (typeName(writtenData) === 'object' && valueAt(writtenData, ['source']) === undefined) {
    const without = tasks.filter((task) => task.source === undefined);
    if (without.length > 0 || tasks.length === 0) {
      found.push(
        pointAt(document, ['data'], 'key', {
          code: 'missing-key',
          message: 'data has no "source"',
          remedy:
            'add `source: <file>`, the table to learn from (or a `source` in every task: one file a task)',
        }),
      );
    }
  }
  found.push(...checkForms(document, experiment));
  found.push(...checkFolds(document, data));
  if (data.split !== undefined && valueAt(document.raw, ['data', 'test']) !== undefined) {
    found.push(
      pointAt(document, ['data', 'test'], 'key', {
        severity: 'warning',
        code: 'ignored-key',
        message: '`test` has no effect: `split` decides which rows are the test split',
        remedy: 'take out one of the two',
      }),
    );
  }
  return found;
}

/** Folds that need a column that is not named, or do not go with an outer loop. */
function checkFolds(document: SourceDocument, { scheme, time }: Experiment['data']): Diagnostic[] {
  const at = (key: string, explanation: Explanation): Diagnostic =>
    pointAt(document, ['data', 'folds', key], 'key', explanation);
  const found: Diagnostic[] = [];
  if (scheme?.by === 'time' && time === undefined) {
    found.push(
      at('by', {
        code: 'missing-key',
        message: 'folds by time need the column of times',
        remedy: 'name it as `time` under `data`',
      }),
    );
  }
  if (time !== undefined && scheme?.by !== 'time') {
    found.push(
      at('by', {
        severity: 'warning',
        code: 'not-in-time-order',
        message: 'the test split is the latest rows, but the folds are not in the order of time',
        remedy: 'write `by: time`, or trust the test scores: validation scores may be too good',
      }),
    );
  }
  if (scheme?.by === 'column' && scheme.column === undefined) {
    found.push(
      at('by', {
        code: 'missing-key',
        message: 'folds by a column need its name',
        remedy: 'add `column: <name>`',
      }),
    );
  }
  if (scheme?.column !== undefined && scheme.by !== 'column') {
    found.push(
      at('column', {
        severity: 'warning',
        code: 'ignored-key',
        message: `\`column\` has no effect: folds are cut by ${scheme.by}`,
        remedy: 'take out `by`, or `column`',
      }),
    );
  }
  if (scheme?.outer !== undefined && (scheme.by === 'column' || scheme.by === 'hold-out')) {
    found.push(
      at('outer', {
        code: 'conflicting-keys',
        message: `an outer loop cannot be cut by ${scheme.by}`,
        remedy: 'take `outer` out, or write `by: stratified`, `random` or `time`',
      }),
    );
  }
  return found;
}

/** Wide, long, one file a task: each says where labels are, and only one can hold. */
function checkForms(document: SourceDocument, { data, tasks }: Experiment): Diagnostic[] {
  const own = tasks.filter((task) => task.source !== undefined && task.source !== data.source);
  if (data.task !== undefined) {
    return [
      ...own.map((task) =>
        pointAt(document, ['tasks', task.id, 'source'], 'key', {
          code: 'conflicting-keys',
          message: `task ${task.id} has a file of its own, but \`data.task\` makes tasks of the rows of one table`,
          remedy: 'take out `data.task` (one file a task) or this `source` (long form)',
        }),
      ),
      ...tasks.slice(1).map((task) =>
        pointAt(document, ['tasks', task.id], 'key', {
          code: 'long-form',
          message: `with \`data.task\` every value of the column "${data.task}" is a task, and one entry names their target`,
          remedy: `keep one entry under \`tasks\`, or take out \`data.task\` if every target is a column of its own`,
        }),
      ),
    ];
  }
  const sources = tasks.map((task) => task.source ?? data.source);
  if (new Set(sources).size <= 1) return [];
  return tasks
    .filter((_, t) => sources.indexOf(sources[t]) < t)
    .map((task) =>
      pointAt(document, ['tasks', task.id], 'key', {
        code: 'conflicting-keys',
        message: `task ${task.id} shares a file with another task, while others have their own`,
        remedy: 'put all targets into one table, or give each task a file of its own',
      }),
    );
}
