import { hasFoldPredictions, writePredictions } from '../../store';
import type { TrialContext } from './context';
import { predictFold } from './fit';
import { chosenPlaces, type Member } from './member';
import { fitAgain, learnerOf } from './parts';
import { placedOf } from './placed';

/**
 * Sees to it that the out-of-fold predictions of the members' choices are there. Those of configurations that were not chosen
 * are pruned when a run completes; where it is extended, or its work taken over by a run that chooses otherwise, the fits
 * are done again: they give the same numbers. Two processes may do so at once: each writes the whole file.
 */
export async function restoreFolds(
  members: readonly Pick<Member, 'fits' | 'selection'>[],
  context: TrialContext,
): Promise<void> {
  const { run, data } = context;
  for (const { fits, selection } of members) {
    for (const { trial, story } of fits) {
      const spec = run.spec(trial);
      if (spec.kind !== 'fit') continue;
      const { used } = chosenPlaces(placedOf(run, spec), selection.chosen, data.table.tasks.length);
      if (used.every((place) => hasFoldPredictions(run, trial, story.attempt, place))) continue;
      const { block, configurations, heldOut } = await predictFold(spec, context, (part) =>
        fitAgain(learnerOf(spec.learner), part, spec.seed, context),
      );
      writePredictions(run.predictions(trial, story.attempt, 'validation'), {
        configurations,
        columns: data.layout.columns,
        rows: heldOut.length,
        values: block,
      });
    }
  }
}
