import { type Problem, type Task, taskWidth } from '../../dataset/problem';
import type { FittedModel, Learner, SerializedModel, TaskPredictions } from '../learner';
import { tasksFromJSON, tasksToJSON } from '../task-header';
import { constantFamily } from './family';

/**
 * The predictor that looks at no feature: the weighted mean of the labels for regression, the weighted class
 * frequencies for classification. The zero of every skill score. A task without any labelled row (or with zero
 * weight on all of them) predicts 0 and equal frequencies.
 */
export const constantLearner: Learner = {
  ...constantFamily,
  async fit(problem, configurations, context) {
    context.signal.throwIfAborted();
    const model = constantModel(
      problem.tasks,
      problem.tasks.map((_, t) => taskConstant(problem, t)),
    );
    return configurations.map(() => model);
  },
  load(model) {
    const tasks = tasksFromJSON(model.header.tasks);
    const values = model.arrays.values;
    const width = tasks.reduce((sum, task) => sum + taskWidth(task), 0);
    if (!(values instanceof Float64Array) || values.length !== width) {
      throw new RangeError(`A constant model of ${width} outputs must have as many float64 values.`);
    }
    let end = 0;
    const constants = tasks.map((task) => {
      const start = end;
      end += taskWidth(task);
      return values.subarray(start, end);
    });
    return constantModel(tasks, constants);
  },
};

/** The constant of task t: one value, or one frequency a class (binary: of the positive class). */
function taskConstant(problem: Problem, t: number): Float64Array {
  const task = problem.tasks[t];
  const labels = problem.labels[t];
  const sums = new Float64Array(task.type === 'regression' ? 1 : task.classes.length);
  let total = 0;
  for (const row of problem.rows) {
    const label = labels[row];
    if (Number.isNaN(label)) continue;
    const weight = problem.sampleWeight?.[row] ?? 1;
    total += weight;
    if (task.type === 'regression') sums[0] += weight * label;
    else sums[label] += weight;
  }
  if (task.type === 'regression') return total > 0 ? sums.map((sum) => sum / total) : sums;
  const frequencies = sums.map((sum) => (total > 0 ? sum / total : 1 / sums.length));
  return task.type === 'binary' ? frequencies.slice(1, 2) : frequencies;
}

function constantModel(tasks: readonly Task[], constants: readonly Float64Array[]): FittedModel {
  return {
    convergence: { converged: true, iterations: 0, criterion: 'none' },
    summary: {
      sharedParameters: 0,
      privateParameters: constants.reduce((sum, values) => sum + values.length, 0),
      activeFeatures: 0,
    },
    predict: (_, rows) => constants.map((values) => repeat(values, rows.length)),
    serialize: (): SerializedModel => ({
      format: 'taskweave-model',
      version: 1,
      learner: 'constant',
      header: { tasks: tasksToJSON(tasks) },
      arrays: { values: Float64Array.from(constants.flatMap((values) => [...values])) },
    }),
  };
}

function repeat(constant: Float64Array, rows: number): TaskPredictions {
  const width = constant.length;
  const values = new Float32Array(rows * width);
  for (let i = 0; i < rows; i++) values.set(constant, i * width);
  return { values, width };
}
