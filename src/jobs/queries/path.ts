import * as z from 'zod';
import { meanSkill, spreadOf } from '../../core/evaluate';
import type { LambdaPath } from '../../protocol/curves';
import type { StoreIndex } from '../../store';
import { selectionResult } from '../results';
import type { RunFacts, TrialFact } from './facts';
import { commonLambda, type FoldScore, FoldScores } from './fold-scores';
import { isInOuterLoop } from './outer-loop';
import { scalars } from './trials';

type Point = LambdaPath['points'][number];

/** Score against λ of one model in each of its scopes, from the folds that are done. */
export function pathsOf(index: StoreIndex, facts: RunFacts, model: string): LambdaPath[] {
  const scopes = new Set(
    facts.trials.filter(({ name, kind }) => name === model && kind === 'fit').map(({ scope }) => scope),
  );
  return (['joint', 'single-task', 'pooled'] as const)
    .filter((scope) => scopes.has(scope))
    .map((scope) => pathOf(index, facts, model, scope));
}

function pathOf(index: StoreIndex, facts: RunFacts, model: string, scope: LambdaPath['scope']): LambdaPath {
  const { record, trials } = facts;
  const run = index.store.run(record.run);
  const own = trials.filter(
    (trial) => trial.name === model && trial.scope === scope && !isInOuterLoop(run, trial),
  );
  const fits = own.filter(({ kind }) => kind === 'fit');
  const done = fits.filter(({ state }) => state === 'completed');
  const scores = new FoldScores(index, facts);
  const active = activeFeatures(index, record.run, done, scores);
  const begun = new Map<number, FoldScore[]>();
  for (const fit of fits) {
    for (const one of scores.of(fit)) {
      const known = begun.get(one.configuration);
      if (known) known.push(one);
      else begun.set(one.configuration, [one]);
    }
  }
  const swept = sweptNames([...begun.values()].map(([one]) => one));
  const unordered = [...begun].map(([configuration, folds]): Point => {
    const [{ lambdas, parameters }] = folds;
    const scored = folds.filter((fold) => fold.scores.some((value) => value !== null));
    const values = scalars(Object.fromEntries(swept.map((name) => [name, parameters[name] ?? null])));
    return {
      configuration,
      lambda: commonLambda(lambdas),
      ...(swept.length > 0 && { values }),
      ...spreadOf(scored.map(({ skills }) => meanSkill(skills))),
      tasks: record.tasks.map(({ id, primary }, t) => ({
        task: id,
        metric: primary,
        lambda: lambdas.length === 1 ? lambdas[0] : (lambdas[t] ?? null),
        ...spreadOf(scored.flatMap((fold) => fold.scores[t] ?? [])),
      })),
      activeFeatures: active.get(configuration) ?? null,
    };
  });
  const points = unordered.sort(
    (a, b) => (b.lambda ?? 0) - (a.lambda ?? 0) || a.configuration - b.configuration,
  );
  return {
    model,
    scope,
    folds: { done: done.length, total: fits.length },
    points,
    ...(scope === 'joint' && coefficientsOf(index, record.run, fits)),
    ...choices(index, record.run, own, points),
  };
}

/** Indices into `points` of what the last selection chose; null while there is none, and where every task chose its own. */
function choices(
  index: StoreIndex,
  run: string,
  own: readonly TrialFact[],
  points: readonly Point[],
): Pick<LambdaPath, 'chosen' | 'best' | 'oneStandardError' | 'chosenByTask'> {
  const none = { chosen: null, best: null, oneStandardError: null, chosenByTask: null };
  const select = own.findLast(({ kind, state }) => kind === 'select' && state === 'completed');
  if (select === undefined) return none;
  const row = index.get(
    'SELECT result FROM results WHERE run = ? AND trial = ? AND attempt = ?',
    run,
    select.trial,
    select.attempt,
  );
  const selection = selectionResult.safeParse(row && JSON.parse(String(row.result)));
  if (!selection.success) return none;
  const place = (configuration: number) => points.findIndex((point) => point.configuration === configuration);
  const one = (list: readonly number[]) => (new Set(list).size === 1 ? place(list[0]) : null);
  const { chosen, best, oneStandardError } = selection.data;
  return {
    chosen: one(chosen),
    best: one(best),
    oneStandardError: one(oneStandardError),
    chosenByTask: chosen.length > 1 ? chosen.map(place) : null,
  };
}

/** Features whose weights are drawn. */
const MOST_DRAWN = 20;

const fittedBody = z.object({
  lambda: z.number().nullable(),
  totalFeatures: z.int().optional(),
  strength: z.record(z.string(), z.number()).optional(),
});

/** How the weights of features grow along the path of the fold that kept them; nothing where none did. */
function coefficientsOf(
  index: StoreIndex,
  run: string,
  fits: readonly TrialFact[],
): Pick<LambdaPath, 'coefficients'> {
  const first = fits.filter(({ fold }) => fold === 0);
  const fitted = first.flatMap(({ trial, attempt }) =>
    index
      .all(
        'SELECT body FROM fitted WHERE run = ? AND trial = ? AND attempt = ? ORDER BY seq',
        run,
        trial,
        attempt,
      )
      .flatMap(({ body }) => {
        const { lambda, strength, totalFeatures = 0 } = fittedBody.parse(JSON.parse(String(body)));
        return lambda === null || strength === undefined ? [] : [{ lambda, strength, totalFeatures }];
      }),
  );
  if (fitted.length < 2) return {};
  fitted.sort((a, b) => b.lambda - a.lambda);
  const largest = new Map<string, number>();
  for (const { strength } of fitted) {
    for (const [name, value] of Object.entries(strength))
      largest.set(name, Math.max(largest.get(name) ?? 0, value));
  }
  const features = [...largest]
    .sort(([, a], [, b]) => b - a)
    .slice(0, MOST_DRAWN)
    .map(([name]) => name);
  return {
    coefficients: {
      features,
      total: Math.max(largest.size, ...fitted.map(({ totalFeatures }) => totalFeatures)),
      lambdas: fitted.map(({ lambda }) => lambda),
      strengths: features.map((name) => fitted.map(({ strength }) => strength[name] ?? 0)),
    },
  };
}

/** Hyperparameters that differ between configurations. */
function sweptNames(configurations: readonly FoldScore[]): readonly string[] {
  const names = new Set(configurations.flatMap(({ parameters }) => Object.keys(parameters)));
  return [...names].filter((name) => {
    const values = new Set(configurations.map(({ parameters }) => JSON.stringify(parameters[name])));
    return values.size > 1;
  });
}

/** Mean over folds of the number of features in use, of models of all tasks, by the configuration's number. */
function activeFeatures(
  index: StoreIndex,
  run: string,
  fits: readonly TrialFact[],
  scores: FoldScores,
): ReadonlyMap<number, number> {
  const sums = new Map<number, { sum: number; count: number }>();
  for (const fit of fits) {
    const numbers = new Map(scores.of(fit).map(({ place, configuration }) => [place, configuration]));
    const rows = index.all(
      'SELECT configuration, active FROM fitted WHERE run = ? AND trial = ? AND attempt = ? AND active IS NOT NULL AND task IS NULL',
      run,
      fit.trial,
      fit.attempt,
    );
    for (const { configuration, active } of rows) {
      const number = numbers.get(Number(configuration)) ?? Number(configuration);
      const { sum, count } = sums.get(number) ?? { sum: 0, count: 0 };
      sums.set(number, { sum: sum + Number(active), count: count + 1 });
    }
  }
  return new Map([...sums].map(([configuration, { sum, count }]) => [configuration, sum / count]));
}
