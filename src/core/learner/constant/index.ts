export { constantLearner } from './constant';
