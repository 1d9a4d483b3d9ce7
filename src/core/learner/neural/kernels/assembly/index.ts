export {
  add,
  addScaled,
  hyperbolic,
  hyperbolicGradient,
  multiply,
  rectify,
  rectifyGradient,
  scale,
  sumOfSquares,
} from './elementwise';
export { pointwiseLosses } from './losses';
export { adam, adamProximal, descend } from './optimizers';
export { dense, denseBias, denseWeights, transpose } from './products';
export { gather } from './rows';
