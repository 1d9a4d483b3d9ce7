import type { Task } from '../dataset/problem';
import { CONSTANT_MODEL, type ModelKey } from '../experiment/trial';
import type { TaskPredictions } from '../learner/learner';
import { advise } from './advice';
import { type Comparison, compareWithBaseline } from './compare';
import { chooseThreshold, decide, scoreDecided, type TaskThreshold, type ThresholdRule } from './decisions';
import { EvaluationError } from './error';
import type { Estimate } from './estimate';
import { holm } from './holm';
import { gather } from './labelled-rows';
import type { Difference, Leaderboard, LeaderboardRow } from './leaderboard';
import { compareMeanSkill, type SkillComparison } from './mean-difference';
import { primaryMetric } from './metric';
import { paretoFront } from './pareto';
import {
  correlationMatrix,
  MOST_RELATED_TASKS,
  type Relatedness,
  type RelatednessMatrix,
} from './relatedness';
import { Resamples } from './resamples';
import { scoreTask } from './score';
import { scoreTogether } from './score-tasks';
import type { Scores } from './scores';
import { meanSkill, skill } from './skill';
import { judge, judgeMean, SIGNIFICANCE } from './verdict';

/** One model or ensemble with its predictions; everything but those goes to its row unchanged. */
export interface LeaderboardEntry {
  readonly name: string;
  readonly role: LeaderboardRow['role'];
  /** Name of the entry this one is the baseline of. */
  readonly baselineOf?: string;
  readonly key?: ModelKey;
  readonly learner: string;
  readonly lambda: LeaderboardRow['lambda'];
  readonly hyperparameters?: LeaderboardRow['hyperparameters'];
  /** Likewise by tuning and refit inside the folds of an outer loop; absent without one. */
  readonly nested?: () => readonly TaskPredictions[];
  /**
   * Reads out-of-fold predictions, one a task, over `trainRows`; NaN where a row was never held out. Read when they are
   * needed and let go, so that the number of entries does not multiply the memory of a report.
   */
  readonly validation: () => readonly TaskPredictions[];
  /** Likewise over `testRows`; absent where there is no test split. */
  readonly test?: () => readonly TaskPredictions[];
  /** λ, or the weights of an ensemble, were chosen by the very labels the validation score uses. */
  readonly selectedOnThis: boolean;
  readonly level?: number;
  readonly cpuSeconds: number;
  readonly fitSeconds?: number;
  readonly predictSeconds?: number;
  readonly sizeBytes?: number;
  readonly parameters?: number;
  readonly warnings: readonly string[];
  /** Ensembles: names of the members, and weights[task][member]. */
  readonly members?: readonly string[];
  readonly weights?: readonly (readonly number[])[];
  readonly ensemble?: LeaderboardRow['ensemble'];
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
  /** One a task: how its classes are decided, where that is not by the more probable one. */
  readonly thresholds?: readonly (ThresholdRule | undefined)[];
  /** Fold of each of `trainRows`, negative where it has none: thresholds are cross-fitted over these. */
  readonly folds?: Int32Array;
  /** Long data: every row is one task's, so that predictions of two tasks are never of one row. */
  readonly longForm?: boolean;
  /** What an entry learned for each task: vectors of one length, in the order of `tasks`; undefined where it has none. */
  readonly learned?: (name: string) => readonly ArrayLike<number>[] | undefined;
  /** Gains of learning the tasks in pairs, and their standard errors. */
  readonly gains?: RelatednessMatrix;
}

/** A row whose difference over all tasks is not yet corrected for the number of rows. */
interface UnjudgedRow extends LeaderboardRow {
  /** `enough`: some task alone has the rows that a verdict needs. */
  readonly overall?: { readonly estimate: Estimate; readonly enough: boolean; readonly isUseful: boolean };
}

