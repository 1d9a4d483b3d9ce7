import type { TaskPredictions } from '../learner/learner';
import { EnsembleError } from './error';
import { checkInput, fitWeights, type MemberTable, type WeightsInput } from './member-table';
import { optimalWeights } from './weighted-mean';

/**
 * Predictions of a weighted mean for rows its weights never saw: for every fold, weights from the other folds' rows are
 * applied to its own. Scoring these is an honest validation of the ensemble; the weights to keep are those of
 * `fitWeightedMean`, from all rows. With a single fold there are no others, and the members count equally.
 *
 * @param folds fold of each row, the folds the members' out-of-fold predictions come from; negative: never held out
 * @returns one a task, over the same rows; NaN where a row was never held out
 * @throws EnsembleError `folds`, `no-members`, `shape`
 */
export function crossFitWeightedMean(input: WeightsInput, folds: Int32Array): TaskPredictions[] {
  return crossFit(input, folds, (table) => optimalWeights(table).weights);
}

/** `crossFitWeightedMean` for weights that `solve` finds some other way. */
export function crossFit(
  input: WeightsInput,
  folds: Int32Array,
  solve: (table: MemberTable) => Float64Array,
): TaskPredictions[] {
  checkInput(input);
  const rows = input.labels[0]?.length ?? folds.length;
  if (folds.length !== rows) {
    throw new EnsembleError('folds', `There are ${rows} rows, but folds of ${folds.length}.`);
  }
  const held = Array.from(new Set(folds))
    .filter((fold) => fold >= 0)
    .sort((a, b) => a - b);
  const othersOf = held.map((fold) => folds.map((other) => (other >= 0 && other !== fold ? 1 : 0)));
  const weightsOf = othersOf.map((others) => fitWeights(input, others, solve));
  return input.tasks.map((_, t) => {
    const { values, width } = input.members[0][t];
    const combined = new Float32Array(values.length).fill(Number.NaN);
    held.forEach((fold, f) => {
      for (let i = 0; i < rows; i++) {
        if (folds[i] === fold) combineRow(input, t, weightsOf[f][t], i, width, combined);
      }
    });
    return { values: combined, width };
  });
}

function combineRow(
  input: WeightsInput,
  t: number,
  weights: Float64Array,
  row: number,
  width: number,
  combined: Float32Array,
): void {
  for (let k = row * width; k < (row + 1) * width; k++) {
    let sum = 0;
    for (let m = 0; m < weights.length; m++) {
      if (weights[m] > 0) sum += weights[m] * input.members[m][t].values[k];
    }
    combined[k] = sum;
  }
}
