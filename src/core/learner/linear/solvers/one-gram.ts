import { featureOf, scratchOf } from '../design';
import type { LinearProblem } from '../linear-problem';

/** Features up to which there is room for inner products of all, should they be needed (128 MiB). */
const MOST_FEATURES = 4096;

/** Whether one Gram matrix and one curvature a feature serve the whole problem. */
export function isOneGram({ tasks, design }: LinearProblem): boolean {
  const [first] = tasks;
  return (
    design.featureCount > 0 &&
    design.featureCount <= MOST_FEATURES &&
    tasks.every(
      (task) =>
        task.loss.quadratic &&
        task.taskWeight === first.taskWeight &&
        task.count === first.count &&
        (task.rows === first.rows ||
          (task.rows !== undefined && first.rows?.every((row, i) => row === task.rows?.[i]) === true)) &&
        task.weight.every((w, i) => Math.abs(w - first.weight[i]) <= 1e-15 * first.weight[i]),
    )
  );
}

/** ‖x̃_j‖ with the rows' weights, which sum to 1. */
export function featureLengths({ design, tasks, intercept }: LinearProblem): Float64Array {
  const [{ weight, taskWeight, rows, count }] = tasks;
  const scratch = scratchOf(design);
  return Float64Array.from({ length: design.featureCount }, (_, j) => {
    const column = featureOf(design, j, scratch);
    let sum = 0;
    let square = 0;
    for (let i = 0; i < count; i++) {
      const x = column[rows ? rows[i] : i];
      const h = weight[i] / taskWeight;
      sum += h * x;
      square += h * x * x;
    }
    return Math.sqrt(Math.max(0, intercept ? square - sum * sum : square));
  });
}
