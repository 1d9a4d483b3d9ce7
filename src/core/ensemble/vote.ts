import type { Task } from '../dataset/problem';
import { predictedClass } from '../evaluate/losses';
import type { TaskPredictions } from '../learner/learner';
import { combineMean } from './mean';
import { checkMembers, type MemberPredictions } from './member-predictions';

/**
 * Majority vote: every member votes for the class it finds most probable, and a class's probability is its share of the
 * votes. Regression has no classes to vote for and takes the mean. NaN where any member is.
 *
 * @param tasks what is predicted, in the order of the members' predictions
 * @param members members[member][task], all over the same rows
 * @returns one a task
 * @throws EnsembleError `no-members`, `shape`
 */
export function combineVote(tasks: readonly Task[], members: MemberPredictions): TaskPredictions[] {
  checkMembers(members);
  return tasks.map(({ type }, t) => {
    const predictions = members.map((member) => member[t]);
    return type === 'regression' ? combineMean(predictions.map((one) => [one]))[0] : shares(predictions);
  });
}

function shares(members: readonly TaskPredictions[]): TaskPredictions {
  const { values, width } = members[0];
  const votes = new Float64Array(values.length);
  for (const member of members) {
    for (let row = 0; row * width < votes.length; row++) addVote(votes, member, row);
  }
  return { values: Float32Array.from(votes, (count) => count / members.length), width };
}

function addVote(votes: Float64Array, { values, width }: TaskPredictions, row: number): void {
  const first = row * width;
  if (values.subarray(first, first + width).some(Number.isNaN)) {
    votes.fill(Number.NaN, first, first + width);
    return;
  }
  const voted = predictedClass(values, width, row);
  if (width > 1) votes[first + voted]++;
  else votes[first] += voted;
}
