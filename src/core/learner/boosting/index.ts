export { boostingLearner } from './boosting';
