import { probabilityOfLabel } from '../evaluate/losses';
import { checkInput, type WeightsInput } from './member-table';

/** correlation[task][member][member], symmetric with 1 on the diagonal; null where it is undefined. */
export type ErrorCorrelation = readonly (readonly (readonly (number | null)[])[])[];

/**
 * How alike the members' errors are: for each task the correlation of their errors over the rows that both predicted.
 * An error is label − prediction, for classes 1 − P(class of the row). Members whose errors are correlated by 1 are one
 * member; the lower it is, the more an average of them gains (Krogh and Vedelsby, Neural network ensembles, cross
 * validation, and active learning, NIPS 1994).
 *
 * @throws EnsembleError `no-members`, `shape`
 */
export function errorCorrelation(input: WeightsInput): ErrorCorrelation {
  checkInput(input);
  return input.tasks.map((_, t) => {
    const errors = input.members.map((_member, m) => errorsOf(input, m, t));
    return errors.map((a, i) => errors.map((b, j) => (i === j ? 1 : correlation(a, b, input.weights))));
  });
}

/** Errors of one member at one task, NaN where there is no label or no prediction (rows). */
function errorsOf({ tasks, labels, members }: WeightsInput, m: number, t: number): Float64Array {
  const { values, width } = members[m][t];
  return labels[t].map((label, row) => {
    if (Number.isNaN(label)) return Number.NaN;
    if (tasks[t].type === 'regression') return label - values[row];
    if (Number.isNaN(values[row * width])) return Number.NaN;
    const missed = 1 - probabilityOfLabel(values, width, row, label);
    // A binary error has a direction, as a regression's has.
    return tasks[t].type === 'binary' && label === 0 ? -missed : missed;
  });
}

function correlation(a: Float64Array, b: Float64Array, weights: Float64Array | undefined): number | null {
  let total = 0;
  let meanA = 0;
  let meanB = 0;
  const weightOf = (row: number): number =>
    Number.isNaN(a[row]) || Number.isNaN(b[row]) ? 0 : (weights?.[row] ?? 1);
  for (let row = 0; row < a.length; row++) {
    const weight = weightOf(row);
    if (weight === 0) continue;
    total += weight;
    meanA += weight * a[row];
    meanB += weight * b[row];
  }
  if (total === 0) return null;
  meanA /= total;
  meanB /= total;
  let covariance = 0;
  let varianceA = 0;
  let varianceB = 0;
  for (let row = 0; row < a.length; row++) {
    const weight = weightOf(row);
    if (weight === 0) continue;
    covariance += weight * (a[row] - meanA) * (b[row] - meanB);
    varianceA += weight * (a[row] - meanA) ** 2;
    varianceB += weight * (b[row] - meanB) ** 2;
  }
  const scale = Math.sqrt(varianceA * varianceB);
  return scale > 0 ? Math.max(-1, Math.min(1, covariance / scale)) : null;
}
