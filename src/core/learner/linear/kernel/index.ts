export { Factors } from './factors';
export { Kernel, type KernelFunctions, MemoryLayout, singleScratch } from './kernel';
