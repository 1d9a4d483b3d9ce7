export { type Kernels, paddedRows, panelled } from './kernels';
export { plainKernels } from './plain';
export { wasmKernels } from './wasm';
