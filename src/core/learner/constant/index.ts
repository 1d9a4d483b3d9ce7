export { constantLearner, constantParameters } from './constant';
