import type { Combiner } from '../experiment/experiment';
import type { FitContext, TaskPredictions } from '../learner/learner';
import { applyWeights } from './apply-weights';
import { crossFitWeightedMean } from './cross-fit';
import { crossFitGreedy, fitGreedy, type GreedySelection } from './greedy';
import { combineMean, meanWeights } from './mean';
import { combineMedian } from './median';
import type { MemberPredictions } from './member-predictions';
import type { WeightsInput } from './member-table';
import { applyStacking, fitStacking, type StackedTask } from './stacking/stacking';
import { combineVote } from './vote';
import { fitWeightedMean } from './weighted-mean';

/** What was learned: all that is needed to combine the members' predictions of other rows. */
export type Combination =
  | { readonly kind: 'weights'; readonly weights: readonly (readonly number[])[] }
  | { readonly kind: 'median' | 'vote' }
  | { readonly kind: 'stacking'; readonly tasks: readonly StackedTask[] };

export interface FittedCombination {
  readonly combination: Combination;
  /** Of the training rows by what never saw their labels, one a task. */
  readonly validation: readonly TaskPredictions[];
  /** weights[task][member], each task's summing to 1 (to 0 where no member is used); stacking: shares of the sizes of its weights. */
  readonly weights: readonly (readonly number[])[];
  /** Stacking: influence[task][source], shares of the task whose predictions are used. */
  readonly influence?: readonly (readonly number[])[];
  /** Stacking: λ of each task's second level, null where there is none. */
  readonly lambdas?: readonly (number | null)[];
  /** Greedy: selections[task][bag]. */
  readonly selections?: readonly (readonly GreedySelection[])[];
}

/** Combiners of predictions that are there; chains make their own. */
export type PredictionCombiner = Exclude<Combiner, { readonly combine: 'chains' }>;

/**
 * Learns a combination from out-of-fold predictions.
 * @param folds fold of each row, those the members' predictions come from; negative: never held out
 * @throws EnsembleError
 */
export async function fitCombination(
  combiner: PredictionCombiner,
  input: WeightsInput,
  folds: Int32Array,
  context: FitContext,
): Promise<FittedCombination> {
  const { tasks, members } = input;
  const weighed = 'weights' in combiner && combiner.weights === 'joint' ? { ...input, joint: true } : input;
  const equal = meanWeights(tasks.length, members.length);
  switch (combiner.combine) {
    case 'mean':
      return {
        combination: { kind: 'weights', weights: equal },
        validation: combineMean(members),
        weights: equal,
      };
    case 'median':
      return { combination: { kind: 'median' }, validation: combineMedian(members), weights: equal };
    case 'vote':
      return { combination: { kind: 'vote' }, validation: combineVote(tasks, members), weights: equal };
    case 'weighted': {
      const { weights } = fitWeightedMean(weighed);
      const validation = crossFitWeightedMean(weighed, folds);
      return { combination: { kind: 'weights', weights }, validation, weights };
    }
    case 'greedy': {
      const options = { ...combiner, seed: context.seed };
      const { weights, selections } = fitGreedy(weighed, options);
      const validation = crossFitGreedy(weighed, folds, options);
      return { combination: { kind: 'weights', weights }, validation, weights, selections };
    }
    case 'stacking': {
      const { tasks: stacked, ...found } = await fitStacking(input, folds, combiner, context);
      return { combination: { kind: 'stacking', tasks: stacked }, ...found };
    }
  }
}

/** The members' predictions of any rows made one. @throws EnsembleError `no-members`, `shape` */
export function applyCombination(
  combination: Combination,
  tasks: WeightsInput['tasks'],
  members: MemberPredictions,
): TaskPredictions[] {
  switch (combination.kind) {
    case 'weights':
      return applyWeights(members, combination.weights);
    case 'median':
      return combineMedian(members);
    case 'vote':
      return combineVote(tasks, members);
    case 'stacking':
      return applyStacking(tasks, combination.tasks, members);
  }
}
