import type { Task } from '../dataset/problem';
import type { TaskPredictions } from '../learner/learner';
import { type Comparison, compareWithBaseline } from './compare';
import type { Estimate } from './estimate';
import { holm } from './holm';
import type { LeaderboardRow } from './leaderboard';
import { compareMeanSkill, type SkillComparison } from './mean-difference';
import { primaryMetric } from './metric';
import type { Resamples } from './resamples';
import { primaryScore, type Split } from './split';
import { judge, judgeMean, SIGNIFICANCE } from './verdict';

/** A row whose difference over all tasks is not yet corrected for the number of rows. */
export interface UnjudgedRow extends LeaderboardRow {
  /** `enough`: some task alone has the rows that a verdict needs. */
  readonly overall?: { readonly estimate: Estimate; readonly enough: boolean; readonly isUseful: boolean };
}

/** A model or ensemble against its baseline on one split: every task with its verdict, and all of them together. */
export function compareSplit(
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

/** The verdicts on mean skill, after Holm's correction over the rows that have one. */
export function correctMeans(rows: readonly UnjudgedRow[]): LeaderboardRow[] {
  const tested = rows.filter(({ overall }) => overall?.enough);
  const corrected = holm(tested.map(({ overall }) => overall?.estimate.p ?? 1));
  return rows.map((row) => {
    const { overall, ...rest } = row;
    if (overall === undefined) return rest;
    const p = corrected[tested.indexOf(row)];
    return { ...rest, meanDifference: judgeMean(overall.estimate, p, overall.isUseful) };
  });
}
