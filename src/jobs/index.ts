/** Running experiments: the coordinator and what it is asked, and questions about runs. */

export { findStore, sqliteVersion, storeFor } from '../store';
export {
  type BackendChoice,
  type CheckResult,
  type ExtendOptions,
  type FoundTask,
  JobError,
  type JobErrorCode,
  type Progress,
  type ResumeOptions,
  type RunForecast,
  type RunOutcome,
  type StartOptions,
  type SweepRequest,
  type TrialFailure,
} from './contract';
export { isPauseAsked, requestCancel, requestContinue, requestPause } from './control';
export { extendRun } from './extend';
export {
  type FeatureImportance,
  featureImportance,
  type PredictOptions,
  predictionsCsv,
  predictTable,
  type TablePredictions,
} from './predict';
export { answerQuery, listAll, listRuns, pruneDeleted, prunePredictions, reindex } from './queries';
export { moveInQueue, type QueueMove, readQueue } from './queue';
export { readReport } from './run-report';
export { checkFile, dryRun, resumeRun, startRun } from './start';
export { systemProblem, type UnusableFile, unusableFile } from './system-errors';
export { chooseTensorBackend } from './tensor-backend';
