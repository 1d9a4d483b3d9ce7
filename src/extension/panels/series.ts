import type { Curve, Distribution, LambdaPath } from '../../protocol/curves';
import type { CurveSource, CurvesPart, Scope, StepRange } from '../../protocol/panel';
import type { Query } from '../../protocol/queries';
import type { RunDetail } from '../../protocol/runs';
import { MANY_TASKS } from '../../protocol/words';
import type { Queries } from '../query-client';

/** What of a model's curves is looked at. */
export interface CurvesWanted {
  /** Null: the chosen one, or one in the middle of the path. */
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
}

/** The curves that are looked at; of many tasks their distribution, and of them all only what is of the whole model. */
export async function askCurves(
  queries: Queries,
  detail: RunDetail,
  at: CurveSource & { readonly store: string },
  paths: readonly LambdaPath[],
  wanted: CurvesWanted,
): Promise<Omit<CurvesPart, 'generation'>> {
  const path = pathOf(paths, wanted.scope);
  const isMany = detail.tasks.length > MANY_TASKS && wanted.task === null;
  const { store, run, model } = at;
  const { configuration, task, range } = wanted;
  const beside = wanted.beside.filter((one) => one.run !== run || one.model !== model);
  const found = [
    { run, ...(await curvesOf(queries, at, path, wanted, isMany)) },
    ...(await Promise.all(
      beside.map(async (source) => {
        const other = await queries.ask<'path'>({ kind: 'path', store, ...source });
        const own = pathOf(other.paths, wanted.scope);
        const chosen = { ...wanted, configuration: chosenOf(own)?.configuration ?? null };
        const curves = await curvesOf(queries, { store, ...source }, own, chosen, isMany);
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

/** The configuration that the selection chose; before it has, one in the middle of the path. */
export function chosenOf(
  path: LambdaPath | undefined,
): { readonly configuration: number; readonly isChosen: boolean } | null {
  if (!path || path.points.length === 0) return null;
  const chosen = path.chosen === null ? undefined : path.points[path.chosen]?.configuration;
  const middle = path.points[Math.floor(path.points.length / 2)].configuration;
  return { configuration: chosen ?? middle, isChosen: chosen !== undefined };
}

function pathOf(paths: readonly LambdaPath[], wanted: Scope): LambdaPath | undefined {
  return paths.find(({ scope }) => scope === wanted) ?? paths.find(({ scope }) => scope === 'joint');
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
  const { curves } = await queries.ask<'curves'>({
    kind: 'curves',
    ...at,
    scope,
    ...(configuration !== null && { configuration }),
    ...(task !== null && { task }),
    ...(isMany && { quantities: WHOLE_MODEL }),
    ...zoom,
    maxPoints: MAX_POINTS,
  });
  if (!isMany) return { curves, distributions: [] };
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
  };
}

const WHOLE_MODEL: Extract<Query, { kind: 'curves' }>['quantities'] = [
  'objective',
  'penalty',
  'learningRate',
];
