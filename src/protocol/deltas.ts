/**
 * What changed between two snapshots of a part of the panel: points that curves gained, rows that a table gained or whose
 * cells changed. The host makes them, the panel applies them; where one cannot tell what changed, the next is a snapshot.
 */
import type { CurvesDelta, CurvesPart, RowsDelta, SourcedCurve, SourcedDistribution } from './panel';
import type { RunTable } from './tables';

type Place = 'generation' | 'sequence';
type Tables = { readonly table: RunTable };

/** What identifies a curve among those of a snapshot. */
export function curveKey({ run, model, scope, trial, configuration, task, quantity }: SourcedCurve): string {
  return JSON.stringify([run, model, scope, trial, configuration, task, quantity]);
}

/** Undefined: something else than points changed. Null: nothing did. */
export function curvesDelta(
  before: CurvesPart,
  now: CurvesPart,
): Omit<CurvesDelta, Place | 'kind'> | null | undefined {
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

export function withCurves(before: CurvesPart, { grown, added, distributions }: CurvesDelta): CurvesPart {
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
export function rowsDelta(
  { table: before }: Tables,
  { table: now }: Tables,
): Pick<RowsDelta, 'rows' | 'total'> | null | undefined {
  if (now.rows.length < before.rows.length || !sameJson(before.columns, now.columns)) return undefined;
  const rows: RowsDelta['rows'] = [];
  now.rows.forEach((row, at) => {
    const old = before.rows[at];
    if (old === undefined || common(old, row) < row.length) rows.push({ at, row });
  });
  return rows.length === 0 && before.total === now.total ? null : { rows, total: now.total };
}

export function withRows(table: RunTable, { rows: changed, total }: RowsDelta): RunTable {
  const rows = [...table.rows];
  for (const { at, row } of changed) rows[at] = row;
  return { ...table, rows, total };
}

/** Everything of a snapshot but its points: what it is of. */
function sameHead(a: CurvesPart, b: CurvesPart): boolean {
  const head = ({ curves: _c, distributions: _d, generation: _g, ...rest }: CurvesPart) => rest;
  return sameJson(head(a), head(b));
}

function sameDistributions(a: readonly SourcedDistribution[], b: readonly SourcedDistribution[]): boolean {
  return a.length === b.length && a.every((one, i) => one.total === b[i].total && sameJson(one, b[i]));
}

function sameJson(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function common(a: readonly unknown[], b: readonly unknown[]): number {
  const length = Math.min(a.length, b.length);
  let i = 0;
  while (i < length && a[i] === b[i]) i++;
  return i;
}
