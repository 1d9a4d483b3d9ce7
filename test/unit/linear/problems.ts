import {
  type LinearProblem,
  layOutProblem,
  type TaskInput,
  toDesign,
} from '../../../src/core/learner/linear/linear-problem';
import { squaredLoss } from '../../../src/core/learner/linear/losses';
import { Random } from '../../../src/core/random';

/** Squared loss on every column of Y (row-major n × tasks), NaN for missing. */
export function regressionProblem(
  X: Float64Array,
  Y: Float64Array,
  n: number,
  options: { intercept?: boolean; taskWeights?: number[]; sampleWeight?: Float64Array } = {},
): LinearProblem {
  const tasks = Y.length / n;
  const inputs: TaskInput[] = Array.from({ length: tasks }, (_, t) => ({
    loss: squaredLoss,
    width: 1,
    taskWeight: options.taskWeights?.[t] ?? 1,
    labels: Float64Array.from({ length: n }, (_, i) => Y[i * tasks + t]),
  }));
  return layOutProblem(toDesign(X, n, X.length / n), inputs, {
    intercept: options.intercept ?? true,
    sampleWeight: options.sampleWeight,
  });
}

/** Row-major standard normal matrix. */
export function normalMatrix(random: Random, rows: number, columns: number): Float64Array {
  return Float64Array.from({ length: rows * columns }, () => random.normal());
}

export { Random };
