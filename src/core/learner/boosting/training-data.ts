import { type Problem, splitInner } from '../../dataset';
import { seedFrom } from '../../random';
import { type FeatureBins, MISSING_BIN, prepareTrainingSet } from '../trees';
import type { BoostingParameters } from './parameters';

/** A feature's cells in a histogram: one a bin, and one for missing values where there are any. */
export interface FeatureCells {
  readonly bins: FeatureBins;
  /** Number of bins; a missing value has this code. */
  readonly present: number;
  readonly cells: number;
}

/** Rows made ready for trees; "position" i is the i-th of `count` rows. */
export interface TrainingData {
  readonly count: number;
  readonly features: readonly FeatureCells[];
  /** Per feature: the cell of every position. */
  readonly codes: readonly Uint8Array[];
  readonly tasks: Problem['tasks'];
  /** Per task: class code, or standardised target; NaN where unlabelled. */
  readonly labels: readonly Float64Array[];
  readonly weights?: Float64Array;
  /** Per task whose rows have weights of their own (of classes): these, in the place of `weights`. */
  readonly taskWeights?: readonly (Float64Array | undefined)[];
  /** Mean and standard deviation of each task's target (0 and 1 for classifications). */
  readonly mean: Float64Array;
  readonly scale: Float64Array;
  /** Positions to learn from, ascending. */
  readonly training: Int32Array;
  /** Positions that tell when to stop; absent without early stopping. */
  readonly heldOut?: Int32Array;
}

/** Fewer rows than this say nothing of when to stop: early stopping then goes all rounds on all rows. */
const FEWEST_HELD_OUT = 10;

/**
 * Bins and target scales are fitted on all rows of the problem that have a label; early stopping takes its rows,
 * stratified over all tasks, out of them (whole groups, the latest: `splitInner`).
 */
export function prepareTraining(
  problem: Problem,
  { bins, early_stopping, validation_fraction }: BoostingParameters,
  seed: number,
): TrainingData {
  const set = prepareTrainingSet(problem, bins);
  const count = set.rows.length;
  const all = Int32Array.from({ length: count }, (_, i) => i);
  const features = set.features.map(({ bins: of, codes }) => countCells(of, codes));
  // Codes of this set are no one else's: a missing value gets the cell after those of the bins, in place.
  const codes = set.features.map((feature, f) => recode(feature.codes, features[f].present));
  const data = {
    count,
    features,
    codes,
    tasks: set.tasks,
    labels: set.labels,
    ...(set.weights && { weights: set.weights }),
    ...(set.taskWeights && { taskWeights: set.taskWeights }),
    mean: set.scaler.mean,
    scale: set.scaler.scale,
  };
  if (!early_stopping || Math.floor(count * validation_fraction) < FEWEST_HELD_OUT) {
    return { ...data, training: all };
  }
  const { rowGroup, rowTime } = problem;
  const { trainRows, testRows } = splitInner({
    rows: all,
    tasks: set.tasks,
    labels: set.labels,
    ...(rowGroup && { rowGroup: Int32Array.from(set.rows, (row) => rowGroup[row]) }),
    ...(rowTime && { rowTime: Float64Array.from(set.rows, (row) => rowTime[row]) }),
    fraction: validation_fraction,
    seed: seedFrom(seed, 'early stopping'),
  });
  return { ...data, training: trainRows, heldOut: testRows };
}

function countCells(bins: FeatureBins, codes: Uint8Array): FeatureCells {
  const present =
    bins.kind === 'numeric'
      ? bins.lower.length
      : bins.bins.reduce((highest, bin) => Math.max(highest, bin + 1), 0);
  return { bins, present, cells: present + (codes.includes(MISSING_BIN) ? 1 : 0) };
}

function recode(codes: Uint8Array, missing: number): Uint8Array {
  for (let i = 0; i < codes.length; i++) {
    if (codes[i] === MISSING_BIN) codes[i] = missing;
  }
  return codes;
}
