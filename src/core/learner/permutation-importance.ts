import type { Column, Dataset } from '../dataset/dataset';
import type { Problem, Task } from '../dataset/problem';
import { Random, seedFrom } from '../random';
import type { FittedModel, TaskPredictions } from './learner';

export interface PermutationImportance {
  /** Row-major (features × tasks): mean over repeats of what the task's R² (see below) loses; NaN for a task without it. */
  readonly byTask: Float64Array;
  /** Standard deviation over the repeats, laid out alike. */
  readonly deviation: Float64Array;
  /** One a feature: mean of its importances over tasks, weighted by the tasks' weights. */
  readonly jointly: Float64Array;
}

/**
 * Permutation importance (Breiman, 2001): how much worse a model predicts rows once the values of one feature are
 * shuffled among them, for all tasks by the same shuffles. For any model; on rows it was not trained on it says what
 * the model's predictions owe to the feature, on its training rows also what it learned by heart.
 *
 * A task's measure is R² for regressions, and its twin for classes: 1 − Brier score / Gini impurity of the rows (the
 * Brier score of their class frequencies). Only rows labelled for a task count for it, by their weight.
 *
 * @param problem the model's own tasks and features; importance is by index into `problem.features`
 * @param rows of `problem.dataset` to measure on
 */
export function permutationImportance(
  model: Pick<FittedModel, 'predict'>,
  problem: Problem,
  rows: Int32Array,
  { repeats = 5, seed = 0 }: { readonly repeats?: number; readonly seed?: number } = {},
): PermutationImportance {
  const { dataset, tasks, features } = problem;
  const measure = (table: Dataset) => {
    const predictions = model.predict(table, rows);
    return tasks.map((task, t) => explained(task, problem, t, rows, predictions[t]));
  };
  const whole = measure(dataset);
  const byTask = new Float64Array(features.length * tasks.length);
  const deviation = new Float64Array(byTask.length);
  features.forEach((column, f) => {
    const losses = Array.from({ length: repeats }, (_, repeat) => {
      const shuffled = shuffle(dataset.columns[column], rows, new Random(seedFrom(seed, f, repeat)));
      const columns = dataset.columns.with(column, shuffled);
      return measure({ ...dataset, columns }).map((score, t) => whole[t] - score);
    });
    tasks.forEach((_, t) => {
      const mean = losses.reduce((sum, loss) => sum + loss[t], 0) / repeats;
      const square = losses.reduce((sum, loss) => sum + (loss[t] - mean) ** 2, 0) / repeats;
      byTask[f * tasks.length + t] = mean;
      deviation[f * tasks.length + t] = Math.sqrt(square);
    });
  });
  return { byTask, deviation, jointly: meanOverTasks(byTask, tasks) };
}

/**
 * What numbers of features by task (features × tasks, NaN where not defined) are over all tasks: means, weighted by the tasks'
 * weights.
 */
export function meanOverTasks(byTask: Float64Array, tasks: readonly Pick<Task, 'weight'>[]): Float64Array {
  return Float64Array.from({ length: byTask.length / tasks.length }, (_, f) => {
    let sum = 0;
    let total = 0;
    tasks.forEach(({ weight }, t) => {
      const importance = byTask[f * tasks.length + t];
      if (Number.isNaN(importance)) return;
      sum += weight * importance;
      total += weight;
    });
    return sum / total;
  });
}

/** The column with its values at `rows` in another order. */
function shuffle(column: Column, rows: Int32Array, random: Random): Column {
  const order = Int32Array.from(rows);
  random.shuffle(order);
  if (column.kind === 'numeric') {
    const before = column.values;
    const values = before.slice();
    rows.forEach((row, i) => {
      values[row] = before[order[i]];
    });
    return { kind: 'numeric', name: column.name, values };
  }
  const codes = Int32Array.from(column.codes);
  rows.forEach((row, i) => {
    codes[row] = column.codes[order[i]];
  });
  return { ...column, codes };
}

/** 1 − Σ w ‖y − ŷ‖² / Σ w ‖y − ȳ‖² over labelled rows, y a number or the indicators of the classes; NaN where y is constant. */
function explained(
  task: Task,
  problem: Problem,
  t: number,
  rows: Int32Array,
  { values, width }: TaskPredictions,
): number {
  const sums = new Float64Array(width);
  const target = (label: number, k: number) => (task.type === 'multiclass' ? Number(label === k) : label);
  let total = 0;
  let squares = 0;
  let errors = 0;
  rows.forEach((row, i) => {
    const label = problem.labels[t][row];
    if (Number.isNaN(label)) return;
    const weight = problem.sampleWeight?.[row] ?? 1;
    total += weight;
    for (let k = 0; k < width; k++) {
      const y = target(label, k);
      sums[k] += weight * y;
      squares += weight * y * y;
      errors += weight * (y - values[i * width + k]) ** 2;
    }
  });
  const spread = squares - sums.reduce((sum, s) => sum + (s * s) / total, 0);
  return spread > 1e-12 * squares ? 1 - errors / spread : Number.NaN;
}
