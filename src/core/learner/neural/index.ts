export { type KernelSeat, serveKernels } from './kernels';
export { neuralLearner } from './neural';
export { type NeuralParameters, neuralParameters } from './parameters';
export { multiplicationsOfStep } from './work';