/** Labels and weights of one split, in the order of its rows. */
interface Split {
  readonly rows: number;
  /** Of the mean/majority predictor: predictions and scores. */
  readonly constant: readonly TaskPredictions[];
  readonly reference: readonly Scores[];
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
  const validation = splitOf(input, input.trainRows, constant.validation());
  const shown =
    scored === 'test' ? splitOf(input, input.testRows, predictionsOn(constant, scored)) : validation;
  const nested = constant.nested && splitOf(input, input.trainRows, constant.nested());
  const resamples = new Resamples(input.seed);
  const rows = input.entries.map((entry): UnjudgedRow => {
    const own = entry.validation();
    const thresholds = thresholdsOn(input, validation, own);
    const outOfFold = scoreSplit(
      input.tasks,
      validation,
      own,
      thresholds.map((one) => one?.crossFitted),
    );
    const predictions = predictionsOn(entry, scored);
    const here =
      scored === 'test'
        ? scoreSplit(
            input.tasks,
            shown,
            predictions,
            thresholds.map((one) => one?.kept),
          )
        : outOfFold;
    const baseline = singleTaskBaseline(input.entries, entry);
    const against =
      baseline && compareSplit(input.tasks, shown, predictions, predictionsOn(baseline, scored), resamples);
    return {
      name: entry.name,
      role: entry.role,
      ...(entry.baselineOf !== undefined && { baselineOf: entry.baselineOf }),
      ...(entry.key && { key: entry.key }),
      learner: entry.learner,
      lambda: entry.lambda,
      ...(entry.hyperparameters && { hyperparameters: entry.hyperparameters }),
      scores: byTask(input.tasks, here.scores),
      mean: meanSkillOf(input.tasks, here.scores, shown.reference),
      together: here.together,
      validation: {
        scores: byTask(input.tasks, outOfFold.scores),
        mean: meanSkillOf(input.tasks, outOfFold.scores, validation.reference),
        selectedOnThis: entry.selectedOnThis,
        together: outOfFold.together,
      },
      ...(entry.nested && nested && { nested: nestedScores(input, nested, entry.nested()) }),
      ...(entry.level !== undefined && { level: entry.level }),
      cpuSeconds: entry.cpuSeconds,
      ...(entry.fitSeconds !== undefined && { fitSeconds: entry.fitSeconds }),
      ...(entry.predictSeconds !== undefined && { predictSeconds: entry.predictSeconds }),
      ...(entry.sizeBytes !== undefined && { sizeBytes: entry.sizeBytes }),
      ...(entry.parameters !== undefined && { parameters: entry.parameters }),
      negativeTransfer: negativeTransfer(input.tasks, against?.differences),
      ...against,
      ...(entry.members && { members: entry.members }),
      ...(entry.weights && { weights: byTask(input.tasks, entry.weights) }),
      ...(entry.ensemble && { ensemble: entry.ensemble }),
      ...(thresholds.some((one) => one !== undefined) && {
        thresholds: Object.fromEntries(
          input.tasks.flatMap(({ id }, t) => {
            const one = thresholds[t];
            return one ? [[id, one.kept] as const] : [];
          }),
        ),
      }),
      warnings: [...entry.warnings, ...unscoredWarnings(input.tasks, here.scores, shown.reference)],
    };
  });
  const ranked = rankRows(correctMeans(rows));
  const relatedness = relate(input, ranked);
  const board = {
    split: scored,
    tasks: input.tasks.map((task, t) => ({
      id: task.id,
      type: task.type,
      primary: primaryMetric(task.type),
      labelled: labelledIn(input.labels[t], input.trainRows),
      labelledTest: labelledIn(input.labels[t], input.testRows),
    })),
    ...(relatedness && { relatedness }),
    rows: ranked,
  } as const;
  return { ...board, advice: advise(board) };
}

function nestedScores(
  { tasks }: LeaderboardInput,
  split: Split,
  predictions: readonly TaskPredictions[],
): NonNullable<LeaderboardRow['nested']> {
  const { scores } = scoreSplit(tasks, split, predictions, []);
  return { scores: byTask(tasks, scores), mean: meanSkillOf(tasks, scores, split.reference) };
}

