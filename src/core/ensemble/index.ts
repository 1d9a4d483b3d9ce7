export { crossFitWeightedMean } from './cross-fit';
export { EnsembleError } from './error';
export { combineMean, meanWeights } from './mean';
export type { MemberPredictions } from './member-predictions';
export { applyWeights, fitWeightedMean, type WeightedMean, type WeightedMeanInput } from './weighted-mean';
