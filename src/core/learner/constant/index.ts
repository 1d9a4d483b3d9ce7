export { constantLearner } from './constant';
export { constantParameters } from './family';
