import type { TaskPredictions } from '../learner/learner';
import { applyWeights } from './apply-weights';
import { checkMembers, type MemberPredictions } from './member-predictions';

/**
 * Mean of the members: of their values for regression, of their probabilities for classes. NaN where any member is.
 *
 * @param members members[member][task], all over the same rows
 * @returns one a task
 * @throws EnsembleError `no-members`, `shape`
 */
export function combineMean(members: MemberPredictions): TaskPredictions[] {
  checkMembers(members);
  return applyWeights(members, meanWeights(members[0].length, members.length));
}

/** weights[task][member], all equal. */
export function meanWeights(tasks: number, members: number): number[][] {
  return Array.from({ length: tasks }, () => new Array<number>(members).fill(1 / members));
}
