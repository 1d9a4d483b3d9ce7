export type {
  CategoricalColumn,
  Column,
  ColumnSummary,
  Dataset,
  DatasetSummary,
  NumericColumn,
} from './dataset';
export { type Encoder, encoderFromJSON, fitEncoder, MAX_CATEGORIES } from './encoder';
export { DataError, type DataErrorCode, type DataPlace } from './errors';
export { type Problem, type Task, type TaskType, taskWidth } from './problem';
export { canPool, poolTasks, restrictToTask } from './restrict';
export { fitTargetScaler, type TargetScaler } from './target-scaler';
export type { TaskTable } from './task-table';
