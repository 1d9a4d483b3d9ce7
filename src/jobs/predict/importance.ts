import { resolve } from 'node:path';
import { gainShares, meanOverTasks, permutationImportance } from '../../core/learner';
import { RunStore } from '../../store';
import { JobError } from '../contract';
import { loadRunData } from '../run-data';
import { bestModel, ownRows, predictorNamed, refitNamed } from './predict';
import { modelParts } from './predictors';

export interface ImportanceOptions {
  /** Absolute path of the `.taskweave` folder. */
  readonly store: string;
  readonly run: string;
  /** Name of a row of the leaderboard; absent: the model or ensemble with the best validation. */
  readonly model?: string;
  /** Shuffles of each feature (default 5); 0: gains alone. */
  readonly repeats?: number;
}

/** What predictions owe to one feature, by task in the order of `FeatureImportance.tasks`; null where it is not defined. */
export interface FeatureRow {
  readonly feature: string;
  /** Mean of the permutation importances, weighted by the tasks' weights. */
  readonly jointly: number | null;
  /** What a task's R² (classes: 1 − Brier score / Gini impurity) loses when the feature is shuffled, and how it varies. */
  readonly permutation: readonly (number | null)[];
  readonly deviation: readonly (number | null)[];
  /** Models of trees: what the feature's splits gained for the task in training, a share of what all splits did; they sum to 1. */
  readonly gain?: readonly (number | null)[];
  /** Mean of these, weighted by the tasks' weights; they sum to 1 too. */
  readonly jointGain?: number | null;
}

export interface FeatureImportance {
  readonly model: string;
  readonly tasks: readonly string[];
  /** Rows that the features were shuffled in. */
  readonly measuredOn: 'test rows' | 'training rows';
  readonly rows: number;
  /** The most important first. */
  readonly features: readonly FeatureRow[];
  /** Forests with bootstrap: loss of each task by the trees that left a row out. */
  readonly outOfBagLosses?: readonly (number | null)[];
}

/**
 * How much the predictions of a model or an ensemble owe to each feature, per task and jointly: on the test rows, else (a run
 * without a test split) on the training rows.
 *
 * @throws JobError `no-model`, `data-changed`
 */
export async function featureImportance(options: ImportanceOptions): Promise<FeatureImportance> {
  const store = RunStore.open(resolve(options.store));
  const run = store.run(options.run);
  const trials = run.plans().flatMap((plan) => plan.trials);
  const name = options.model ?? bestModel(run, trials);
  const data = await loadRunData(run.record(), store);
  const { table } = data;
  const { tasks, rowTask } = table;
  const problem = data.problem(table.trainRows);
  const predict = predictorNamed(run, trials, tasks, name, (predictions, rows) =>
    rowTask ? predictions.map((one, t) => ownRows(one, rows, rowTask, t)) : predictions,
  );
  const hasTest = table.testRows.length > 0;
  const rows = hasTest ? table.testRows : table.trainRows;
  const repeats = options.repeats ?? 5;
  const measured = repeats > 0 ? permutationImportance({ predict }, problem, rows, { repeats }) : undefined;
  const columns = problem.features.map((column) => table.dataset.columns[column].name);
  const refit = refitNamed(trials, name);
  const learned = refit
    ? learnedGains(
        modelParts(run, refit),
        columns,
        tasks.map(({ id }) => id),
      )
    : undefined;
  if (measured === undefined && learned?.gains === undefined) {
    throw new JobError('no-model', `${name} is not a model of trees: it has no gains. Ask for shuffles.`);
  }
  const width = tasks.length;
  const own = (values: Float64Array | undefined, f: number) =>
    Array.from({ length: width }, (_, t) => number(values?.[f * width + t]));
  const jointGains = learned?.gains && meanOverTasks(learned.gains, tasks);
  const features = columns.map((feature, f): FeatureRow => {
    return {
      feature,
      jointly: number(measured?.jointly[f]),
      permutation: own(measured?.byTask, f),
      deviation: own(measured?.deviation, f),
      ...(learned?.gains && { gain: own(learned.gains, f), jointGain: number(jointGains?.[f]) }),
    };
  });
  const weight = ({ jointly, jointGain }: FeatureRow) => jointly ?? jointGain ?? 0;
  return {
    model: name,
    tasks: tasks.map(({ id }) => id),
    measuredOn: hasTest ? 'test rows' : 'training rows',
    rows: rows.length,
    features: features.sort((a, b) => weight(b) - weight(a)),
    ...(learned?.outOfBagLosses && { outOfBagLosses: learned.outOfBagLosses }),
  };
}

function number(value: number | undefined): number | null {
  return value === undefined || Number.isNaN(value) ? null : value;
}

/** Shares of the gains (features × tasks) of a saved model whose parts are trees, each for the tasks that it serves. */
function learnedGains(
  parts: ReturnType<typeof modelParts>,
  columns: readonly string[],
  tasks: readonly string[],
): { readonly gains?: Float64Array; readonly outOfBagLosses?: readonly (number | null)[] } {
  if (parts.some(({ model }) => model.gains === undefined)) return {};
  const gains = new Float64Array(columns.length * tasks.length);
  const losses = tasks.map((): number | null => null);
  for (const { tasks: served, model } of parts) {
    const { features, byTask, outOfBagLosses } = model.gains ?? { features: [], byTask: new Float64Array(0) };
    const width = features.length > 0 ? byTask.length / features.length : 0;
    for (const id of served) {
      const t = tasks.indexOf(id);
      const own = width === 1 ? 0 : t;
      features.forEach((feature, f) => {
        gains[columns.indexOf(feature) * tasks.length + t] = byTask[f * width + own];
      });
      losses[t] = outOfBagLosses?.[own] ?? null;
    }
  }
  const known = losses.some((loss) => loss !== null);
  return { gains: gainShares(gains, tasks.length), ...(known && { outOfBagLosses: losses }) };
}
