/** The run store: event logs and marks, which are the truth, and the SQLite index, which is a cache of them. */
export { compileCacheFolder } from './cache-folder';
export { readCheckpoint, type StoredState, writeCheckpoint } from './checkpoints';
export { appendControl, readControl } from './control';
export { CoordinatorLock, type Holder, liveCoordinator } from './coordinator-lock';
export { StoreError, type StoreErrorCode } from './errors';
export { parseLine, readLines } from './event-reader';
export { EventWriter, type UnstampedRunEvent, type UnstampedTrialEvent } from './event-writer';
export { type ControlCommand, type RunEvent, runEvent, type TrialEvent, trialEvent } from './events';
export { newRunId } from './ids';
export { appendMark, type Mark, readMarks } from './marks';
export { type ModelBundle, readModel, writeModel } from './models';
export { type PredictionBlock, readPredictions, writePredictions } from './predictions';
export { isAlive } from './process-identity';
export { alikeOf, estimateSecondsLeft, isTrainingKind, type TimedTrial } from './progress';
export { hasFoldPredictions, pruneAll, pruneFoldPredictions, readFoldPredictions } from './pruned';
export { Queue, type QueueState } from './queue';
export { type RunRecord, runRecord } from './run-record';
export { indexPath, sqliteVersion } from './sqlite/database';
export type { AttemptKey } from './sqlite/ingest';
export { StoreIndex } from './sqlite/store-index';
export {
  type RecordedStep,
  type StepColumn,
  StepFile,
  type StepGroup,
  type StepQuantity,
  type StepRange,
  StepWriter,
  type Stretches,
} from './steps';
export { findStore, RunFolder, RunStore, storeFor } from './store';
export { type AttemptStory, completedAttempt, readAttempts } from './trial-story';
