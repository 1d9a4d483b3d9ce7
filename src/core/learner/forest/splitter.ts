import type { Random } from '../../random';
import type { BestSplit } from '../trees';

export const MISSING_NONE = { saw: false, left: false } as const;
export const MISSING_GOES_RIGHT = { saw: true, left: false } as const;
export const MISSING_GOES_LEFT = { saw: true, left: true } as const;

/** What a score must exceed to be better than one found before: rounding does not choose between equal splits. */
export function aboveNoise(score: number): number {
  return score + 1e-12 * Math.abs(score);
}

/** Chooses splits by the summed impurity of all tasks; one implementation for dense, one for sparse labels. */
export interface Splitter {
  readonly best: BestSplit;
  /** Before each tree: how often the bootstrap sample holds each position; absent: once. */
  beginTree(multiplicity: Int32Array | undefined): void;
  /** Makes positions[start … end − 1] the current node. @returns whether the labels of any task differ in it */
  enter(positions: Int32Array, start: number, end: number): boolean;
  /**
   * Improves `best` by the best split of the feature, or, given `random`, by one drawn from it.
   * @returns false when the feature is constant in the node
   */
  search(feature: number, random?: Random): boolean;
  /** Adds each task's Σ scale S²/W of the current node (its impurity decrease against no split) to `sums`, times `sign`. */
  addPurity(sums: Float64Array, offset: number, sign: number): void;
  /** Whether the current node has labels of the task. */
  hasLabels(task: number): boolean;
  /**
   * Writes the node's predictions of the tasks labelled in it (in original units) into `values` (one number an output,
   * at `offset`), which holds the parent's, drawn to these by the smoothing; those of other tasks are left as they are.
   */
  writeValues(values: Float64Array, offset: number): void;
}
