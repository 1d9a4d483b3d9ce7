import { type HostMessage, MANY_TASKS, type Scope, type StepRange } from '../../protocol/panel';
import type { LambdaPath, Query, RunDetail } from '../../protocol/queries';
import type { Queries } from '../query-client';

/** What of a model's curves is looked at. */
export interface CurvesWanted {
  /** Null: the chosen one, or one in the middle of the path. */
  readonly configuration: number | null;
  readonly scope: Scope;
  readonly task: string | null;
  readonly range: StepRange | null;
}

export const EVERYTHING: CurvesWanted = { configuration: null, scope: 'joint', task: null, range: null };

/** Points of a curve that is sent; a chart is no wider. */
const MAX_POINTS = 800;
/** Of the spread of many: a band needs no more. */
const MAX_BAND_POINTS = 800;

type Curves = Extract<HostMessage, { kind: 'curves' }>;

/** The curves that are looked at; of many tasks their distribution, and of them all only what is of the whole model. */
export async function askCurves(
  queries: Queries,
  detail: RunDetail,
  at: { readonly store: string; readonly run: string; readonly model: string },
  paths: readonly LambdaPath[],
  { configuration, scope: wantedScope, task, range }: CurvesWanted,
): Promise<Curves> {
  const path =
    paths.find(({ scope }) => scope === wantedScope) ?? paths.find(({ scope }) => scope === 'joint');
  const scope = path?.scope ?? 'joint';
  const isMany = detail.tasks.length > MANY_TASKS && task === null;
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
  const distributions = isMany
    ? await Promise.all(
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
      )
    : [];
  return {
    kind: 'curves',
    run: at.run,
    model: at.model,
    scope,
    scopes: paths.map((one) => one.scope),
    configurations: (path?.points ?? []).map((point) => ({
      configuration: point.configuration,
      lambda: point.lambda,
    })),
    configuration,
    task,
    range,
    // Alone, each of many tasks has an objective of its own: too many to be looked at together.
    curves: isMany ? curves.filter((curve) => curve.task === null) : curves,
    distributions: distributions.filter(({ steps }) => steps.length > 0),
  };
}

const WHOLE_MODEL: Extract<Query, { kind: 'curves' }>['quantities'] = [
  'objective',
  'penalty',
  'learningRate',
];
