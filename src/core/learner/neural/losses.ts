import type { TaskType } from '../../dataset/problem';

/** A task's linear head: `width` columns of the net's outputs from `offset` on. */
export interface Head {
  readonly type: TaskType;
  readonly offset: number;
  readonly width: number;
  /** w_t. */
  readonly weight: number;
}

/** Labels of some rows. Both arrays are row-major (rows × tasks). */
export interface Targets {
  /** Standardised value or class code; anything where the share is 0. */
  readonly values: Float32Array;
  /**
   * The row's share a_it of L_t = Σ_i a_it ℓ_it: its sample weight over the sum of the sample weights of the rows
   * labelled for the task. 0 where the label is missing; every task's shares sum to 1, or to 0 where it has no label.
   */
  readonly shares: Float64Array;
}

/**
 * Adds every task's Σ_i a_it ℓ_it over the given rows to `losses`, and fills the gradient of
 * `scale` Σ_t w_t Σ_i a_it ℓ_it with respect to the outputs.
 *
 * ℓ is ½(z − y)² for regression, log(1 + e^z) − yz for a binary task, log Σ_k e^{z_k} − z_y for a multiclass one.
 * A row without a label for a task has share 0: no loss, and a gradient of exactly 0.
 *
 * @param outputs row-major (count × columns), columns the sum of the heads' widths
 * @param rows indices into `targets`, of which the first `count` are those of the outputs' rows
 * @param losses one a task, added to
 * @param gradient same shape as `outputs`; absent: losses only
 */
export function accumulateLosses(
  heads: readonly Head[],
  targets: Targets,
  outputs: Float32Array,
  rows: Int32Array,
  count: number,
  losses: Float64Array,
  scale: number,
  gradient?: Float32Array,
): void {
  const columns = heads.reduce((sum, head) => sum + head.width, 0);
  const tasks = heads.length;
  gradient?.fill(0);
  for (let t = 0; t < tasks; t++) {
    const { type, offset, width, weight } = heads[t];
    const pointwise = type === 'regression' ? squared : type === 'binary' ? logistic : softmax;
    let loss = 0;
    for (let i = 0; i < count; i++) {
      const label = rows[i] * tasks + t;
      const share = targets.shares[label];
      if (share === 0) continue;
      const at = i * columns + offset;
      loss += share * pointwise(outputs, at, width, targets.values[label], scale * weight * share, gradient);
    }
    losses[t] += loss;
  }
}

/** Loss of one row and task; its gradient times `factor` goes to the same place of `gradient` as its outputs. */
type PointwiseLoss = (
  outputs: Float32Array,
  at: number,
  width: number,
  target: number,
  factor: number,
  gradient: Float32Array | undefined,
) => number;

const squared: PointwiseLoss = (outputs, at, _width, target, factor, gradient) => {
  const residual = outputs[at] - target;
  if (gradient) gradient[at] = factor * residual;
  return 0.5 * residual * residual;
};

const logistic: PointwiseLoss = (outputs, at, _width, target, factor, gradient) => {
  const z = outputs[at];
  const small = Math.exp(-Math.abs(z));
  if (gradient) gradient[at] = factor * ((z >= 0 ? 1 : small) / (1 + small) - target);
  return Math.max(z, 0) + Math.log1p(small) - target * z;
};

const softmax: PointwiseLoss = (outputs, at, width, target, factor, gradient) => {
  let largest = outputs[at];
  for (let k = 1; k < width; k++) largest = Math.max(largest, outputs[at + k]);
  let sum = 0;
  for (let k = 0; k < width; k++) sum += Math.exp(outputs[at + k] - largest);
  if (gradient) {
    for (let k = 0; k < width; k++) {
      gradient[at + k] = factor * (Math.exp(outputs[at + k] - largest) / sum - (k === target ? 1 : 0));
    }
  }
  return largest + Math.log(sum) - outputs[at + target];
};
