import type { ErrorCorrelation } from './diversity';
import type { GreedySelection } from './greedy';

/** Result of an `ensemble` trial: what it uses, and how alike that is. Tasks are in the order of the experiment's. */
export interface EnsembleResult {
  readonly members: readonly string[];
  /** weights[task][member], each task's summing to 1, or to 0 where it uses none; stacking: shares of its weights' sizes. */
  readonly weights: readonly (readonly number[])[];
  /** Stacking: influence[task][source], shares of the task whose predictions a task uses. */
  readonly influence?: readonly (readonly number[])[];
  /** Stacking: λ of each task's second level, null where the mean of the members was taken. */
  readonly lambdas?: readonly (number | null)[];
  /** Greedy: selections[task][bag]; members by their number in `members`. */
  readonly selections?: readonly (readonly GreedySelection[])[];
  /** Of what is combined: the members, or the chains. tasks[task][one][other]. */
  readonly errorCorrelation: { readonly members: readonly string[]; readonly tasks: ErrorCorrelation };
  /** Chains: base model and tasks in order. */
  readonly chains?: readonly { readonly model: string; readonly order: readonly string[] }[];
}
