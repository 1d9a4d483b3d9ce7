import type { Design } from './design';
import { LinearError } from './errors';
import type { Loss, LossRows } from './losses/loss';

export type { Design } from './design';

/** One task's share of a linear problem; see `LossRows` for where its predictions lie. */
export interface TaskRows extends LossRows {
  readonly loss: Loss;
  /** Rows of the design this task looks at, ascending; absent: all of them (weight 0 where unlabelled). */
  readonly rows?: Int32Array;
  /** w_t; `weight` sums to it. */
  readonly taskWeight: number;
}

/**
 * min over W (features × columns, row-major: feature j, column c at `j * columns + c`) and b (columns) of
 *
 *     Σ_t w_t L_t(X W_t + 1 b_tᵀ) + λ R(W),   L_t the weighted mean loss over the rows labelled for t.
 *
 * A task has one column, or one a class (softmax). Predictions of all tasks live in one array of `predictionCount`.
 */
export interface LinearProblem {
  readonly design: Design;
  readonly tasks: readonly TaskRows[];
  readonly columns: number;
  readonly predictionCount: number;
  /** Whether b is fitted (unpenalised) or held at zero. */
  readonly intercept: boolean;
}

export interface TaskInput {
  readonly loss: Loss;
  /** Columns of W: the number of classes for softmax, else 1. */
  readonly width: number;
  readonly taskWeight: number;
  /** One entry a row of the design: target or class code, NaN where unlabelled. The layout takes it over, and may change it. */
  readonly labels: Float64Array;
  /** Sample weights of this task, one entry a row; absent: those of all tasks. */
  readonly sampleWeight?: Float64Array;
}

/**
 * Lays tasks out over a design. A task labelled on fewer than half of the rows gets a list of its rows (long data: the
 * work is then proportional to the labels, not to rows × tasks); others keep all rows, unlabelled ones at weight 0.
 * @param sampleWeight one entry a row, ≥ 0; absent: 1
 * @throws LinearError `no-labels` when a task has no labelled row of positive weight
 */
export function layOutProblem(
  design: Design,
  inputs: readonly TaskInput[],
  options: { readonly intercept: boolean; readonly sampleWeight?: Float64Array },
): LinearProblem {
  const { rowCount } = design;
  const tasks: TaskRows[] = [];
  let columns = 0;
  let predictionCount = 0;
  for (const [index, input] of inputs.entries()) {
    const sampleWeight = input.sampleWeight ?? options.sampleWeight;
    const { labels } = input;
    let labelled = 0;
    let total = 0;
    for (let i = 0; i < rowCount; i++) {
      const s = sampleWeight?.[i] ?? 1;
      if (Number.isNaN(labels[i]) || !(s > 0)) continue;
      labelled++;
      total += s;
    }
    if (labelled === 0) {
      throw new LinearError(
        'no-labels',
        `Task ${index + 1} has no labelled training row. Give it labels in this fold, or leave the task out.`,
      );
    }
    const rows = 2 * labelled < rowCount ? new Int32Array(labelled) : undefined;
    const count = rows?.length ?? rowCount;
    const target = rows ? new Float64Array(count) : labels;
    const own = new Float64Array(count);
    let k = 0;
    for (let i = 0; i < rowCount; i++) {
      const s = sampleWeight?.[i] ?? 1;
      const counts = !Number.isNaN(labels[i]) && s > 0;
      if (!counts) {
        if (!rows) target[i] = 0;
        continue;
      }
      const at = rows ? k : i;
      if (rows) rows[k] = i;
      target[at] = labels[i];
      own[at] = (input.taskWeight * s) / total;
      k++;
    }
    // Tasks whose rows count alike have one list of weights.
    const weight = tasks.find((task) => sameNumbers(task.weight, own))?.weight ?? own;
    tasks.push({
      loss: input.loss,
      width: input.width,
      taskWeight: input.taskWeight,
      rows,
      count,
      target,
      weight,
      firstColumn: columns,
      offset: predictionCount,
    });
    columns += input.width;
    predictionCount += count * input.width;
  }
  return { design, tasks, columns, predictionCount, intercept: options.intercept };
}

/** The rows of a task from place `from` on, of an array that has their predictions alone. */
export function someRows(
  { width, target, weight, firstColumn }: TaskRows,
  from: number,
  count: number,
): LossRows {
  return {
    count,
    width,
    target: target.subarray(from, from + count),
    weight: weight.subarray(from, from + count),
    offset: 0,
    firstColumn,
  };
}

/** Fills `own` with the predictions of these rows, out of those of all tasks. */
export function copyPredictions(
  { offset, width, count: all }: TaskRows,
  Z: Float64Array,
  from: number,
  count: number,
  own: Float64Array,
): void {
  for (let k = 0; k < width; k++) {
    const at = offset + k * all + from;
    for (let i = 0; i < count; i++) own[k * count + i] = Z[at + i];
  }
}

/** How many of the ascending rows are before `row`. */
export function placeOf(rows: Int32Array, row: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle] < row) low = middle + 1;
    else high = middle;
  }
  return low;
}

function sameNumbers(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}
