import type { Path } from './document';
import type { DataSpec, Diagnostic } from './experiment';
import { pointAt } from './explain';
import { nearest } from './nearest';
import type { ParsedExperiment } from './parse';
import { isReserved } from './reserved';
import { columnNames, findAnywhere, listedValues, type TaskTables } from './task-tables';

/** A column the file names, and where. */
interface Mention {
  readonly name: string;
  readonly path: Path;
  /** The only tables it may be in; absent: any. */
  readonly task?: number;
}

/** More columns than this are not listed in a message. */
const MAX_LISTED = 12;

/** Columns the file names that the data do not have, or that it uses twice. */
export function checkColumns(parsed: ParsedExperiment, tables: TaskTables): Diagnostic[] {
  return [
    ...mentions(parsed).flatMap((mention) => missingColumn(parsed, tables, mention)),
    ...repeated(parsed, 'features'),
    ...repeated(parsed, 'exclude'),
    ...conflictingRoles(parsed),
    ...reservedColumns(parsed, tables),
    ...nothingLeft(parsed, tables),
  ];
}

/** Columns that say something of a row, with the key that names them. */
export const ROLES = ['task', 'group', 'time', 'weight', 'split'] as const;

export function targetPath(parsed: ParsedExperiment, task: string): Path {
  const entry = Reflect.get(Object(Reflect.get(Object(parsed.raw), 'tasks')), task);
  return typeof entry === 'object' ? ['tasks', task, 'target'] : ['tasks', task];
}

function mentions(parsed: ParsedExperiment): Mention[] {
  const { data, tasks } = parsed.draft;
  return [
    ...ROLES.flatMap((key) => {
      const name = data[key];
      return name === undefined ? [] : [{ name, path: ['data', key] }];
    }),
    ...foldColumn(data),
    ...listed(data, 'features'),
    ...listed(data, 'exclude'),
    ...tasks.map((task, index) => ({ name: task.target, path: targetPath(parsed, task.id), task: index })),
  ];
}

function foldColumn({ scheme }: DataSpec): Mention[] {
  return scheme?.column === undefined ? [] : [{ name: scheme.column, path: ['data', 'folds', 'column'] }];
}

function listed(data: DataSpec, key: 'features' | 'exclude'): Mention[] {
  return (data[key] ?? []).map((name, index) => ({ name, path: ['data', key, index] }));
}

function missingColumn(parsed: ParsedExperiment, tables: TaskTables, mention: Mention): Diagnostic[] {
  const own = mention.task === undefined ? undefined : tables.byTask[mention.task];
  const names = own === undefined ? columnNames(tables) : own.columns.map((column) => column.name);
  if (names.includes(mention.name)) return [];
  const meant = nearest(mention.name, names);
  const shown = names.slice(0, MAX_LISTED).join(', ');
  return [
    pointAt(parsed, mention.path, 'value', {
      code: 'missing-column',
      message: `the data have no column "${mention.name}"`,
      remedy:
        meant === undefined
          ? `write one of ${names.length > MAX_LISTED ? `${shown}, …` : shown}`
          : `write "${meant}"`,
      replacement: meant,
    }),
  ];
}

function repeated(parsed: ParsedExperiment, key: 'features' | 'exclude'): Diagnostic[] {
  const names = parsed.draft.data[key] ?? [];
  return names.flatMap((name, index) =>
    names.indexOf(name) === index
      ? []
      : [
          pointAt(parsed, ['data', key, index], 'value', {
            severity: 'warning',
            code: 'listed-twice',
            message: `the column "${name}" is already in this list`,
            remedy: 'take it out',
          }),
        ],
  );
}

