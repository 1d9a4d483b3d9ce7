export { Crew, crewSize } from './crew';
export type { DerivedTask, LeafOutput, LeafRows, QuantisedLane, Searched } from './jobs';
export { FOUND, GROUP, Kernel, type KernelFunctions, MemoryLayout, SEARCH, SUMS } from './kernel';
