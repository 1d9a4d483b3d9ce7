export {
  Crew,
  crewSize,
  type DerivedTask,
  type LeafOutput,
  type LeafRows,
  type QuantisedLane,
  type Searched,
} from './crew';
export { FOUND, GROUP, Kernel, type KernelFunctions, MemoryLayout, SEARCH, SUMS } from './kernel';
