import type { Dataset } from './dataset';

export type TaskType = 'regression' | 'binary' | 'multiclass';

/** One thing to predict. */
export interface Task {
  readonly id: string;
  readonly type: TaskType;
  /** Weight w_t of the task's loss in the joint objective (> 0). */
  readonly weight: number;
  /** Class names in code order; binary: the negative class first, the positive second. Empty for regression. */
  readonly classes: readonly string[];
}

/** Number of prediction columns of a task: K for K classes, else 1 (the value, or the probability of the positive class). */
export function taskWidth(task: Task): number {
  return task.type === 'multiclass' ? task.classes.length : 1;
}

/**
 * Several tasks over one table, and the rows to learn them from.
 * Arrays indexed by row have `dataset.rowCount` entries; only `rows` may be looked at while fitting.
 */
export interface Problem {
  readonly dataset: Dataset;
  /** Indices into `dataset.columns` of the features; never a target, task, group, weight or split column. */
  readonly features: readonly number[];
  readonly tasks: readonly Task[];
  /** Per task: the value or the class code of every row, NaN where the row has no label for the task. */
  readonly labels: readonly Float64Array[];
  /** Per row, ≥ 0; absent: every row counts 1. */
  readonly sampleWeight?: Float64Array;
  /**
   * Per task and row, > 0: a factor on the row's weight in the loss of that task (weights of classes); absent, as a whole or
   * for a task: 1.
   */
  readonly labelWeight?: readonly (Float64Array | undefined)[];
  /** Group of every row, and its time: what is held out of the training rows is whole groups, or the latest. */
  readonly rowGroup?: Int32Array;
  readonly rowTime?: Float64Array;
  /** Training rows, ascending. */
  readonly rows: Int32Array;
}

/** Weights of all rows in the loss of task `t`, indexed by row; undefined where every row counts 1. */
export function lossWeights(
  { sampleWeight, labelWeight }: Pick<Problem, 'sampleWeight' | 'labelWeight'>,
  t: number,
): Float64Array | undefined {
  const own = labelWeight?.[t];
  if (own === undefined) return sampleWeight;
  return sampleWeight ? own.map((weight, row) => weight * sampleWeight[row]) : own;
}

/** Whether a training row of positive weight has a label for task `t`. */
export function hasLabels({ labels, rows, sampleWeight }: Problem, t: number): boolean {
  return rows.some((row) => !Number.isNaN(labels[t][row]) && (sampleWeight?.[row] ?? 1) > 0);
}
