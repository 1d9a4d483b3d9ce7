import { DataError } from './errors';
import { lossWeights, type Problem, type Task } from './problem';

/** The problem of task `t` alone: the same features, and of the training rows those labelled for it. */
export function restrictToTask(problem: Problem, t: number): Problem {
  const { labelWeight, ...rest } = problem;
  const labels = problem.labels[t];
  const own = labelWeight?.[t];
  return {
    ...rest,
    ...(own && { labelWeight: [own] }),
    tasks: [problem.tasks[t]],
    labels: [labels],
    rows: labelledOf(problem.rows, labels),
  };
}

/** The problem of some of the tasks: the same features, and of the training rows those labelled for any of them. */
export function restrictToTasks(problem: Problem, tasks: readonly number[]): Problem {
  const { labelWeight, ...rest } = problem;
  const labels = tasks.map((t) => problem.labels[t]);
  return {
    ...rest,
    ...(labelWeight && { labelWeight: tasks.map((t) => labelWeight[t]) }),
    tasks: tasks.map((t) => problem.tasks[t]),
    labels,
    rows: problem.rows.filter((row) => labels.some((values) => !Number.isNaN(values[row]))),
  };
}

/** The rows themselves where every one has a label: what is kept of them serves the other tasks too. */
function labelledOf(rows: Int32Array, labels: Float64Array): Int32Array {
  return rows.some((row) => Number.isNaN(labels[row]))
    ? rows.filter((row) => !Number.isNaN(labels[row]))
    : rows;
}

/** Whether the tasks ask the same question (type and classes), so that their rows can be learned as one task. */
export function canPool(tasks: readonly Task[]): boolean {
  return tasks.every(
    ({ type, classes }) =>
      type === tasks[0].type &&
      classes.length === tasks[0].classes.length &&
      classes.every((name, k) => name === tasks[0].classes[k]),
  );
}

/**
 * Long data as one task with everyone's labels: the pooled baseline, which does not know whose row it sees.
 * @param rowTask task of every row of the dataset
 * @throws DataError `mixed-tasks` when the tasks differ in type or classes
 */
export function poolTasks(problem: Problem, rowTask: Int32Array): Problem {
  if (!canPool(problem.tasks)) {
    throw new DataError(
      'mixed-tasks',
      'tasks of different types or classes cannot be pooled into one',
      'Pool only tasks that share one target',
    );
  }
  const labels = Float64Array.from(rowTask, (task, row) => problem.labels[task][row]);
  const { labelWeight, ...rest } = problem;
  const weights = problem.tasks.map((_, t) => lossWeights(problem, t));
  return {
    ...rest,
    ...(labelWeight && {
      sampleWeight: Float64Array.from(rowTask, (task, row) => weights[task]?.[row] ?? 1),
    }),
    tasks: [{ ...problem.tasks[0], id: 'pooled', weight: 1 }],
    labels: [labels],
  };
}
