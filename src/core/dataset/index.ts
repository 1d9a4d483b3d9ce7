export { buildTaskTable, experimentSources, type Sources } from './build-table';
export { type ClassWeight, classWeights } from './class-weights';
export type {
  CategoricalColumn,
  Column,
  ColumnSummary,
  Dataset,
  DatasetSummary,
  NumericColumn,
} from './dataset';
export { type Encoder, encoderFromJSON, fitEncoder } from './encoder';
export { DataError, type DataErrorCode, type DataPlace } from './errors';
export { cutFolds, type FoldAssignment, type FoldInput } from './folds';
export { inferTaskType } from './infer';
export { splitInner } from './inner-split';
export { hasLabels, lossWeights, type Problem, type Task, type TaskType, taskWidth } from './problem';
export { canPool, poolTasks, restrictToTask, restrictToTasks } from './restrict';
export type { SparseColumns } from './sparse-columns';
export { assignFolds, type SplitInput, splitTest } from './split';
export { summarize, summarizeColumn } from './summarize';
export { fitTargetScaler, type TargetScaler } from './target-scaler';
export type { TaskTable } from './task-table';
