import { meanSkill, skill } from '../../core/evaluate';
import { CONSTANT_MODEL } from '../../core/experiment';
import type { LambdaPath } from '../../protocol/queries';
import type { StoreIndex } from '../../store';
import { selectionResult } from '../results';
import type { RunFacts, TrialFact } from './facts';

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
  const own = trials.filter((trial) => trial.name === model && trial.scope === scope);
  const fits = own.filter(({ kind }) => kind === 'fit');
  const done = fits.filter(({ state }) => state === 'completed');
  const lambdas = lambdasOf(index, record.run, fits);
  const folds = done.map((fit) => foldOf(index, facts, fit));
  const active = activeFeatures(index, record.run, done);
  const unordered = lambdas.map((list, configuration): Point => {
    const means = folds.flatMap(({ skills }) =>
      skills[configuration] ? [meanSkill(skills[configuration])] : [],
    );
    return {
      configuration,
      lambda: commonLambda(list),
      ...spread(means),
      tasks: record.tasks.map(({ id, primary }, t) => ({
        task: id,
        metric: primary,
        lambda: list.length === 1 ? list[0] : (list[t] ?? null),
        ...spread(folds.flatMap(({ scores }) => scores[configuration]?.[t] ?? [])),
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
    ...choices(index, record.run, own, points),
  };
}

/** Indices into `points` of what the selection chose; null while there is none, and where every task chose its own. */
function choices(
  index: StoreIndex,
  run: string,
  own: readonly TrialFact[],
  points: readonly Point[],
): Pick<LambdaPath, 'chosen' | 'best' | 'oneStandardError' | 'chosenByTask'> {
  const none = { chosen: null, best: null, oneStandardError: null, chosenByTask: null };
  const select = own.find(({ kind, state }) => kind === 'select' && state === 'completed');
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

interface FoldScores {
  /** scores[configuration][task] in the tasks' primary metrics, null where undefined. */
  readonly scores: readonly (readonly (number | null)[])[];
  /** The same as skill, measured against the run's own mean/majority fit of the fold. */
  readonly skills: readonly (readonly (number | null)[])[];
}

function foldOf(index: StoreIndex, { record, trials }: RunFacts, fit: TrialFact): FoldScores {
  const constant = trials.find(
    (one) =>
      one.name === CONSTANT_MODEL && one.kind === 'fit' && one.fold === fit.fold && one.state === 'completed',
  );
  const reference = constant ? scoresOf(index, record, constant)[0] : undefined;
  const scores = scoresOf(index, record, fit);
  const skills = scores.map((row) =>
    record.tasks.map((task, t) => skill(task, row?.[t] ?? null, reference?.[t] ?? null)),
  );
  return { scores, skills };
}

/** scores[configuration][task] in the tasks' primary metrics. */
function scoresOf(
  index: StoreIndex,
  { run, tasks }: RunFacts['record'],
  fit: TrialFact,
): (number | null)[][] {
  const rows = index.all(
    `SELECT configuration, task, metrics FROM scores WHERE run = ? AND trial = ? AND attempt = ? AND split = 'validation'`,
    run,
    fit.trial,
    fit.attempt,
  );
  const scores: (number | null)[][] = [];
  for (const { configuration, task, metrics } of rows) {
    const values: unknown = JSON.parse(String(metrics));
    const primary = tasks[Number(task)]?.primary;
    const value =
      typeof values === 'object' && values !== null && primary ? Reflect.get(values, primary) : null;
    scores[Number(configuration)] ??= new Array<number | null>(tasks.length).fill(null);
    scores[Number(configuration)][Number(task)] = typeof value === 'number' ? value : null;
  }
  return scores;
}

/** λ of each configuration: one, or one a task. */
function lambdasOf(index: StoreIndex, run: string, fits: readonly TrialFact[]): (number | null)[][] {
  for (const { trial, attempt } of fits) {
    if (attempt === null) continue;
    const spec = index.store.run(run).spec(trial);
    if (spec.kind !== 'fit') continue;
    return spec.configurations[0].map((_, c) => spec.configurations.map((list) => list[c]?.lambda ?? null));
  }
  return [];
}

/** Where every task has its own λ: their geometric mean, so that the path keeps one axis. */
function commonLambda(list: readonly (number | null)[]): number | null {
  const values = list.filter((lambda) => lambda !== null);
  if (values.length === 0) return null;
  if (values.every((lambda) => lambda === values[0])) return values[0];
  return Math.exp(values.reduce((sum, lambda) => sum + Math.log(lambda), 0) / values.length);
}

/** Mean over folds of the number of features in use, of models of all tasks. */
function activeFeatures(
  index: StoreIndex,
  run: string,
  fits: readonly TrialFact[],
): ReadonlyMap<number, number> {
  const sums = new Map<number, { sum: number; count: number }>();
  for (const { trial, attempt } of fits) {
    const rows = index.all(
      'SELECT configuration, active FROM fitted WHERE run = ? AND trial = ? AND attempt = ? AND active IS NOT NULL AND task IS NULL',
      run,
      trial,
      attempt,
    );
    for (const { configuration, active } of rows) {
      const { sum, count } = sums.get(Number(configuration)) ?? { sum: 0, count: 0 };
      sums.set(Number(configuration), { sum: sum + Number(active), count: count + 1 });
    }
  }
  return new Map([...sums].map(([configuration, { sum, count }]) => [configuration, sum / count]));
}

function spread(values: readonly number[]): { mean: number | null; standardError: number | null } {
  if (values.length === 0) return { mean: null, standardError: null };
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  if (values.length < 2) return { mean, standardError: null };
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, standardError: Math.sqrt(squares / (values.length - 1) / values.length) };
}
