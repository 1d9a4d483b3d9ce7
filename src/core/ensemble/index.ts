export { applyWeights } from './apply-weights';
export { type ChainInput, type ChainLink, fitChain, predictChain } from './chains/chain';
export {
  applyCombination,
  type Combination,
  type FittedCombination,
  fitCombination,
  type PredictionCombiner,
} from './combine';
export { crossFitWeightedMean } from './cross-fit';
export { type ErrorCorrelation, errorCorrelation } from './diversity';
export { EnsembleError } from './error';
export {
  crossFitGreedy,
  fitGreedy,
  type GreedyOptions,
  type GreedySelection,
  type GreedyWeights,
} from './greedy';
export { combineMean, meanWeights } from './mean';
export { combineMedian } from './median';
export type { MemberPredictions } from './member-predictions';
export type { WeightsInput } from './member-table';
export type { EnsembleResult } from './result';
export {
  applyStacking,
  fitStacking,
  type StackedTask,
  type Stacking,
  type StackingOptions,
} from './stacking/stacking';
export { combineVote } from './vote';
export { fitWeightedMean, type WeightedMean } from './weighted-mean';
