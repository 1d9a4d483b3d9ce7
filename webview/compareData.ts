import { t } from '../src/protocol/l10n';
import type { BoardRow } from '../src/protocol/panel';
import type { PairedComparison, RunTable } from '../src/protocol/tables';
import { count, lambda, metricName, signed } from '../src/protocol/words';
import type { CellValue } from './grid/columns';
import { steadyColors } from './plot/palette';
import type { PlotSpec } from './plot/spec';
import { columnLabel, placeOf, type TableRow } from './tableColumns';

type Column = RunTable['columns'][number];

/** What differs between runs: a line a value of the experiment, a cell a run. */
export interface Change {
  readonly name: string;
  readonly values: readonly CellValue[];
}

/** The values of the experiments that are not the same in all of the runs: what was changed between them. */
export function changesBetween({ columns }: RunTable, rows: readonly TableRow[]): readonly Change[] {
  if (rows.length < 2) return [];
  return columns.flatMap((column, at): Change[] => {
    const isInput = column.role === 'parameter' || column.id === 'data' || column.id === 'commit';
    const values = rows.map((row) => row[at] ?? null);
    return isInput && values.some((value) => value !== values[0]) ? [{ name: column.label, values }] : [];
  });
}

/** One run through the axes of a parallel-coordinates plot. */
export interface ParallelLine {
  readonly run: string;
  readonly color: number;
  /** 0 at the bottom of each axis to 1 at its top; null where the run has no value. */
  readonly heights: readonly (number | null)[];
  readonly texts: readonly string[];
}

export interface ParallelAxis {
  readonly id: string;
  readonly label: string;
  readonly sub?: string;
  /** From the bottom up; of words, each of them. */
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
  readonly isLog: boolean;
}

export interface Parallel {
  readonly axes: readonly ParallelAxis[];
  readonly lines: readonly ParallelLine[];
  /** Hyperparameters that differ, of which the axes may be the first. */
  readonly differing: number;
}

/** Axes at most: more cannot be read. */
const MOST_AXES = 12;

/** Hyperparameters that differ, then the score. Numbers above 0 that span two decades or more stand on a log axis. */
export function parallelOf(table: RunTable, rows: readonly TableRow[], scoreId: string): Parallel {
  const inputs = table.columns.filter(({ role }) => role === 'parameter');
  const differing = inputs.filter((column) => {
    const at = table.columns.indexOf(column);
    return rows.some((row) => row[at] !== rows[0]?.[at]);
  });
  const target = table.columns.find(({ id }) => id === scoreId);
  const shown = [...differing.slice(0, MOST_AXES - 1), ...(target ? [target] : [])];
  const scales = shown.map((column) => axisOf(table, rows, column));
  const runAt = placeOf(table, 'run') ?? 0;
  const colors = colorsOf(table, rows);
  return {
    axes: scales.map(({ axis }) => axis),
    differing: differing.length,
    lines: rows.map((row) => {
      const run = String(row[runAt]);
      const values = shown.map((column) => row[table.columns.indexOf(column)] ?? null);
      return {
        run,
        color: colors.get(run) ?? 0,
        heights: values.map((value, i) => scales[i].heightOf(value)),
        texts: values.map((value) =>
          value === null ? '–' : typeof value === 'number' ? lambda(value) : value,
        ),
      };
    }),
  };
}

/** Steady per run: by its id, in order of creation. */
export function colorsOf(table: RunTable, rows: readonly TableRow[]): ReadonlyMap<string, number> {
  const runAt = placeOf(table, 'run') ?? 0;
  return steadyColors(rows.map((row) => String(row[runAt])).sort());
}

function axisOf(
  table: RunTable,
  rows: readonly TableRow[],
  column: Column,
): { readonly axis: ParallelAxis; heightOf(value: CellValue): number | null } {
  const at = table.columns.indexOf(column);
  const { id, sub } = column;
  const named = { id, label: columnLabel(column), ...(sub && { sub: metricName(sub) }) };
  const values = rows.flatMap((row) => row[at] ?? []);
  const numbers = values.filter((value) => typeof value === 'number');
  if (column.kind === 'text' || numbers.length === 0) {
    const words = [...new Set(values.map(String))].sort();
    const height = (word: string) => (words.length < 2 ? 0.5 : words.indexOf(word) / (words.length - 1));
    return {
      axis: { ...named, isLog: false, ticks: words.map((word) => ({ at: height(word), label: word })) },
      heightOf: (value) => (value === null ? null : height(String(value))),
    };
  }
  const [min, max] = [Math.min(...numbers), Math.max(...numbers)];
  const isLog = min > 0 && max / min >= 100;
  const scale = isLog ? Math.log : (value: number) => value;
  const width = scale(max) - scale(min);
  const height = (value: number) => (width === 0 ? 0.5 : (scale(value) - scale(min)) / width);
  const middle = isLog ? Math.sqrt(min * max) : (min + max) / 2;
  const ticks = (width === 0 ? [min] : [min, middle, max]).map((value) => ({
    at: height(value),
    label: lambda(value),
  }));
  return {
    axis: { ...named, isLog, ticks },
    heightOf: (value) => (typeof value === 'number' ? height(value) : null),
  };
}

/** Points at most: a scatter of more is a cloud, and the tooltip names no one. */
const MOST_POINTS = 1000;

