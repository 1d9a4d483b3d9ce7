export { dense } from './dense';
export { denseBias, denseWeights, transpose } from './dense-gradient';
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
export { mixRows, rowProducts, softmaxRows, softmaxRowsGradient } from './mixture';
export {
  columnDeviations,
  columnProducts,
  normColumns,
  normColumnsGradient,
  normRows,
  normRowsGradient,
} from './norm';
export { adam, adamProximal, descend } from './optimizers';
export { fromRows, gather, toRows } from './rows';
