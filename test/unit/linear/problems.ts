import { type Design, toDenseDesign } from '../../../src/core/learner/linear/design';
import {
  type LinearProblem,
  layOutProblem,
  type TaskInput,
} from '../../../src/core/learner/linear/linear-problem';
import { logisticLoss, softmaxLoss, squaredLoss } from '../../../src/core/learner/linear/losses';
import { Random } from '../../../src/core/random';

/** A dense design of a row-major matrix. */
export function toDesign(rowMajor: Float64Array, rowCount: number, featureCount: number): Design {
  return toDenseDesign(rowCount, featureCount, (j, from, out) => {
    for (let i = 0; i < out.length; i++) out[i] = rowMajor[(from + i) * featureCount + j];
  });
}

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

/**
 * Two regressions, a binary task and one of three classes on common features, with labels missing at random and
 * sample weights: what every solver must cope with.
 */
export function mixedProblem(
  options: { n?: number; features?: number; sparseTask?: boolean } = {},
): LinearProblem {
  const { n = 90, features = 8 } = options;
  const random = new Random(11);
  const X = normalMatrix(random, n, features);
  const truth = normalMatrix(random, features, 3);
  const score = (i: number, k: number) => {
    let sum = random.normal();
    for (let j = 0; j < features / 2; j++) sum += X[i * features + j] * truth[j * 3 + k];
    return sum;
  };
  const column = (missing: number, label: (i: number) => number) =>
    Float64Array.from({ length: n }, (_, i) => {
      const value = label(i);
      return random.uniform() < missing ? Number.NaN : value;
    });
  const sampleWeight = Float64Array.from({ length: n }, () => 0.2 + random.uniform());
  const inputs: TaskInput[] = [
    { loss: squaredLoss, width: 1, taskWeight: 1, labels: column(0.2, (i) => 2 + score(i, 0)) },
    { loss: logisticLoss, width: 1, taskWeight: 2, labels: column(0.1, (i) => (score(i, 0) > 0.3 ? 1 : 0)) },
    {
      loss: softmaxLoss,
      width: 3,
      taskWeight: 0.7,
      labels: column(0, (i) => {
        const scores = [score(i, 0), score(i, 1), score(i, 2)];
        return scores.indexOf(Math.max(...scores));
      }),
    },
    {
      loss: squaredLoss,
      width: 1,
      taskWeight: 1.5,
      labels: column(options.sparseTask === false ? 0 : 0.7, (i) => score(i, 1)),
    },
  ];
  return layOutProblem(toDesign(X, n, features), inputs, { intercept: true, sampleWeight });
}
