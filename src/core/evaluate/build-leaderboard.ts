import type { Task } from '../dataset/problem';
import { CONSTANT_MODEL, type ModelKey } from '../experiment/trial';
import type { TaskPredictions } from '../learner/learner';
import { type Comparison, compareWithBaseline } from './compare';
import { EvaluationError } from './error';
import { gather } from './labelled-rows';
import type { Difference, Leaderboard, LeaderboardRow, Scores } from './leaderboard';
import { primaryMetric } from './metric';
import { Resamples } from './resamples';
import { scoreTask } from './score';
import { meanSkill, skill } from './skill';
import { judge } from './verdict';

/** One model or ensemble with its predictions; everything but those goes to its row unchanged. */
export interface LeaderboardEntry {
  readonly name: string;
  readonly role: LeaderboardRow['role'];
  /** Name of the entry this one is the baseline of. */
  readonly baselineOf?: string;
  readonly key?: ModelKey;
  readonly learner: string;
  readonly lambda: LeaderboardRow['lambda'];
  /** Out-of-fold predictions, one a task, over `trainRows`; NaN where a row was never held out. */
  readonly validation: readonly TaskPredictions[];
  /** One a task, over `testRows`; absent where there is no test split. */
  readonly test?: readonly TaskPredictions[];
  /** λ, or the weights of an ensemble, were chosen by the very labels the validation score uses. */
  readonly selectedOnThis: boolean;
  readonly cpuSeconds: number;
  readonly warnings: readonly string[];
  /** Ensembles: names of the members, and weights[task][member]. */
  readonly members?: readonly string[];
  readonly weights?: readonly (readonly number[])[];
}

export interface LeaderboardInput {
  readonly tasks: readonly Task[];
  /** Per task: value or class code of every row of the table, NaN where unlabelled. */
  readonly labels: readonly Float64Array[];
  /** Per row of the table. */
  readonly sampleWeight?: Float64Array;
  /** Group of every row of the table: rows of one group are drawn together. */
  readonly groups?: Int32Array;
  readonly trainRows: Int32Array;
  /** Empty where the experiment has no test split. */
  readonly testRows: Int32Array;
  /** One of them the mean/majority predictor (`key.model` CONSTANT_MODEL), which skill is measured against. */
  readonly entries: readonly LeaderboardEntry[];
  readonly seed: number;
}

/** Labels and weights of one split, in the order of its rows. */
interface Split {
  readonly rows: number;
  readonly labels: readonly Float64Array[];
  readonly weights?: Float64Array;
  readonly groups?: Int32Array;
}

/**
 * Scores every entry on the test split (out-of-fold where there is none) and out-of-fold, measures skill against the
 * mean/majority predictor, and compares every model and ensemble with its single-task baseline.
 *
 * A task that the constant can be scored on but an entry cannot (it predicted nothing) counts as skill 0 in the entry's
 * mean, with a warning: failing on a hard task must not raise a mean.
 *
 * @throws EvaluationError `no-constant`, `unknown-baseline`, `shape`, `class-code`
 */
export function buildLeaderboard(input: LeaderboardInput): Leaderboard {
  const constant = constantEntry(input.entries);
  checkBaselines(input.entries);
  const scored = input.testRows.length > 0 ? 'test' : 'validation';
  const validation = splitOf(input, input.trainRows);
  const shown = scored === 'test' ? splitOf(input, input.testRows) : validation;
  const shownPredictions = (entry: LeaderboardEntry) => predictionsOn(entry, scored);
  const validationReference = scoreSplit(input.tasks, validation, constant.validation);
  const shownReference = scoreSplit(input.tasks, shown, shownPredictions(constant));
  const resamples = new Resamples(input.seed);
  const rows = input.entries.map((entry): LeaderboardRow => {
    const validationScores = scoreSplit(input.tasks, validation, entry.validation);
    const scores =
      scored === 'test' ? scoreSplit(input.tasks, shown, shownPredictions(entry)) : validationScores;
    const baseline = singleTaskBaseline(input.entries, entry);
    const differences =
      baseline &&
      differencesOnSplit(input.tasks, shown, shownPredictions(entry), shownPredictions(baseline), resamples);
    return {
      name: entry.name,
      role: entry.role,
      ...(entry.baselineOf !== undefined && { baselineOf: entry.baselineOf }),
      ...(entry.key && { key: entry.key }),
      learner: entry.learner,
      lambda: entry.lambda,
      scores: byTask(input.tasks, scores),
      mean: meanSkillOf(input.tasks, scores, shownReference),
      validation: {
        scores: byTask(input.tasks, validationScores),
        mean: meanSkillOf(input.tasks, validationScores, validationReference),
        selectedOnThis: entry.selectedOnThis,
      },
      cpuSeconds: entry.cpuSeconds,
      negativeTransfer: negativeTransfer(input.tasks, differences),
      ...(differences && { differences }),
      ...(entry.members && { members: entry.members }),
      ...(entry.weights && { weights: byTask(input.tasks, entry.weights) }),
      warnings: [...entry.warnings, ...unscoredWarnings(input.tasks, scores, shownReference)],
    };
  });
  return {
    split: scored,
    tasks: input.tasks.map((task, t) => ({
      id: task.id,
      type: task.type,
      primary: primaryMetric(task.type),
      labelled: labelledIn(input.labels[t], input.trainRows),
      labelledTest: labelledIn(input.labels[t], input.testRows),
    })),
    rows: rows.sort((a, b) => b.mean - a.mean),
  };
}

