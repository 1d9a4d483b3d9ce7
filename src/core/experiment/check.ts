import type { DatasetSummary } from '../dataset';
import { checkColumns } from './check-columns';
import { checkFeatures } from './check-features';
import { checkModels } from './check-models';
import { checkRoles } from './check-roles';
import { checkScoredRows } from './check-scored-rows';
import { checkTasks } from './check-tasks';
import type { Diagnostic } from './experiment';
import { pointAt } from './explain';
import { byPlace, type ParsedExperiment } from './parse';
import { valueAt } from './schema-walk';
import type { TaskTables } from './task-tables';

export interface CheckInputs {
  /** Summaries by source, as the file writes it. What has none is not checked against data. */
  readonly sources: Readonly<Record<string, DatasetSummary>>;
  /** By source: why its table could not be read. */
  readonly unreadable?: Readonly<Record<string, string>>;
}

/**
 * Mistakes in how an experiment fits its data, at their places in the file; `parsed.diagnostics` are not repeated. A
 * file with other mistakes is checked too (its draft), so that all show at once.
 */
export function checkExperiment(parsed: ParsedExperiment, inputs: CheckInputs): Diagnostic[] {
  const tables = tablesOf(parsed, inputs);
  return [
    ...unreadableSources(parsed, inputs),
    ...(tables.complete
      ? [...checkColumns(parsed, tables), ...checkRoles(parsed, tables), ...checkFeatures(parsed, tables)]
      : []),
    ...checkTasks(parsed, tables),
    ...(tables.complete ? checkScoredRows(parsed, tables) : []),
    ...checkModels(parsed, tables),
  ].sort(byPlace);
}

function tablesOf({ draft }: ParsedExperiment, { sources }: CheckInputs): TaskTables {
  const names = draft.tasks.map((task) => task.source ?? draft.data.source);
  const read = (name: string | undefined): DatasetSummary | undefined =>
    name !== undefined && Object.hasOwn(sources, name) ? sources[name] : undefined;
  const wanted = [...new Set(names.length > 0 ? names : [draft.data.source])];
  const all = wanted.flatMap((name) => read(name) ?? []);
  return { byTask: names.map(read), all, complete: all.length > 0 && all.length === wanted.length };
}

/** The tables that a file names, those of entries with mistakes included, as it writes them. */
export function sourcesOf(parsed: ParsedExperiment): string[] {
  return [...new Set(namedSources(parsed).map(({ source }) => source))];
}

function unreadableSources(parsed: ParsedExperiment, { unreadable = {} }: CheckInputs): Diagnostic[] {
  return namedSources(parsed).flatMap(({ source, path }) =>
    Object.hasOwn(unreadable, source)
      ? [pointAt(parsed, path, 'value', { code: 'unreadable-source', message: unreadable[source] })]
      : [],
  );
}

/** A table for all tasks is read unless every task has its own. */
function namedSources({ raw, draft }: ParsedExperiment): { source: string; path: string[] }[] {
  const { source } = draft.data;
  const tasks = Object.keys(Object(valueAt(raw, ['tasks'])));
  const own = tasks.flatMap((task) => {
    const path = ['tasks', task, 'source'];
    const value = valueAt(raw, path);
    return typeof value === 'string' && value !== '' ? [{ source: value, path }] : [];
  });
  const isShared = source !== undefined && (own.length === 0 || own.length < tasks.length);
  return isShared ? [{ source, path: ['data', 'source'] }, ...own] : own;
}
