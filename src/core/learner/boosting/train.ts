import type { FitContext } from '../learner';
import { type Boosted, Fit } from './fit';
import type { BoostingParameters } from './parameters';
import type { TrainingData } from './training-data';

/** An improvement of the held-out loss smaller than this fraction of it does not renew the patience. */
const LEAST_IMPROVEMENT = 1e-4;

/** Row × feature pairs after which a fit lets other work of its process go first. */
const PAIRS_WITHOUT_PAUSE = 4_000_000;

/** Rounds of trees, each fitted to the derivatives of the loss where the rounds before have left it. */
export async function boost(
  data: TrainingData,
  lambda: number,
  parameters: BoostingParameters,
  context: FitContext,
  configuration: number,
): Promise<Boosted> {
  const fit = new Fit(data, lambda, parameters, context);
  try {
    return await train(fit, data, lambda, parameters, context, configuration);
  } finally {
    await fit.close();
  }
}

async function train(
  fit: Fit,
  data: TrainingData,
  lambda: number,
  parameters: BoostingParameters,
  context: FitContext,
  configuration: number,
): Promise<Boosted> {
  const weight = (losses: readonly number[]) =>
    losses.reduce((sum, loss, t) => (Number.isNaN(loss) ? sum : sum + data.tasks[t].weight * loss), 0);
  let lowest = Infinity;
  let renewedAt = 0;
  let kept = 0;
  let pairs = 0;
  let stopped = data.heldOut === undefined;
  fit.differentiate();
  for (let round = 1; round <= parameters.rounds; round++) {
    context.signal.throwIfAborted();
    fit.addRound(round);
    const taskLosses = fit.differentiate();
    const validationLosses = fit.validationLosses();
    context.report({
      configuration,
      step: round,
      // λ weighs against sums over the rows, L_t are means.
      objective: weight(taskLosses) + (lambda * fit.penalty) / data.training.length,
      taskLosses,
      ...(validationLosses && { validationLosses }),
      penalty: fit.penalty,
      learningRate: parameters.learning_rate,
    });
    if (validationLosses === undefined) {
      kept = round;
    } else {
      const loss = weight(validationLosses);
      if (loss < lowest * (1 - LEAST_IMPROVEMENT)) renewedAt = round;
      if (loss < lowest) {
        lowest = loss;
        kept = round;
      }
      if (round - renewedAt >= parameters.patience) {
        stopped = true;
        break;
      }
    }
    pairs += data.count * data.features.length;
    if (pairs >= PAIRS_WITHOUT_PAUSE) {
      pairs = 0;
      await new Promise<void>((resume) => setTimeout(resume));
    }
  }
  return fit.finish(kept, stopped);
}
