import type { Task } from '../dataset/problem';
import type { TaskPredictions } from '../learner/learner';
import { pairedBootstrap } from './bootstrap';
import { delongDifference } from './delong';
import type { Estimate } from './estimate';
import { type LabelledRows, packRows, scorableRows } from './labelled-rows';
import { probabilityOfLabel } from './losses';
import { primaryMetric } from './metric';
import type { Resamples } from './resamples';
import { positives } from './score';

/** A model against its baseline on one task, before any correction for the number of tasks. */
export interface Comparison extends Estimate {
  /** The task's primary metric; `value` is positive where the model is better in it. */
  readonly metric: string;
  /** Rows compared on. */
  readonly rows: number;
  /** Rows of the rarest class of the task; Infinity for regression. */
  readonly rarestClass: number;
  /** Groups, or blocks of time, that these rows are of; absent where rows are drawn one by one. */
  readonly groups?: number;
}

/** What both predictions of a comparison share; arrays are in the order of the predictions' rows. */
export interface ComparisonRows {
  readonly task: Task;
  /** NaN where unlabelled. */
  readonly labels: Float64Array;
  readonly weights?: Float64Array;
  /** Group of each row; rows of one group are not independent. */
  readonly groups?: Int32Array;
}

/**
 * Difference in the primary metric between a model and its baseline, on the labelled rows both predicted: DeLong for
 * AUC, paired bootstrap for log loss and R².
 *
 * @returns null where the metric is undefined on these rows
 * @throws EvaluationError `shape`, `class-code`
 */
export function compareWithBaseline(
  on: ComparisonRows,
  model: TaskPredictions,
  baseline: TaskPredictions,
  resamples: Resamples,
): Comparison | null {
  const { task, labels, weights } = on;
  const mask = scorableRows(task, labels, model, weights);
  const baselineMask = scorableRows(task, labels, baseline, weights);
  for (let i = 0; i < mask.length; i++) mask[i] &= baselineMask[i];
  const rows = packRows(labels, model, weights, mask);
  const baselineRows = packRows(labels, baseline, weights, mask);
  const groups = on.groups?.filter((_, i) => mask[i] === 1);
  const estimate = estimateDifference(task, rows, baselineRows, groups, resamples);
  return (
    estimate && {
      metric: primaryMetric(task.type),
      ...estimate,
      rows: rows.count,
      rarestClass: rarestClass(task, rows),
      ...(groups && { groups: new Set(groups).size }),
    }
  );
}

function estimateDifference(
  task: Task,
  model: LabelledRows,
  baseline: LabelledRows,
  groups: Int32Array | undefined,
  resamples: Resamples,
): Estimate | null {
  const { weights } = model;
  switch (primaryMetric(task.type)) {
    case 'auc': {
      const positive = positives(model);
      if (!positive.includes(0) || !positive.includes(1)) return null;
      return delongDifference({ positive, model: model.values, baseline: baseline.values, weights, groups });
    }
    case 'logLoss':
      return pairedBootstrap({ gains: logLossGains(model, baseline), weights, groups }, resamples);
    case 'r2':
      return pairedBootstrap(
        { gains: squaredErrorGains(model, baseline), weights, groups, target: model.labels },
        resamples,
      );
  }
}

function logLossGains(model: LabelledRows, baseline: LabelledRows): Float64Array {
  return model.labels.map((label, i) =>
    Math.log(
      probabilityOfLabel(model.values, model.width, i, label) /
        probabilityOfLabel(baseline.values, baseline.width, i, label),
    ),
  );
}

function squaredErrorGains(model: LabelledRows, baseline: LabelledRows): Float64Array {
  return model.labels.map((label, i) => (baseline.values[i] - label) ** 2 - (model.values[i] - label) ** 2);
}

function rarestClass(task: Task, rows: LabelledRows): number {
  if (task.type === 'regression') return Number.POSITIVE_INFINITY;
  const counts = new Int32Array(task.type === 'binary' ? 2 : task.classes.length);
  for (const label of rows.labels) counts[label]++;
  return counts.reduce((least, count) => Math.min(least, count), Number.POSITIVE_INFINITY);
}
