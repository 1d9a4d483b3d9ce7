export { forestLearner } from './forest';
export { type ForestParameters, forestParameters } from './parameters';
