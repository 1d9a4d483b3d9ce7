import type { Dataset, NumericColumn } from '../../dataset/dataset';
import { type Task, taskWidth } from '../../dataset/problem';
import type { TaskPredictions } from '../../learner/learner';

/**
 * A table that gains a column an output for every task of a chain that is predicted: values of regressions,
 * probabilities of classes; NaN, a missing value, in rows that were not asked about.
 */
export class ChainTable {
  private readonly added: NumericColumn[] = [];

  constructor(private readonly table: Dataset) {}

  /** The table with what was predicted so far. */
  get dataset(): Dataset {
    return { ...this.table, columns: [...this.table.columns, ...this.added] };
  }

  /** Indices of the added columns in `dataset`. */
  get features(): readonly number[] {
    return this.added.map((_, c) => this.table.columns.length + c);
  }

  /** Empty columns for the predictions of task `t`, to be filled by `put`. */
  add(task: Task, t: number): readonly NumericColumn[] {
    const columns = Array.from({ length: taskWidth(task) }, (_, output): NumericColumn => {
      const values = new Float64Array(this.table.rowCount).fill(Number.NaN);
      return { kind: 'numeric', name: `predicted by the chain: ${t} ${output}`, values };
    });
    this.added.push(...columns);
    return columns;
  }
}

/** Puts predictions of `rows` into the columns of their task. */
export function putPredictions(
  columns: readonly NumericColumn[],
  rows: Int32Array,
  { values, width }: TaskPredictions,
): void {
  rows.forEach((row, i) => {
    for (let k = 0; k < width; k++) columns[k].values[row] = values[i * width + k];
  });
}