function constantEntry(entries: readonly LeaderboardEntry[]): LeaderboardEntry {
  const constant = entries.find((entry) => entry.key?.model === CONSTANT_MODEL);
  if (constant) return constant;
  throw new EvaluationError(
    'no-constant',
    'The leaderboard has no mean/majority predictor; every run must have one, as skill is measured against it.',
  );
}

function checkBaselines(entries: readonly LeaderboardEntry[]): void {
  const names = new Set(entries.map(({ name }) => name));
  for (const { name, baselineOf } of entries) {
    if (baselineOf === undefined || names.has(baselineOf)) continue;
    throw new EvaluationError(
      'unknown-baseline',
      `"${name}" is the baseline of "${baselineOf}", which is not on the leaderboard.`,
    );
  }
}

/** The entry's single-task twin (an ensemble's: the same combiner over twins); never the pooled model. */
function singleTaskBaseline(
  entries: readonly LeaderboardEntry[],
  entry: LeaderboardEntry,
): LeaderboardEntry | undefined {
  if (entry.role === 'baseline') return undefined;
  return entries.find(({ baselineOf, key }) => baselineOf === entry.name && key?.scope !== 'pooled');
}

function predictionsOn(entry: LeaderboardEntry, split: Leaderboard['split']): readonly TaskPredictions[] {
  if (split === 'validation') return entry.validation;
  if (entry.test) return entry.test;
  throw new EvaluationError('shape', `"${entry.name}" has no predictions for the test split.`);
}

function splitOf(input: LeaderboardInput, rows: Int32Array): Split {
  return {
    rows: rows.length,
    labels: input.labels.map((labels) => gather(labels, rows)),
    weights: input.sampleWeight && gather(input.sampleWeight, rows),
    groups: input.groups && gatherGroups(input.groups, rows),
  };
}

function gatherGroups(groups: Int32Array, rows: Int32Array): Int32Array {
  return rows.map((row) => groups[row]);
}

function scoreSplit(
  tasks: readonly Task[],
  split: Split,
  predictions: readonly TaskPredictions[],
): readonly Scores[] {
  if (predictions.length !== tasks.length) {
    throw new EvaluationError(
      'shape',
      `There are ${tasks.length} tasks, but predictions of ${predictions.length}.`,
    );
  }
  return tasks.map((task, t) => scoreTask(task, split.labels[t], predictions[t], split.weights));
}

function meanSkillOf(
  tasks: readonly Task[],
  scores: readonly Scores[],
  reference: readonly Scores[],
): number {
  return meanSkill(
    tasks.map((task, t) => {
      const constant = primaryScore(task, reference[t]);
      const defined = skill(task, primaryScore(task, scores[t]), constant);
      return defined ?? (constant === null ? null : 0);
    }),
  );
}

function unscoredWarnings(
  tasks: readonly Task[],
  scores: readonly Scores[],
  reference: readonly Scores[],
): string[] {
  return tasks
    .filter((task, t) => primaryScore(task, scores[t]) === null && primaryScore(task, reference[t]) !== null)
    .map(({ id }) => `No usable predictions for task "${id}": counted as no better than mean/majority.`);
}

function primaryScore(task: Task, scores: Scores): number | null {
  return scores[primaryMetric(task.type)];
}

function differencesOnSplit(
  tasks: readonly Task[],
  split: Split,
  model: readonly TaskPredictions[],
  baseline: readonly TaskPredictions[],
  resamples: Resamples,
): Readonly<Record<string, Difference>> {
  const compared: { readonly id: string; readonly comparison: Comparison }[] = [];
  tasks.forEach((task, t) => {
    const on = { task, labels: split.labels[t], weights: split.weights, groups: split.groups };
    const comparison = compareWithBaseline(on, model[t], baseline[t], resamples);
    if (comparison) compared.push({ id: task.id, comparison });
  });
  const judged = judge(compared.map(({ comparison }) => comparison));
  return Object.fromEntries(compared.map(({ id }, i) => [id, judged[i]]));
}

function negativeTransfer(
  tasks: readonly Task[],
  differences: Readonly<Record<string, Difference>> | undefined,
): string[] {
  return tasks.map(({ id }) => id).filter((id) => differences?.[id]?.verdict === 'negative transfer');
}

function labelledIn(labels: Float64Array, rows: Int32Array): number {
  let count = 0;
  for (const row of rows) if (!Number.isNaN(labels[row])) count++;
  return count;
}

function byTask<T>(tasks: readonly Task[], values: readonly T[]): Readonly<Record<string, T>> {
  return Object.fromEntries(tasks.map(({ id }, t) => [id, values[t]]));
}
