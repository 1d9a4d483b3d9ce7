import type { Curve, Distribution, LambdaPath } from '../../protocol/curves';
import type { CurveSource, CurvesPart, Scope, StepRange } from '../../protocol/parts';
import type { Query } from '../../protocol/queries';
import type { RunDetail } from '../../protocol/runs';
import { MANY_TASKS } from '../../protocol/words';
import type { Queries } from '../query-client';

/** What of a model's curves is looked at. */
export interface CurvesWanted {
  /** Null: the chosen one, or one in the middle of the path; where that has recorded nothing, the best that has. */
  readonly configuration: number | null;
  readonly scope: Scope;
  readonly task: string | null;
  readonly range: StepRange | null;
  /** Other models, of this run or of others, whose curves are drawn beside. */
  readonly beside: readonly CurveSource[];
}

export const EVERYTHING: CurvesWanted = {
  configuration: null,
  scope: 'joint',
  task: null,
  range: null,
  beside: [],
};

/** Points of a curve that is sent; a chart is no wider. */
const MAX_POINTS = 800;
/** Of the spread of many: a band needs no more. */
const MAX_BAND_POINTS = 800;

interface Found {
  readonly curves: readonly Curve[];
  readonly distributions: readonly Distribution[];
  /** Configurations that have curves. */
  readonly recorded: readonly number[];
}

/** The first of the models of a run that has curves: of some (closed forms) no steps are recorded. */
export async function firstWithCurves(
  queries: Queries,
  at: { readonly store: string; readonly run: string },
  models: readonly string[],
): Promise<string | undefined> {
  for (const model of models) {
    const { recorded } = await queries.ask<'curves'>({
      kind: 'curves',
      ...at,
      model,
      scope: 'joint',
      quantities: [],
      maxPoints: 1,
    });
    if (recorded.length > 0) return model;
  }
  return undefined;
}

/**
 * The curves that are looked at; of many tasks their distribution, and of them all only what is of the whole model.
 * @param preferred configuration that is shown where none is asked for
 */
export async function askCurves(
  queries: Queries,
  detail: RunDetail,
  at: CurveSource & { readonly store: string },
  paths: readonly LambdaPath[],
  wanted: CurvesWanted,
  preferred: number | null,
): Promise<Omit<CurvesPart, 'generation'>> {
  const path = pathOf(paths, wanted.scope);
  const isMany = detail.tasks.length > MANY_TASKS && wanted.task === null;
  const { store, run, model } = at;
  const { task, range } = wanted;
  const beside = wanted.beside.filter((one) => one.run !== run || one.model !== model);
  const { configuration, ...own } = await curvesToShow(queries, at, path, wanted, preferred, isMany);
  const found = [
    { run, ...own },
    ...(await Promise.all(
      beside.map(async (source) => {
        const other = await queries.ask<'path'>({ kind: 'path', store, ...source });
        const itsPath = pathOf(other.paths, wanted.scope);
        const any = { ...wanted, configuration: null };
        const its = { store, ...source };
        const curves = await curvesToShow(queries, its, itsPath, any, preferredOf(itsPath), isMany);
        return { run: source.run, ...curves };
      }),
    )),
  ];
  return {
    kind: 'curves',
    run,
    model,
    scope: path?.scope ?? 'joint',
    scopes: paths.map((one) => one.scope),
    configurations: (path?.points ?? []).map((point) => ({
      configuration: point.configuration,
      lambda: point.lambda,
      ...(point.values && { values: point.values }),
    })),
    configuration,
    task,
    range,
    beside,
    curves: found.flatMap((one) => one.curves.map((curve) => ({ ...curve, run: one.run }))),
    distributions: found.flatMap((one) =>
      one.distributions.map((distribution) => ({ ...distribution, run: one.run })),
    ),
  };
}

/** The configuration that the selection chose; before it has, the one that was shown, at first one in the middle of the path. */
export function preferredOf(path: LambdaPath | undefined, shown?: number): number | null {
  if (!path || path.points.length === 0) return null;
  const chosen = path.chosen === null ? undefined : path.points[path.chosen]?.configuration;
  return chosen ?? shown ?? path.points[Math.floor(path.points.length / 2)].configuration;
}

function pathOf(paths: readonly LambdaPath[], wanted: Scope): LambdaPath | undefined {
  return paths.find(({ scope }) => scope === wanted) ?? paths.find(({ scope }) => scope === 'joint');
}

/** Of the configuration that is asked for; else of the preferred one, or where that has none, of the best that has. */
async function curvesToShow(
  queries: Queries,
  at: CurveSource & { readonly store: string },
  path: LambdaPath | undefined,
  wanted: CurvesWanted,
  preferred: number | null,
  isMany: boolean,
): Promise<Found & Pick<CurvesWanted, 'configuration'>> {
  const configuration = wanted.configuration ?? preferred;
  const found = await curvesOf(queries, at, path, { ...wanted, configuration }, isMany);
  const isAsked = wanted.configuration !== null;
  if (isAsked || configuration === null || found.recorded.includes(configuration))
    return { ...found, configuration };
  const other = bestAmong(path, found.recorded);
  if (other === undefined) return { ...found, configuration };
  const curves = await curvesOf(queries, at, path, { ...wanted, configuration: other }, isMany);
  return { ...curves, configuration: other };
}

/** The configuration of the highest score; the first of those that have none yet. */
function bestAmong(path: LambdaPath | undefined, recorded: readonly number[]): number | undefined {
  const known = (path?.points ?? []).filter(({ configuration }) => recorded.includes(configuration));
  const score = ({ mean }: { readonly mean: number | null }) => mean ?? Number.NEGATIVE_INFINITY;
  const [first] = known;
  return known.reduce((best, point) => (score(point) > score(best) ? point : best), first)?.configuration;
}

async function curvesOf(
  queries: Queries,
  at: CurveSource & { readonly store: string },
  path: LambdaPath | undefined,
  { configuration, task, range }: CurvesWanted,
  isMany: boolean,
): Promise<Found> {
  const scope = path?.scope ?? 'joint';
  const zoom = range === null ? {} : { range };
  const { curves, recorded } = await queries.ask<'curves'>({
    kind: 'curves',
    ...at,
    scope,
    ...(configuration !== null && { configuration }),
    ...(task !== null && { task }),
    ...(isMany && { quantities: WHOLE_MODEL }),
    ...zoom,
    maxPoints: MAX_POINTS,
  });
  if (!isMany) return { curves, distributions: [], recorded };
  const distributions = await Promise.all(
    (['taskLoss', 'validationLoss'] as const).map((quantity) =>
      queries.ask<'distribution'>({
        kind: 'distribution',
        ...at,
        scope,
        configuration: configuration ?? 0,
        quantity,
        ...zoom,
        maxPoints: MAX_BAND_POINTS,
      }),
    ),
  );
  return {
    // Alone, each of many tasks has an objective of its own: too many to be looked at together.
    curves: curves.filter((curve) => curve.task === null),
    distributions: distributions.filter(({ steps }) => steps.length > 0),
    recorded,
  };
}

const WHOLE_MODEL: Extract<Query, { kind: 'curves' }>['quantities'] = [
  'objective',
  'penalty',
  'learningRate',
];
