import type { TaskType } from '../dataset/problem';
import { EvaluationError } from './error';

export interface Metric {
  readonly name: string;
  /** As people write it. */
  readonly displayName: string;
  readonly direction: 'higher' | 'lower';
  /** Types of the tasks that it scores one by one, or (`over: 'tasks'`) together. */
  readonly taskTypes: readonly TaskType[];
  /** Of each task alone, or one number for all tasks of its types together: multi-label and multi-target metrics. */
  readonly over: 'task' | 'tasks';
  /** What a difference in this metric is called when positive means better. */
  readonly gainName: string;
}

const classification: readonly TaskType[] = ['binary', 'multiclass'];

/**
 * Every metric, in the order people see them. Definitions follow scikit-learn's functions of the same name, except
 * that what scikit-learn replaces by 0 or 1 with a warning (one class only, constant target) is undefined: null.
 */
export const metrics: readonly Metric[] = [
  metric('auc', 'AUC', 'higher', classification, 'AUC'),
  metric('averagePrecision', 'average precision', 'higher', ['binary'], 'average precision'),
  metric('logLoss', 'log loss', 'lower', classification, 'log-loss reduction'),
  metric('brier', 'Brier score', 'lower', ['binary'], 'Brier-score reduction'),
  metric('accuracy', 'accuracy', 'higher', classification, 'accuracy'),
  metric('balancedAccuracy', 'balanced accuracy', 'higher', classification, 'balanced accuracy'),
  metric('f1', 'F1', 'higher', classification, 'F1'),
  metric('ece', 'calibration error', 'lower', classification, 'calibration-error reduction'),
  metric('r2', 'R²', 'higher', ['regression'], 'R²'),
  metric('rmse', 'RMSE', 'lower', ['regression'], 'RMSE reduction'),
  metric('mae', 'MAE', 'lower', ['regression'], 'MAE reduction'),
  together('hammingLoss', 'Hamming loss', 'lower', ['binary'], 'Hamming-loss reduction'),
  together('subsetAccuracy', 'subset accuracy', 'higher', ['binary'], 'subset accuracy'),
  together('microF1', 'micro F1', 'higher', ['binary'], 'micro F1'),
  together('macroF1', 'macro F1', 'higher', ['binary'], 'macro F1'),
  together('microAuc', 'micro AUC', 'higher', ['binary'], 'micro AUC'),
  together('macroAuc', 'macro AUC', 'higher', ['binary'], 'macro AUC'),
  together('aRRMSE', 'aRRMSE', 'lower', ['regression'], 'aRRMSE reduction'),
];

const byName: ReadonlyMap<string, Metric> = new Map(metrics.map((entry) => [entry.name, entry]));

/** @throws EvaluationError `unknown-metric` */
export function metricNamed(name: string): Metric {
  const found = byName.get(name);
  if (found) return found;
  throw new EvaluationError(
    'unknown-metric',
    `There is no metric "${name}"; the metrics are ${metrics.map((entry) => entry.name).join(', ')}.`,
  );
}

/** Metrics that a task of this type is scored by, the primary one among them. */
export function metricsFor(type: TaskType): readonly Metric[] {
  return metrics.filter((entry) => entry.over === 'task' && entry.taskTypes.includes(type));
}

/** Metrics of all tasks together that these types of tasks can be scored by. */
export function metricsOverTasks(types: readonly TaskType[]): readonly Metric[] {
  return metrics.filter(
    ({ over, taskTypes }) => over === 'tasks' && types.some((t) => taskTypes.includes(t)),
  );
}

/** The one number a task is judged by: AUC for binary, log loss for multiclass, R² for regression. */
export function primaryMetric(type: TaskType): 'auc' | 'logLoss' | 'r2' {
  switch (type) {
    case 'binary':
      return 'auc';
    case 'multiclass':
      return 'logLoss';
    case 'regression':
      return 'r2';
  }
}

function metric(
  name: string,
  displayName: string,
  direction: Metric['direction'],
  taskTypes: readonly TaskType[],
  gainName: string,
): Metric {
  return { name, displayName, direction, taskTypes, over: 'task', gainName };
}

function together(...parts: Parameters<typeof metric>): Metric {
  return { ...metric(...parts), over: 'tasks' };
}
