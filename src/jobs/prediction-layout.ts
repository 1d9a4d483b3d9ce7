import type { TaskTable } from '../core/dataset';
import { taskWidth } from '../core/dataset';
import type { TaskPredictions } from '../core/learner';

/**
 * Which column of a predictions file is whose. Wide tables: the columns of every task in order. Where every row is one
 * task's (long data) and all tasks are alike: the columns of the row's own task only, as the others would be noise and
 * there may be hundreds.
 */
export class PredictionLayout {
  readonly columns: number;
  private readonly offsets: readonly number[];
  private readonly widths: readonly number[];
  private readonly rowTask: Int32Array | undefined;

  constructor({ tasks, rowTask }: Pick<TaskTable, 'tasks' | 'rowTask'>) {
    this.widths = tasks.map(taskWidth);
    this.rowTask = this.widths.every((width) => width === this.widths[0]) ? rowTask : undefined;
    let offset = 0;
    this.offsets = this.widths.map((width) => {
      const own = this.rowTask ? 0 : offset;
      offset = own + width;
      return own;
    });
    this.columns = offset;
  }

  /** Values for one configuration, columns × rows, all NaN. */
  empty(rows: number): Float32Array {
    return new Float32Array(this.columns * rows).fill(Number.NaN);
  }

  /**
   * Puts predictions of one task into `values` (columns × rows).
   * @param rows rows of the table that `values` is about
   * @param positions where in `rows` the predictions belong; absent: they are for all of them, in order
   */
  put(
    values: Float32Array,
    task: number,
    predictions: TaskPredictions,
    rows: Int32Array,
    positions?: Int32Array,
  ): void {
    const { width } = predictions;
    const count = positions?.length ?? rows.length;
    for (let i = 0; i < count; i++) {
      const place = positions?.[i] ?? i;
      if (this.rowTask && this.rowTask[rows[place]] !== task) continue;
      for (let c = 0; c < width; c++) {
        values[(this.offsets[task] + c) * rows.length + place] = predictions.values[i * width + c];
      }
    }
  }

  /** One task's predictions out of `values` (columns × rows); NaN for rows of other tasks in long data. */
  take(values: Float32Array, task: number, rows: Int32Array): TaskPredictions {
    const width = this.widths[task];
    const result = new Float32Array(rows.length * width).fill(Number.NaN);
    for (let i = 0; i < rows.length; i++) {
      if (this.rowTask && this.rowTask[rows[i]] !== task) continue;
      for (let c = 0; c < width; c++)
        result[i * width + c] = values[(this.offsets[task] + c) * rows.length + i];
    }
    return { values: result, width };
  }
}
