import type { Task } from '../dataset/problem';
import type { TaskPredictions } from '../learner/learner';
import { chooseThreshold, decide, scoreDecided, type TaskThreshold } from './decisions';
import { EvaluationError } from './error';
import { gather } from './labelled-rows';
import type { LeaderboardInput } from './leaderboard-input';
import { primaryMetric } from './metric';
import { scoreTask } from './score';
import { scoreTogether } from './score-tasks';
import type { Scores } from './scores';
import { timeBlocks } from './time-blocks';

/** Labels and weights of one split, in the order of its rows. */
export interface Split {
  readonly rows: number;
  /** Of the mean/majority predictor: predictions and scores. */
  readonly constant: readonly TaskPredictions[];
  readonly reference: readonly Scores[];
  readonly labels: readonly Float64Array[];
  readonly weights?: Float64Array;
  readonly groups?: Int32Array;
}

export function splitOf(
  input: LeaderboardInput,
  rows: Int32Array,
  constant: readonly TaskPredictions[],
): Split {
  const labels = input.labels.map((values) => gather(values, rows));
  const weights = input.sampleWeight && gather(input.sampleWeight, rows);
  checkTasks(input.tasks, constant);
  return {
    rows: rows.length,
    labels,
    weights,
    groups: drawnTogether(input, rows),
    constant,
    reference: input.tasks.map((task, t) => scoreTask(task, labels[t], constant[t], weights)),
  };
}

/** Of each of `rows`: its group, else its block of time; undefined where each row is drawn alone. */
export function drawnTogether(
  { groups, times }: Pick<LeaderboardInput, 'groups' | 'times'>,
  rows: Int32Array,
): Int32Array | undefined {
  if (groups) return rows.map((row) => groups[row]);
  return times && timeBlocks(times, rows);
}

interface SplitScores {
  readonly scores: readonly Scores[];
  readonly together: Scores;
}

export function scoreSplit(
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
export function thresholdsOn(
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

export function primaryScore(task: Task, scores: Scores): number | null {
  return scores[primaryMetric(task.type)];
}
