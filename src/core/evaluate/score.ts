import type { Task } from '../dataset/problem';
import type { TaskPredictions } from '../learner/learner';
import { expectedCalibrationError } from './calibration';
import {
  accuracy,
  balancedAccuracy,
  binaryF1,
  brierScore,
  confusionMatrix,
  logLoss,
  macroAuc,
  macroF1,
} from './classification';
import { type LabelledRows, packRows, scorableRows } from './labelled-rows';
import { metricsFor, primaryMetric } from './metric';
import { averagePrecision, rocAuc } from './ranking';
import { meanAbsoluteError, rootMeanSquaredError, rSquared } from './regression';
import type { Scores } from './scores';

/**
 * Scores of one task by every metric of its type (`metricsFor`); rows without a label, a prediction or a positive
 * weight are masked, and a metric that is undefined on the rest is null.
 *
 * @param labels value or class code of each row, NaN where unlabelled (rows)
 * @param predictions in the order of `labels` (rows × width)
 * @param weights sample weights (rows); absent: every row counts 1
 * @throws EvaluationError `shape`, `class-code`
 */
export function scoreTask(
  task: Task,
  labels: Float64Array,
  predictions: TaskPredictions,
  weights?: Float64Array,
): Scores {
  const rows = packRows(labels, predictions, weights, scorableRows(task, labels, predictions, weights));
  const computed = scoresOf(task, rows);
  return Object.fromEntries(metricsFor(task.type).map(({ name }) => [name, computed[name]]));
}

/** The primary metric alone: what a sweep needs of each of its many fits. Arguments as in `scoreTask`. */
export function scorePrimary(
  task: Task,
  labels: Float64Array,
  predictions: TaskPredictions,
  weights?: Float64Array,
): number | null {
  const rows = packRows(labels, predictions, weights, scorableRows(task, labels, predictions, weights));
  switch (primaryMetric(task.type)) {
    case 'auc':
      return rocAuc(rows.values, positives(rows), rows.weights);
    case 'logLoss':
      return logLoss(rows);
    case 'r2':
      return rSquared(rows);
  }
}

/** 1 where the label is the positive class (count). */
export function positives(rows: LabelledRows): Uint8Array {
  return Uint8Array.from(rows.labels);
}

function scoresOf(task: Task, rows: LabelledRows): Record<string, number | null> {
  switch (task.type) {
    case 'binary':
      return binaryScores(rows);
    case 'multiclass':
      return multiclassScores(rows, task.classes.length);
    case 'regression':
      return { r2: rSquared(rows), rmse: rootMeanSquaredError(rows), mae: meanAbsoluteError(rows) };
  }
}

function binaryScores(rows: LabelledRows): Record<string, number | null> {
  const positive = positives(rows);
  const confusion = confusionMatrix(rows, 2);
  return {
    auc: rocAuc(rows.values, positive, rows.weights),
    averagePrecision: averagePrecision(rows.values, positive, rows.weights),
    logLoss: logLoss(rows),
    brier: brierScore(rows),
    accuracy: accuracy(confusion, 2),
    balancedAccuracy: balancedAccuracy(confusion, 2),
    f1: binaryF1(confusion),
    ece: expectedCalibrationError(rows),
  };
}

function multiclassScores(rows: LabelledRows, classes: number): Record<string, number | null> {
  const confusion = confusionMatrix(rows, classes);
  return {
    auc: macroAuc(rows, classes),
    logLoss: logLoss(rows),
    accuracy: accuracy(confusion, classes),
    balancedAccuracy: balancedAccuracy(confusion, classes),
    f1: macroF1(confusion, classes),
    ece: expectedCalibrationError(rows),
  };
}
