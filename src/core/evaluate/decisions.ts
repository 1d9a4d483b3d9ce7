import type { Task } from '../dataset/problem';
import type { TaskPredictions } from '../learner/learner';
import { scoreTask } from './score';
import type { Scores } from './scores';

/** Metrics of classes that were decided on, not of probabilities. */
export const decisionMetrics = ['accuracy', 'balancedAccuracy', 'f1'] as const;
export type DecisionMetric = (typeof decisionMetrics)[number];

/** When a binary task's probability means the positive class: above a number, or where a metric is best. */
export type ThresholdRule = number | DecisionMetric;

/** Labelled out-of-fold predictions of one binary task; all arrays are in the order of the same rows. */
export interface DecisionRows {
  /** 0, 1, or NaN where unlabelled. */
  readonly labels: Float64Array;
  /** P(positive class), NaN where not predicted. */
  readonly values: Float32Array;
  readonly weights?: Float64Array;
}

/** What to decide the rows of a task by. */
export interface TaskThreshold {
  /** Kept for new rows: chosen on all out-of-fold predictions. */
  readonly kept: number;
  /** One a row, chosen without the rows of its fold: what an honest validation score is of. */
  readonly crossFitted: Float64Array;
}

/** Decided where nothing else is said: the more probable class. */
const HALF = 0.5;

/** @param folds fold of each row; negative: never held out */
export function chooseThreshold(rule: ThresholdRule, rows: DecisionRows, folds: Int32Array): TaskThreshold {
  if (typeof rule === 'number') return { kept: rule, crossFitted: new Float64Array(folds.length).fill(rule) };
  const crossFitted = new Float64Array(folds.length).fill(HALF);
  for (const fold of new Set(folds)) {
    if (fold < 0) continue;
    const others = bestThreshold(rule, rows, (row) => folds[row] !== fold);
    folds.forEach((own, row) => {
      if (own === fold) crossFitted[row] = others;
    });
  }
  return { kept: bestThreshold(rule, rows, () => true), crossFitted };
}

/**
 * The threshold at which the metric is best: half-way between two probabilities that occur, of equals the nearest to ½.
 * ½ where there is no row, or one class only.
 */
export function bestThreshold(
  metric: DecisionMetric,
  { labels, values, weights }: DecisionRows,
  include: (row: number) => boolean,
): number {
  const rows = Array.from(labels.keys())
    .filter((row) => !Number.isNaN(labels[row]) && !Number.isNaN(values[row]) && include(row))
    .sort((a, b) => values[b] - values[a] || a - b);
  const weightOf = (row: number): number => weights?.[row] ?? 1;
  const totals = [0, 0];
  for (const row of rows) totals[labels[row]] += weightOf(row);
  if (totals[0] === 0 || totals[1] === 0) return HALF;
  // Rows above the threshold are those before a place in the order.
  const above = [0, 0];
  let best = { threshold: HALF, score: Number.NEGATIVE_INFINITY };
  for (let place = 0; place <= rows.length; place++) {
    const higher = place === 0 ? 1 : values[rows[place - 1]];
    const lower = place === rows.length ? 0 : values[rows[place]];
    if (higher > lower || place === rows.length) {
      const threshold = (higher + lower) / 2;
      const score = scoreOf(metric, above[1], above[0], totals);
      const nearer = Math.abs(threshold - HALF) < Math.abs(best.threshold - HALF);
      if (score > best.score || (score === best.score && nearer)) best = { threshold, score };
    }
    if (place < rows.length) above[labels[rows[place]]] += weightOf(rows[place]);
  }
  return best.threshold;
}

/** Of `hits` positives and `alarms` negatives taken for positive. */
function scoreOf(metric: DecisionMetric, hits: number, alarms: number, totals: readonly number[]): number {
  switch (metric) {
    case 'accuracy':
      return (hits + totals[0] - alarms) / (totals[0] + totals[1]);
    case 'balancedAccuracy':
      return (hits / totals[1] + 1 - alarms / totals[0]) / 2;
    case 'f1':
      return (2 * hits) / (hits + alarms + totals[1]);
  }
}

/** Probabilities of a binary task as 1 above the threshold (of all rows, or one a row), else 0; of others as they are. */
export function decide(
  predictions: TaskPredictions,
  threshold: number | Float64Array,
  { type }: Pick<Task, 'type'>,
): TaskPredictions {
  const { values, width } = predictions;
  if (type !== 'binary') return predictions;
  const decided = values.map((value, row) => {
    if (Number.isNaN(value)) return value;
    return value > (typeof threshold === 'number' ? threshold : threshold[row]) ? 1 : 0;
  });
  return { values: decided, width };
}

/** Scores of a task whose classes are decided by a threshold: the metrics of decisions change, the others do not. */
export function scoreDecided(
  task: Task,
  labels: Float64Array,
  predictions: TaskPredictions,
  weights: Float64Array | undefined,
  threshold: number | Float64Array,
): Scores {
  const scores = scoreTask(task, labels, predictions, weights);
  const decided = scoreTask(task, labels, decide(predictions, threshold, task), weights);
  return { ...scores, ...Object.fromEntries(decisionMetrics.map((name) => [name, decided[name]])) };
}
