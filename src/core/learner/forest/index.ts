export { extraTreesLearner, forestLearner } from './forest';
export { extraTreesParameters, type ForestParameters, forestParameters } from './parameters';
