export { Kernel, type KernelFunctions, MemoryLayout } from './kernel';
