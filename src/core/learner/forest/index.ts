export { extraTreesLearner, forestLearner } from './forest';
