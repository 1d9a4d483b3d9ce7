/**
 * What changed between two snapshots of a part of the panel: points that curves gained, rows that a table gained or whose
 * cells changed. The host makes them, the panel applies them; where one cannot tell what changed, the next is a snapshot.
 */
import type {
  CurvesDelta,
  CurvesPart,
  PathsDelta,
  PathsPart,
  RowsDelta,
  SourcedCurve,
  SourcedDistribution,
} from './parts';
import type { RunTable } from './tables';

type Place = 'kind' | 'generation' | 'sequence';
export type CurvesChange = Omit<CurvesDelta, Place>;
export type PathsChange = Omit<PathsDelta, Place>;
export type RowsChange = Omit<RowsDelta, Place | 'part'>;
type Tables = { readonly table: RunTable };

/** What identifies a curve among those of a snapshot. */
export function curveKey({ run, model, scope, trial, configuration, task, quantity }: SourcedCurve): string {
  return JSON.stringify([run, model, scope, trial, configuration, task, quantity]);
}

/** Undefined: something else than points changed. Null: nothing did. */
export function curvesDelta(before: CurvesPart, now: CurvesPart): CurvesChange | null | undefined {
  if (!sameHead(before, now)) return undefined;
  const known = new Map(before.curves.map((curve) => [curveKey(curve), curve]));
  const grown: CurvesDelta['grown'] = [];
  const added: SourcedCurve[] = [];
  for (const curve of now.curves) {
    const key = curveKey(curve);
    const old = known.get(key);
    known.delete(key);
    if (old === undefined) {
      added.push(curve);
      continue;
    }
    if (old.lambda !== curve.lambda) return undefined;
    const keep = Math.min(common(old.steps, curve.steps), common(old.values, curve.values));
    if (keep === old.steps.length && keep === curve.steps.length && old.total === curve.total) continue;
    const { total } = curve;
    grown.push({ key, keep, steps: curve.steps.slice(keep), values: curve.values.slice(keep), total });
  }
  // A curve that is gone: another attempt's counts now.
  if (known.size > 0) return undefined;
  const distributions = sameDistributions(before.distributions, now.distributions) ? null : now.distributions;
  if (grown.length === 0 && added.length === 0 && distributions === null) return null;
  return { grown, added, distributions };
}

export function withCurves(before: CurvesPart, { grown, added, distributions }: CurvesChange): CurvesPart {
  const changes = new Map(grown.map((one) => [one.key, one]));
  const curves = before.curves.map((curve) => {
    const change = changes.get(curveKey(curve));
    if (change === undefined) return curve;
    return {
      ...curve,
      steps: [...curve.steps.slice(0, change.keep), ...change.steps],
      values: [...curve.values.slice(0, change.keep), ...change.values],
      total: change.total,
    };
  });
  return { ...before, curves: [...curves, ...added], distributions: distributions ?? before.distributions };
}

/** Undefined: the columns are others, or rows went. Null: nothing changed. */
export function rowsDelta({ table: before }: Tables, { table: now }: Tables): RowsChange | null | undefined {
  if (now.rows.length < before.rows.length || !isSame(before.columns, now.columns)) return undefined;
  const rows: RowsDelta['rows'] = [];
  now.rows.forEach((row, at) => {
    const old = before.rows[at];
    if (old === undefined || common(old, row) < row.length) rows.push({ at, row });
  });
  return rows.length === 0 && before.total === now.total ? null : { rows, total: now.total };
}

export function withRows(table: RunTable, { rows: changed, total }: RowsChange): RunTable {
  const rows = [...table.rows];
  for (const { at, row } of changed) rows[at] = row;
  return { ...table, rows, total };
}

/** Undefined: they are of another model, or points went. Null: nothing changed. */
export function pathsDelta(before: PathsPart, now: PathsPart): PathsChange | null | undefined {
  const scopes = ({ paths }: PathsPart) => paths.map(({ scope }) => scope);
  if (before.run !== now.run || before.model !== now.model || !isSame(scopes(before), scopes(now)))
    return undefined;
  const paths: PathsChange['paths'] = [];
  for (const [i, { points, ...head }] of now.paths.entries()) {
    const { points: known, ...knownHead } = before.paths[i];
    if (points.length < known.length) return undefined;
    const changed = points.flatMap((point, at) => (isSame(point, known[at]) ? [] : [{ at, point }]));
    const isSameHead = isSame(head, knownHead);
    if (changed.length > 0 || !isSameHead)
      paths.push({ scope: head.scope, head: isSameHead ? null : head, points: changed });
  }
  return paths.length === 0 ? null : { paths };
}

export function withPaths(before: PathsPart, { paths }: PathsChange): PathsPart {
  const changes = new Map(paths.map((one) => [one.scope, one]));
  return {
    ...before,
    paths: before.paths.map((path) => {
      const change = changes.get(path.scope);
      if (change === undefined) return path;
      const points = [...path.points];
      for (const { at, point } of change.points) points[at] = point;
      return { ...(change.head ?? path), points };
    }),
  };
}

/** Everything of a snapshot but its points: what it is of. */
function sameHead(a: CurvesPart, b: CurvesPart): boolean {
  const head = ({ curves: _c, distributions: _d, generation: _g, ...rest }: CurvesPart) => rest;
  return isSame(head(a), head(b));
}

function sameDistributions(a: readonly SourcedDistribution[], b: readonly SourcedDistribution[]): boolean {
  return a.length === b.length && a.every((one, i) => one.total === b[i].total && isSame(one, b[i]));
}

/** Of plain values: what is left out is the same as what is undefined. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (!isObject(a) || !isObject(b) || Array.isArray(a) !== Array.isArray(b)) return false;
  for (const key in a) if (!isSame(a[key], b[key])) return false;
  for (const key in b) if (a[key] === undefined && b[key] !== undefined) return false;
  return true;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function common(a: readonly unknown[], b: readonly unknown[]): number {
  const length = Math.min(a.length, b.length);
  let i = 0;
  while (i < length && a[i] === b[i]) i++;
  return i;
}
