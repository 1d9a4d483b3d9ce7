import type { BagTrial } from '../../core/experiment';
import { selectionResult } from '../results';
import { type TrialContext, TrialError } from './context';
import { keepModels } from './keep-models';
import { learnerOf, partsOf } from './parts';
import { configurationsOf } from './placed';
import { resultOf, upstream } from './upstream';

/**
 * Fits the chosen configuration as its fold did, on the same rows with the same seed, to keep the model: the fits of a
 * sweep are too many to keep them all.
 */
export async function runBag(spec: BagTrial, context: TrialContext): Promise<void> {
  const { run, data } = context;
  const configurations = configurationsOf(run, spec);
  const { chosen } = resultOf(upstream(run, spec.select), selectionResult);
  const fit = run.spec(spec.fit);
  if (fit.kind !== 'fit') throw new TrialError('upstream-missing', `Trial ${spec.fit} is not a fit.`);
  const { train } = data.fold(fit.fold, fit.folds, fit.repeat);
  await keepModels(
    learnerOf(spec.learner),
    partsOf(data, { key: spec.key, configurations }, train, chosen),
    chosen,
    fit.seed,
    context,
  );
}
