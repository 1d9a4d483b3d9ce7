import { logLossWeights } from './log-loss-weights';
import { checkInput, fitWeights, type MemberTable, type WeightsInput } from './member-table';
import { mixedWeights } from './mixed-weights';
import type { SimplexWeights } from './simplex-weights';
import { squaredErrorWeights } from './squared-error-weights';

export interface WeightedMean {
  /** weights[task][member]: each task's on the simplex. */
  readonly weights: number[][];
  /** Per task: bound on what other weights could still gain, relative (squared error) or in nats (log loss). */
  readonly gaps: number[];
}

/**
 * Weights of the members for each task, optimal for the task's loss on its out-of-fold predictions: squared error for
 * regression, log loss of the mixed probabilities for classes. Members that do not help a task get exactly 0 in it.
 *
 * With `joint`, one weight a member for all tasks, optimal for the sum of their losses, each relative to that of equal
 * weights: steadier where tasks have few labels each.
 *
 * Rows without a label, or that some usable member did not predict, are left out. A member that predicted none of a
 * task's labelled rows gets weight 0 in it; with no row to learn from, the others share the weight equally.
 *
 * @throws EnsembleError `no-members`, `shape`
 */
export function fitWeightedMean(input: WeightsInput): WeightedMean {
  checkInput(input);
  const everyRow = new Int32Array(input.labels[0]?.length ?? 0).fill(1);
  const gaps = input.tasks.map(() => 0);
  const weights = fitWeights(input, everyRow, (table, t) => {
    const optimal = optimalWeights(table);
    if (input.joint) gaps.fill(optimal.gap);
    else gaps[t] = optimal.gap;
    return optimal.weights;
  });
  return { weights: weights.map((of) => Array.from(of)), gaps };
}

/** Weights that minimise the table's loss. */
export function optimalWeights({ squaredRows, values, members, weights }: MemberTable): SimplexWeights {
  if (squaredRows === weights.length) return squaredErrorWeights(values, members, weights);
  if (squaredRows === 0) return logLossWeights(values, members, weights);
  return mixedWeights(values, members, weights, squaredRows);
}
