export type { StepColumn, StepGroup, StepQuantity } from './format';
export { StepFile, type StepRange, type Stretches } from './step-file';
export { type RecordedStep, StepWriter } from './step-writer';
