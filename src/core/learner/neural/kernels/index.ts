export type { Crew, KernelSeat, Kernels, KernelThreads } from './kernels';
export { paddedRows, panelled } from './kernels';
export { plainKernels } from './plain';
export { type Program, serveKernels } from './serve';
export { isLargeProduct } from './shares';
export { wasmKernels } from './wasm';
