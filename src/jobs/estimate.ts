import {
  type Experiment,
  type FitTrial,
  fitsOf,
  type ModelKey,
  type Plan,
  type RefitTrial,
} from '../core/experiment';
import { completedAttempt, estimateSecondsLeft, type RunStore, readAttempts } from '../store';
import type { Ready } from './launch';

/** How long a run is expected to take, before it begins. */
export interface Estimate {
  readonly seconds: number;
  /** `measured`: from fits of the same data in earlier runs, where there are any of a model; `guessed`: from its size. */
  readonly basis: 'measured' | 'guessed';
  /** CPU seconds of one model, its baselines included. */
  readonly models: Readonly<Record<string, number>>;
}

/** Earlier runs that are looked at, and trials of each. */
const MOST_RUNS = 5;
const MOST_TRIALS = 200;

/** An estimate by what fits of these models took on this data before, else by the size of the data and the learner. */
export function estimateRun(
  plan: Plan,
  { fingerprint, size, tasks }: Pick<Ready, 'fingerprint' | 'size' | 'tasks'>,
  store: RunStore,
  workers: number,
): Estimate {
  const known = earlierRates(store, fingerprint);
  const models: Record<string, number> = {};
  let isMeasured = false;
  const timed = plan.trials.flatMap((trial) => {
    if (trial.kind !== 'fit' && trial.kind !== 'refit') return [];
    const rate = known.get(groupOf(trial));
    isMeasured ||= rate !== undefined;
    const seconds = (rate ?? guessedSeconds(trial, size, tasks.length)) * Math.max(1, fitsOf(trial));
    models[trial.key.model] = (models[trial.key.model] ?? 0) + seconds;
    // A group a trial: its rate is its own.
    return [{ groups: [trial.id], weight: 1, isTraining: true, seconds }];
  });
  const left = estimateSecondsLeft(
    timed.flatMap((trial) => [
      { ...trial, state: 'done' as const },
      { ...trial, state: 'waiting' as const, seconds: 0 },
    ]),
    workers,
  );
  return { seconds: left ?? 0, basis: isMeasured ? 'measured' : 'guessed', models };
}

/** Sweeps whose estimate is beyond their budget, in words; empty: all are within. */
export function overBudget({ sweeps }: Experiment, { models }: Estimate, workers: number): string[] {
  return sweeps.flatMap(({ name, model, budget }) => {
    const expected = (models[model] ?? 0) / Math.max(1, workers);
    if (budget?.seconds === undefined || expected <= budget.seconds) return [];
    return [
      `the sweep ${name} is estimated to take ${Math.ceil(expected)} s, and its budget is ${budget.seconds} s`,
    ];
  });
}

/** Mean seconds of one fit, by what kind of fit it was. */
function earlierRates(store: RunStore, fingerprint: string): Map<string, number> {
  const sums = new Map<string, { seconds: number; fits: number }>();
  let looked = 0;
  for (const run of store.runs().toReversed()) {
    if (looked >= MOST_RUNS) break;
    const folder = store.run(run);
    try {
      if (folder.record().fingerprint !== fingerprint) continue;
      looked++;
      for (const id of folder.trials().slice(0, MOST_TRIALS)) {
        const spec = folder.spec(id);
        if (spec.kind !== 'fit' && spec.kind !== 'refit') continue;
        const seconds = completedAttempt(folder, readAttempts(folder, id), id)?.end?.wallSeconds;
        if (seconds === undefined) continue;
        const sum = sums.get(groupOf(spec)) ?? { seconds: 0, fits: 0 };
        sums.set(groupOf(spec), {
          seconds: sum.seconds + seconds,
          fits: sum.fits + Math.max(1, fitsOf(spec)),
        });
      }
    } catch {
      // A run that cannot be read says nothing.
    }
  }
  return new Map([...sums].map(([group, { seconds, fits }]) => [group, seconds / fits]));
}

function groupOf(trial: FitTrial | RefitTrial): string {
  const key: ModelKey = trial.key;
  return JSON.stringify([trial.kind, trial.learner, key.model, key.scope]);
}

/** Seconds of one fit on a machine of today, within a factor of a few: enough to tell a minute from an hour. */
function guessedSeconds(
  trial: FitTrial | RefitTrial,
  { rows, features }: Ready['size'],
  taskCount: number,
): number {
  const parameters = trial.configurations[0][0]?.parameters ?? {};
  const number = (name: string, standard: number): number => {
    const value = parameters[name];
    return typeof value === 'number' ? value : standard;
  };
  const tasks = trial.key.scope === 'joint' ? taskCount : 1;
  const cells = rows * features;
  switch (trial.learner) {
    case 'linear':
      return 1e-3 + 2e-8 * cells * Math.sqrt(tasks);
    case 'forest':
    case 'extra-trees':
      return 2e-3 + 1.5e-8 * number('trees', 100) * rows * Math.sqrt(features) * Math.log2(rows + 2);
    case 'boosting':
      return 2e-3 + 3e-9 * number('rounds', 100) * cells;
    case 'neural':
      return 5e-3 + 2e-7 * number('epochs', 100) * 0.2 * rows * Math.sqrt(features + tasks);
    default:
      return 1e-4;
  }
}
