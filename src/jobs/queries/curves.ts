import type { Curve, Query } from '../../protocol/queries';
import type { StoreIndex } from '../../store';
import type { RunFacts, TrialFact } from './facts';
import { thinIndices } from './thin';

type CurvesQuery = Extract<Query, { kind: 'curves' }>;
type Quantity = Curve['quantity'];

interface Series {
  readonly configuration: number;
  readonly task: string | null;
  readonly quantity: Quantity;
  readonly steps: number[];
  readonly values: number[];
}

/** The recorded curves of a run's fits and refits: of each trial the attempt that counts. */
export function curvesOf(index: StoreIndex, facts: RunFacts, query: CurvesQuery): Curve[] {
  return facts.trials
    .filter((trial) => trial.kind === 'fit' || trial.kind === 'refit')
    .filter(({ name, scope }) => (query.model ?? name) === name && (query.scope ?? scope) === scope)
    .flatMap((trial) => trialCurves(index, facts, trial, query));
}

function trialCurves(
  index: StoreIndex,
  { record }: RunFacts,
  trial: TrialFact,
  { maxPoints, configuration: only }: CurvesQuery,
): Curve[] {
  if (trial.attempt === null) return [];
  const tasks = record.tasks.map(({ id }) => id);
  const lambdas = lambdasOf(index, record.run, trial);
  const series = new Map<string, Series>();
  const rows = index.all(
    `SELECT configuration, task, step, objective, penalty, rate, losses, validation FROM steps
     WHERE run = ?1 AND trial = ?2 AND attempt = ?3 AND configuration = COALESCE(?4, configuration) ORDER BY seq`,
    record.run,
    trial.trial,
    trial.attempt,
    only ?? null,
  );
  for (const row of rows) {
    const configuration = Number(row.configuration);
    const own = row.task === null ? null : Number(row.task);
    const add = (quantity: Quantity, task: string | null, value: unknown) => {
      const key = `${configuration} ${quantity} ${task ?? ''}`;
      let one = series.get(key);
      if (one === undefined) {
        one = { configuration, task, quantity, steps: [], values: [] };
        series.set(key, one);
      }
      one.steps.push(Number(row.step));
      one.values.push(typeof value === 'number' ? value : Number.NaN);
    };
    const whole = own === null ? null : (tasks[own] ?? null);
    if (row.objective !== null) add('objective', whole, row.objective);
    if (row.penalty !== null) add('penalty', whole, row.penalty);
    if (row.rate !== null) add('learningRate', whole, row.rate);
    for (const [quantity, text] of [
      ['taskLoss', row.losses],
      ['validationLoss', row.validation],
    ] as const) {
      listOf(text).forEach((value, t) => {
        add(quantity, tasks[own ?? t] ?? null, value);
      });
    }
  }
  return [...series.values()].map((one) => thinned(one, trial, lambdas, maxPoints));
}

function thinned(
  { configuration, task, quantity, steps, values }: Series,
  { trial, name, scope, fold }: TrialFact,
  lambdas: ReadonlyMap<string, number | null>,
  maxPoints: number,
): Curve {
  const kept = thinIndices(Float64Array.from(values), maxPoints);
  return {
    model: name ?? '',
    scope: scope === 'single-task' || scope === 'pooled' ? scope : 'joint',
    trial,
    fold,
    configuration,
    lambda: lambdas.get(`${configuration} ${scope === 'single-task' ? task : ''}`) ?? null,
    task,
    quantity,
    steps: Array.from(kept, (i) => steps[i]),
    values: Array.from(kept, (i) => (Number.isNaN(values[i]) ? null : values[i])),
    total: steps.length,
  };
}

/** λ of each configuration, from the trial's own spec: a curve begins before its fit is done. */
function lambdasOf(index: StoreIndex, run: string, { trial }: TrialFact): ReadonlyMap<string, number | null> {
  const spec = index.store.run(run).spec(trial);
  if (spec.kind !== 'fit' && spec.kind !== 'refit') return new Map();
  const tasks = index.store.run(run).record().tasks;
  return new Map(
    spec.configurations.flatMap((list, t) =>
      list.map(({ lambda }, c) => {
        const task = spec.key.scope === 'single-task' ? (tasks[t]?.id ?? '') : '';
        return [`${c} ${task}`, lambda ?? null] as const;
      }),
    ),
  );
}

function listOf(text: unknown): readonly unknown[] {
  const value: unknown = typeof text === 'string' ? JSON.parse(text) : [];
  return Array.isArray(value) ? value : [];
}
