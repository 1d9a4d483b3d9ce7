export { LinearError } from './errors';
export { linearLearner } from './linear-learner';
export { type LinearParameters, linearParameters } from './parameters';
