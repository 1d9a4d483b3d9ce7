export { Kernel, type KernelFunctions, MemoryLayout, SEARCH } from './kernel';
