import type { SparseColumns } from '../../dataset/sparse-columns';
import type { LinearProblem, TaskRows } from './linear-problem';

/** Adds X W to the predictions of every task, at the task's own rows. */
export function addSparse(
  problem: LinearProblem,
  { starts, rows, values }: SparseColumns,
  W: Float64Array,
  Z: Float64Array,
): void {
  const { columns, design } = problem;
  for (const task of problem.tasks) {
    const place = places(problem, task);
    for (let k = 0; k < task.width; k++) {
      const at = task.offset + k * task.count;
      for (let j = 0; j < design.featureCount; j++) {
        const w = W[j * columns + task.firstColumn + k];
        if (w === 0) continue;
        for (let e = starts[j]; e < starts[j + 1]; e++) {
          const i = place ? place[rows[e]] : rows[e];
          if (i >= 0) Z[at + i] += w * values[e];
        }
      }
    }
  }
}

/** Fills the rows `features` of V with Xᵀ θ. */
export function correlateSparse(
  problem: LinearProblem,
  { starts, rows, values }: SparseColumns,
  theta: Float64Array,
  V: Float64Array,
  features: Int32Array,
): void {
  const { columns } = problem;
  for (const task of problem.tasks) {
    const place = places(problem, task);
    for (let k = 0; k < task.width; k++) {
      const at = task.offset + k * task.count;
      for (const j of features) {
        let sum = 0;
        for (let e = starts[j]; e < starts[j + 1]; e++) {
          const i = place ? place[rows[e]] : rows[e];
          if (i >= 0) sum += values[e] * theta[at + i];
        }
        V[j * columns + task.firstColumn + k] = sum;
      }
    }
  }
}

/** Row of a design → place among a task's rows, −1 for rows that it does not look at; undefined where it looks at all. */
function places({ design }: LinearProblem, { rows }: TaskRows): Int32Array | undefined {
  if (!rows) return undefined;
  const at = new Int32Array(design.rowCount).fill(-1);
  for (let i = 0; i < rows.length; i++) at[rows[i]] = i;
  return at;
}