/** Any number of the table against any other, a point a run. */
export function scatterOf(table: RunTable, rows: readonly TableRow[], x: string, y: string): PlotSpec {
  const [xAt, yAt, runAt] = [placeOf(table, x), placeOf(table, y), placeOf(table, 'run') ?? 0];
  const colors = colorsOf(table, rows);
  const points = rows.flatMap((row) => {
    const [a, b] = [xAt === undefined ? null : row[xAt], yAt === undefined ? null : row[yAt]];
    return typeof a === 'number' && typeof b === 'number' ? [{ run: String(row[runAt]), x: a, y: b }] : [];
  });
  const shown = points.slice(0, MOST_POINTS);
  const label = (at: number | undefined) => (at === undefined ? '' : columnName(table.columns[at]));
  return {
    key: `scatter ${x} ${y}`,
    title: t('{0} against {1}', label(yAt), label(xAt)),
    xLabel: label(xAt),
    yLabel: label(yAt),
    series: shown.map((point) => ({
      key: point.run,
      label: point.run,
      color: colors.get(point.run) ?? 0,
      points: true,
      x: [point.x],
      y: [point.y],
    })),
    ...(shown.length < points.length && {
      note: t(
        '{0} of {1} runs, the newest',
        shown.length.toLocaleString('en'),
        points.length.toLocaleString('en'),
      ),
    }),
    summary: t('{0} against {1} of {2}', label(yAt), label(xAt), count(points.length, 'run')),
  };
}

export function columnName(column: Column): string {
  const { sub } = column;
  const label = columnLabel(column);
  return sub ? `${label} (${metricName(sub)})` : label;
}

/** Two rows of leaderboards that are compared. */
export interface Sides {
  readonly a?: BoardRow;
  readonly b?: BoardRow;
}

/**
 * What is compared before one has chosen: the best row of the newest run with the best of the run before it, or, where these
 * came out the same, the best row that did not; of a single run its best row with the same without sharing, or, where that is
 * not on the leaderboard, with the next best.
 */
export function firstSides(table: RunTable, [newest, before]: readonly TableRow[]): Sides {
  const a = bestOf(table, newest);
  if (!before) {
    const beside = a && besideOf(table, newest, a);
    return { ...(a && { a }), ...(beside && { b: beside }) };
  }
  const b = bestOf(table, before);
  const isSame = a && b && a.row === b.row && meanOf(table, newest, a.row) === meanOf(table, before, b.row);
  return (isSame ? changedOf(table, newest, before) : undefined) ?? { ...(a && { a }), ...(b && { b }) };
}

/** The best row of a run that another has too, with another score. */
function changedOf(table: RunTable, newest: TableRow, before: TableRow): Sides | undefined {
  const changed = rowNamesOf(table).flatMap((name) => {
    const [mean, other] = [meanOf(table, newest, name), meanOf(table, before, name)];
    return mean === undefined || other === undefined || mean === other ? [] : [{ name, mean }];
  });
  const [best] = changed.toSorted((one, other) => other.mean - one.mean);
  return (
    best && { a: { run: String(newest[0]), row: best.name }, b: { run: String(before[0]), row: best.name } }
  );
}

function bestOf(table: RunTable, row: TableRow | undefined): BoardRow | undefined {
  const at = placeOf(table, 'best');
  const best = row === undefined || at === undefined ? null : row[at];
  return typeof best === 'string' && row ? { run: String(row[0]), row: best } : undefined;
}

function besideOf(table: RunTable, row: TableRow, best: BoardRow): BoardRow | undefined {
  const others = rowNamesOf(table).flatMap((name) => {
    const mean = name === best.row ? undefined : meanOf(table, row, name);
    return mean === undefined ? [] : [{ name, mean }];
  });
  const isTwin = ({ name }: { readonly name: string }) =>
    table.columns[placeOf(table, `mean:${name}`) ?? -1]?.baselineOf === best.row;
  const beside = others.find(isTwin) ?? others.toSorted((one, other) => other.mean - one.mean)[0];
  return beside && { run: best.run, row: beside.name };
}

/** Names of leaderboard rows, by the columns of their means. */
export function rowNamesOf({ columns }: RunTable): readonly string[] {
  return columns.flatMap(({ id }) => (id.startsWith('mean:') ? [id.slice(5)] : []));
}

/** Mean skill of a row of a run's leaderboard; undefined: the run has no such row. */
export function meanOf(table: RunTable, row: TableRow, name: string): number | undefined {
  const at = placeOf(table, `mean:${name}`);
  const mean = at === undefined ? undefined : row[at];
  return typeof mean === 'number' ? mean : undefined;
}

/** A paired comparison as the lines of a table. */
export function pairedLines({ tasks }: PairedComparison): readonly {
  readonly task: string;
  readonly difference: string;
  readonly verdict: string;
  readonly kind: 'better' | 'worse' | 'none';
}[] {
  return tasks.map(({ task, metric, value, interval: [low, high], verdict }) => ({
    task,
    difference: `${signed(value)} ${metricName(metric)} [${signed(low)}, ${signed(high)}]`,
    verdict: t(verdict.replace(/^[ab] /, (side) => side.toUpperCase())),
    kind: verdict === 'a is better' ? 'better' : verdict === 'b is better' ? 'worse' : 'none',
  }));
}
