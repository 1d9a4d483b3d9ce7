import type { TaskPredictions } from '../learner/learner';
import { checkMembers, type MemberPredictions } from './member-predictions';
import { normalizeRows } from './normalize-rows';

/**
 * Median of the members, of an even number the mean of the two in the middle: of their values for regression, of the
 * probabilities of each class for classes, which are then divided by their sum. NaN where any member is.
 *
 * @param members members[member][task], all over the same rows
 * @returns one a task
 * @throws EnsembleError `no-members`, `shape`
 */
export function combineMedian(members: MemberPredictions): TaskPredictions[] {
  checkMembers(members);
  const sorted = new Float64Array(members.length);
  return members[0].map(({ values, width }, t) => {
    const medians = new Float64Array(values.length);
    for (let i = 0; i < medians.length; i++) {
      for (let m = 0; m < members.length; m++) sorted[m] = members[m][t].values[i];
      medians[i] = medianOfSorted(sorted.sort());
    }
    return { values: normalizeRows(medians, width), width };
  });
}

/** Sorting puts NaN last, so an unknown member shows there. */
function medianOfSorted(sorted: Float64Array): number {
  const count = sorted.length;
  if (Number.isNaN(sorted[count - 1])) return Number.NaN;
  return (sorted[(count - 1) >> 1] + sorted[count >> 1]) / 2;
}
