export { boostingLearner } from './boosting';
export { type BoostingParameters, boostingParameters } from './parameters';
