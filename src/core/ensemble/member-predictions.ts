import type { TaskPredictions } from '../learner/learner';
import { EnsembleError } from './error';

/** Predictions of the members of an ensemble: members[member][task], all over the same rows. */
export type MemberPredictions = readonly (readonly TaskPredictions[])[];

/** @throws EnsembleError `no-members`; `shape` when members differ in tasks, columns or rows */
export function checkMembers(members: MemberPredictions): void {
  if (members.length === 0) {
    throw new EnsembleError('no-members', 'An ensemble needs at least one member.');
  }
  members.forEach((member, m) => {
    if (member.length !== members[0].length) {
      throw new EnsembleError(
        'shape',
        `Member ${m} predicts ${member.length} tasks, but member 0 predicts ${members[0].length}.`,
      );
    }
    member.forEach((predictions, t) => {
      const first = members[0][t];
      if (predictions.width === first.width && predictions.values.length === first.values.length) return;
      throw new EnsembleError(
        'shape',
        `For task ${t}, member ${m} has ${predictions.values.length} predictions in ${predictions.width} ` +
          `column(s), but member 0 has ${first.values.length} in ${first.width}.`,
      );
    });
  });
}