function conflictingRoles(parsed: ParsedExperiment): Diagnostic[] {
  const { data, tasks } = parsed.draft;
  const found: Diagnostic[] = [];
  const roles = new Map<string, string>();
  for (const key of ROLES) {
    const name = data[key];
    if (name === undefined) continue;
    const other = roles.get(name);
    if (other !== undefined) found.push(conflict(parsed, ['data', key], name, other));
    else roles.set(name, `\`data.${key}\``);
  }
  const targets = new Map<string, string>();
  for (const task of tasks) {
    const role = roles.get(task.target);
    if (role !== undefined) found.push(conflict(parsed, targetPath(parsed, task.id), task.target, role));
    const twin = task.source === undefined ? targets.get(task.target) : undefined;
    if (twin !== undefined) found.push(sameTarget(parsed, task.id, twin));
    if (task.source === undefined) targets.set(task.target, task.id);
  }
  for (const [index, name] of (data.features ?? []).entries()) {
    const task = tasks.find((one) => one.target === name);
    const role = task === undefined ? (roles.get(name) ?? excluded(data, name)) : undefined;
    if (task !== undefined) found.push(targetAsFeature(parsed, index, name, task.id));
    else if (role !== undefined) found.push(conflict(parsed, ['data', 'features', index], name, role));
  }
  return found;
}

function excluded(data: DataSpec, name: string): string | undefined {
  return data.exclude.includes(name) ? '`data.exclude`' : undefined;
}

function conflict(parsed: ParsedExperiment, path: Path, name: string, role: string): Diagnostic {
  return pointAt(parsed, path, 'value', {
    code: 'column-role',
    message: `the column "${name}" is already named by ${role}`,
    remedy: 'a column has one role: take it out of one of the two places',
  });
}

function targetAsFeature(parsed: ParsedExperiment, index: number, name: string, task: string): Diagnostic {
  return pointAt(parsed, ['data', 'features', index], 'value', {
    code: 'target-as-feature',
    message: `the feature "${name}" is the target of task ${task}: models would be told the answer`,
    remedy: 'take it out of the features',
  });
}

function sameTarget(parsed: ParsedExperiment, task: string, twin: string): Diagnostic {
  return pointAt(parsed, targetPath(parsed, task), 'value', {
    severity: 'warning',
    code: 'same-target',
    message: `tasks ${twin} and ${task} predict the same column`,
    remedy: 'give one another target, or take it out',
  });
}

/** Columns that models may look at. */
export function featureNames({ draft: { data, tasks } }: ParsedExperiment, tables: TaskTables): string[] {
  const other = new Set([
    ...ROLES.map((key) => data[key]),
    data.scheme?.column,
    ...data.exclude,
    ...tasks.map((task) => task.target),
  ]);
  const names = columnNames(tables);
  return (data.features?.filter((name) => names.includes(name)) ?? names).filter((name) => !other.has(name));
}

/** Columns and tasks of the data whose names are none: see `isReserved`. */
function reservedColumns(parsed: ParsedExperiment, tables: TaskTables): Diagnostic[] {
  const { data, tasks } = parsed.draft;
  const used = new Set([...featureNames(parsed, tables), ...tasks.map(({ target }) => target)]);
  const columns = columnNames(tables).filter((name) => used.has(name) && isReserved(name));
  const ofTasks = data.task === undefined ? undefined : findAnywhere(tables, data.task);
  const values = (ofTasks && listedValues(ofTasks)) ?? [];
  return [
    ...columns.map((name) =>
      pointAt(parsed, ['data', 'source'], 'value', {
        code: 'reserved-name',
        message: `a column cannot be named "${name}": it is one of the language that Taskweave is written in`,
        remedy: 'give the column another name in the table, or add it to `exclude` under `data`',
      }),
    ),
    ...values
      .filter(({ value }) => isReserved(value))
      .map(({ value }) =>
        pointAt(parsed, ['data', 'task'], 'value', {
          code: 'reserved-name',
          message: `a task cannot be named "${value}": it is one of the language that Taskweave is written in`,
          remedy: 'write another value in that column of the table',
        }),
      ),
  ];
}

function nothingLeft(parsed: ParsedExperiment, tables: TaskTables): Diagnostic[] {
  if (featureNames(parsed, tables).length > 0) return [];
  const { features, exclude } = parsed.draft.data;
  const path = ['data', features !== undefined ? 'features' : exclude.length > 0 ? 'exclude' : 'source'];
  return [
    pointAt(parsed, path, 'key', {
      code: 'no-features',
      message: 'no column is left to learn from',
      remedy: 'name columns under `features`, or fewer under `exclude`',
    }),
  ];
}
