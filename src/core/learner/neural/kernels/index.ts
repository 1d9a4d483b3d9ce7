export { type Kernels, paddedRows, panelled } from './kernels';
export { plainKernels } from './plain';
export { serveKernels } from './serve';
export type { KernelSeat, StartKernelThread } from './team';
export { type KernelThreads, wasmKernels } from './wasm';
