import type { Dataset } from './dataset';
import type { Task } from './problem';

/** An experiment's data made ready: one table, its tasks with their labels, and which rows are for what. */
export interface TaskTable {
  readonly dataset: Dataset;
  /** Indices into `dataset.columns` that learners may look at. */
  readonly features: readonly number[];
  readonly tasks: readonly Task[];
  /** Target column of each task. */
  readonly targets: readonly string[];
  /** Per task: value or class code of every row, NaN where unlabelled (long form: also where the row is another task's). */
  readonly labels: readonly Float64Array[];
  readonly sampleWeight?: Float64Array;
  /** Ascending. */
  readonly trainRows: Int32Array;
  /** Ascending; empty where the experiment has no test split. */
  readonly testRows: Int32Array;
  /** Long form and one file a task: the task index of every row; every row belongs to one task. */
  readonly rowTask?: Int32Array;
  /** `data.group`: the group of every row, numbered from 0; folds and the test split keep groups whole. */
  readonly rowGroup?: Int32Array;
  /** `data.time`: when every row was, as numbers that sort as its times do. */
  readonly rowTime?: Float64Array;
  /** Folds by a column: the fold of every row, numbered from 0 in the order of the column's values; -1: it always trains. */
  readonly rowFold?: Int32Array;
}
