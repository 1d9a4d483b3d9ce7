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
