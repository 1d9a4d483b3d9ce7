export type { KernelSeat } from './kernels';
export { neuralLearner } from './neural';
export { type NeuralParameters, neuralParameters } from './parameters';
export { serveSeat } from './serve-seat';
export { multiplicationsOfStep } from './work';
