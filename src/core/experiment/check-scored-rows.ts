import type { DatasetSummary } from '../dataset';
import { TEST_WORDS } from '../dataset/split-column';
import { LEAST_GROUPS, LEAST_ROWS } from '../evaluate';
import type { Diagnostic } from './experiment';
import { pointAt } from './explain';
import type { ParsedExperiment } from './parse';
import { findAnywhere, findColumn, listedValues, type TaskTables } from './task-tables';

/** Warnings that the test split will be too small for a verdict on whether sharing helped. */
export function checkScoredRows(parsed: ParsedExperiment, tables: TaskTables): Diagnostic[] {
  const few = [...fewGroups(parsed, tables), ...fewRows(parsed, tables)];
  return sharesNothing(parsed) ? [] : few;
}

/** One task has nobody to share with, and no verdict is asked for. */
function sharesNothing({ draft }: ParsedExperiment): boolean {
  return draft.tasks.length < 2 && draft.data.task === undefined;
}

function fewGroups(parsed: ParsedExperiment, tables: TaskTables): Diagnostic[] {
  const { data } = parsed.draft;
  const column = data.group === undefined ? undefined : findAnywhere(tables, data.group);
  // Which groups a column puts into the test split, its summary does not say.
  if (column === undefined || data.split !== undefined || data.test <= 0) return [];
  const groups = Math.round(column.distinct * data.test);
  if (groups >= LEAST_GROUPS) return [];
  return [
    pointAt(parsed, ['data', 'group'], 'value', {
      severity: 'warning',
      code: 'few-test-groups',
      message: `the test split will have about ${groups} groups of "${column.name}", and whether sharing helped is told from ${LEAST_GROUPS} on`,
      remedy: REMEDY,
    }),
  ];
}

function fewRows(parsed: ParsedExperiment, tables: TaskTables): Diagnostic[] {
  const { data } = parsed.draft;
  const few = labelledRows(parsed, tables).flatMap(({ task, table, rows }) => {
    const tested = Math.round(rows * testShare(parsed, table));
    return tested > 0 && tested < LEAST_ROWS ? [{ task, tested }] : [];
  });
  if (few.length === 0) return [];
  const [{ task, tested }] = few.toSorted((a, b) => a.tested - b.tested);
  const others = few.length > 1 ? ` (and too few of ${few.length - 1} more)` : '';
  const path = ['data', data.split === undefined ? 'test' : 'split'];
  return [
    pointAt(parsed, path, 'value', {
      severity: 'warning',
      code: 'few-test-rows',
      message: `the test split will have about ${tested} labelled rows of task ${task}${others}, and whether sharing helped is told from ${LEAST_ROWS} on`,
      remedy: REMEDY,
    }),
  ];
}

const REMEDY = 'write a larger `test`, or take more data; else leave it: scores are shown without a verdict';

/** Rows that can be scored, of each task that the summaries tell of. */
function labelledRows(
  { draft }: ParsedExperiment,
  { byTask, all }: TaskTables,
): { task: string; table: DatasetSummary; rows: number }[] {
  const { task: name } = draft.data;
  if (name !== undefined) {
    const [table] = all;
    const column = findColumn(table, name);
    const values = (column && listedValues(column)) ?? [];
    return values.map(({ value, rows }) => ({ task: value, table, rows }));
  }
  return draft.tasks.flatMap(({ id, target }, index) => {
    const table = byTask[index];
    const column = findColumn(table, target);
    return table && column ? [{ task: id, table, rows: table.rowCount - column.missing }] : [];
  });
}

/** Part of a table's rows that are test rows; 0 where that is not known. */
function testShare({ draft: { data } }: ParsedExperiment, table: DatasetSummary): number {
  if (data.split === undefined) return data.test;
  const column = findColumn(table, data.split);
  const values = (column && listedValues(column)) ?? [];
  const rows = values.reduce(
    (sum, one) => (TEST_WORDS.has(one.value.trim().toLowerCase()) ? sum + one.rows : sum),
    0,
  );
  return rows / Math.max(1, table.rowCount);
}