/** The verdicts on mean skill, after Holm's correction over the rows that have one. */
function correctMeans(rows: readonly UnjudgedRow[]): LeaderboardRow[] {
  const tested = rows.filter(({ overall }) => overall?.enough);
  const corrected = holm(tested.map(({ overall }) => overall?.estimate.p ?? 1));
  return rows.map((row) => {
    const { overall, ...rest } = row;
    if (overall === undefined) return rest;
    const p = corrected[tested.indexOf(row)];
    return { ...rest, meanDifference: judgeMean(overall.estimate, p, overall.isUseful) };
  });
}

/** Best mean first, with ranks, and the front of mean against cost marked. */
function rankRows(rows: readonly LeaderboardRow[]): LeaderboardRow[] {
  const sorted = rows.toSorted((a, b) => b.mean - a.mean);
  const front = paretoFront(sorted.map(({ mean, cpuSeconds }) => ({ score: mean, cost: cpuSeconds })));
  return sorted.map((row, i) => ({
    ...row,
    rank: sorted.findIndex(({ mean }) => mean === row.mean) + 1,
    onFront: front[i],
  }));
}

/** Whatever is known of how alike the tasks are; undefined for one task, or too many. */
function relate(input: LeaderboardInput, ranked: readonly LeaderboardRow[]): Relatedness | undefined {
  const { tasks, learned, gains } = input;
  if (tasks.length < 2 || tasks.length > MOST_RELATED_TASKS) return undefined;
  const matrices: RelatednessMatrix[] = [];
  const models = ranked.filter(({ role }) => role === 'model').map(({ name }) => name);
  for (const name of models) {
    const vectors = learned?.(name);
    if (vectors === undefined) continue;
    matrices.push(correlationMatrix('parameters', name, vectors));
    break;
  }
  const entry = input.entries.find(({ name }) => name === models[0]);
  if (entry && !input.longForm && tasks.every(({ type }) => type !== 'multiclass')) {
    const predictions = entry.validation().map(({ values }) => values);
    matrices.push(correlationMatrix('predictions', entry.name, predictions));
  }
  if (gains) matrices.push(gains);
  return matrices.length === 0 ? undefined : { tasks: tasks.map(({ id }) => id), matrices };
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

/** An entry's predictions of one split, read. @throws EvaluationError `shape` */
export function predictionsOn(
  entry: LeaderboardEntry,
  split: Leaderboard['split'],
): readonly TaskPredictions[] {
  if (split === 'validation') return entry.validation();
  if (entry.test) return entry.test();
  throw new EvaluationError('shape', `"${entry.name}" has no predictions for the test split.`);
}

function splitOf(input: LeaderboardInput, rows: Int32Array, constant: readonly TaskPredictions[]): Split {
  const labels = input.labels.map((values) => gather(values, rows));
  const weights = input.sampleWeight && gather(input.sampleWeight, rows);
  checkTasks(input.tasks, constant);
  return {
    rows: rows.length,
    labels,
    weights,
    groups: input.groups && gatherGroups(input.groups, rows),
    constant,
    reference: input.tasks.map((task, t) => scoreTask(task, labels[t], constant[t], weights)),
  };
}

function gatherGroups(groups: Int32Array, rows: Int32Array): Int32Array {
  return rows.map((row) => groups[row]);
}

interface SplitScores {
  readonly scores: readonly Scores[];
  readonly together: Scores;
}

function scoreSplit(
  tasks: readonly Task[],
  split: Split,
  predictions: readonly TaskPredictions[],
  thresholds: readonly (number | Float64Array | undefined)[],
): SplitScores {
  checkTasks(tasks, predictions);
  const { labels, weights, constant } = split;
  const on = { tasks, labels, constant, ...(weights && { weights }) };
  const together = scoreTogether({ ...on, predictions });
  const scores = tasks.map((task, t) => {
    const threshold = thresholds[t];
    return threshold === undefined
      ? scoreTask(task, labels[t], predictions[t], weights)
      : scoreDecided(task, labels[t], predictions[t], weights, threshold);
  });
  if (thresholds.every((one) => one === undefined)) return { scores, together };
  const decided = predictions.map((one, t) => decide(one, thresholds[t] ?? 0.5, tasks[t]));
  const { microAuc, macroAuc, aRRMSE, ...ofDecisions } = scoreTogether({ ...on, predictions: decided });
  return { scores, together: { ...together, ...ofDecisions } };
}

/** Thresholds of the binary tasks that have a rule, chosen on out-of-fold predictions. */
function thresholdsOn(
  { tasks, thresholds, folds }: LeaderboardInput,
  { labels, weights, rows }: Split,
  predictions: readonly TaskPredictions[],
): readonly (TaskThreshold | undefined)[] {
  return tasks.map(({ type }, t) => {
    const rule = thresholds?.[t];
    if (rule === undefined || type !== 'binary') return undefined;
    const own = { labels: labels[t], values: predictions[t].values, ...(weights && { weights }) };
    return chooseThreshold(rule, own, folds ?? new Int32Array(rows).fill(-1));
  });
}

function checkTasks(tasks: readonly Task[], predictions: readonly TaskPredictions[]): void {
  if (predictions.length === tasks.length) return;
  throw new EvaluationError(
    'shape',
    `There are ${tasks.length} tasks, but predictions of ${predictions.length}.`,
  );
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

function compareSplit(
  tasks: readonly Task[],
  split: Split,
  model: readonly TaskPredictions[],
  baseline: readonly TaskPredictions[],
  resamples: Resamples,
): Pick<UnjudgedRow, 'differences' | 'overall'> {
  const compared: { readonly id: string; readonly comparison: Comparison; readonly task: number }[] = [];
  const neutral = tasks.map((task, t) => neutralOf(task, split.constant[t]));
  const skills = tasks.map((task, t): SkillComparison => {
    const on = { task, labels: split.labels[t], weights: split.weights, groups: split.groups };
    const comparison = compareWithBaseline(on, model[t], baseline[t], resamples);
    if (comparison) compared.push({ id: task.id, comparison, task: t });
    return {
      on,
      model: model[t],
      baseline: baseline[t],
      constant: primaryScore(task, split.reference[t]),
    };
  });
  const taskOf = new Map(compared.map(({ comparison, task }) => [comparison, task]));
  const judged = judge(
    compared.map(({ comparison }) => comparison),
    (comparison) => {
      const t = taskOf.get(comparison) ?? 0;
      return isBetter(compareWithBaseline(skills[t].on, model[t], neutral[t], resamples));
    },
  );
  const overall = compareMeanSkill(skills);
  const enough = judged.some(({ verdict }) => verdict !== 'too few rows to tell');
  const isUseful =
    overall !== null &&
    overall.value > 0 &&
    isBetter(compareMeanSkill(skills.map((one, t) => ({ ...one, baseline: neutral[t] }))));
  return {
    differences: Object.fromEntries(compared.map(({ id }, i) => [id, judged[i]])),
    ...(overall && { overall: { estimate: overall, enough, isUseful } }),
  };
}

/** Whether a difference from mean/majority is shown, of one comparison. */
function isBetter(estimate: Estimate | null): boolean {
  return estimate !== null && estimate.value > 0 && estimate.p < SIGNIFICANCE;
}

/** What mean/majority predicts; it ranks nothing, though its folds predict different constants. */
function neutralOf(task: Task, constant: TaskPredictions): TaskPredictions {
  if (primaryMetric(task.type) !== 'auc') return constant;
  return { ...constant, values: constant.values.map((value) => (Number.isNaN(value) ? value : 0.5)) };
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
