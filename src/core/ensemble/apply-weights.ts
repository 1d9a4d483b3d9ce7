import type { TaskPredictions } from '../learner/learner';
import { EnsembleError } from './error';
import { checkMembers, type MemberPredictions } from './member-predictions';

/**
 * Σ_m weights[task][m] × member m, NaN where a member of positive weight is NaN.
 *
 * @param members members[member][task], all over the same rows
 * @param weights weights[task][member]
 * @returns one a task
 * @throws EnsembleError `no-members`, `shape`
 */
export function applyWeights(
  members: MemberPredictions,
  weights: readonly (readonly number[])[],
): TaskPredictions[] {
  checkMembers(members);
  if (weights.length !== members[0].length || weights.some((task) => task.length !== members.length)) {
    throw new EnsembleError(
      'shape',
      `Weights must be given for ${members[0].length} task(s) × ${members.length} member(s).`,
    );
  }
  return members[0].map(({ values, width }, t) => {
    const sum = new Float64Array(values.length);
    weights[t].forEach((weight, m) => {
      if (weight === 0) return;
      const member = members[m][t].values;
      for (let i = 0; i < sum.length; i++) sum[i] += weight * member[i];
    });
    return { values: Float32Array.from(sum), width };
  });
}
