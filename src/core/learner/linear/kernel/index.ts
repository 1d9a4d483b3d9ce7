export { Factors } from './factors';
export { Kernel, type KernelFunctions, MemoryLayout } from './kernel';
