export { neuralLearner } from './neural';
export { type NeuralParameters, neuralParameters } from './parameters';
