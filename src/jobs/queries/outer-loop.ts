import type { RunFolder } from '../../store';
import type { TrialFact } from './facts';

/** Whether a trial tunes or fits on a part of the training rows alone, for an unbiased score: none of the run's own folds. */
export function isInOuterLoop(run: RunFolder, { trial }: Pick<TrialFact, 'trial'>): boolean {
  const spec = run.spec(trial);
  return 'outer' in spec && spec.outer !== undefined;
}
