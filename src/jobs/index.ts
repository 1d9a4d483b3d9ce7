/**
 * Running experiments: coordinator, workers, queries. Coming beside the types (names fixed):
 * - `startRun(options: StartOptions): Promise<RunOutcome>` and `resumeRun(options: ResumeOptions): Promise<RunOutcome>`,
 *   both throw `JobError` before a run starts;
 * - `requestCancel|requestPause|requestContinue(store: string, run: string): void` append to `control.jsonl`;
 * - `storeFor(experimentPath): string` (the `.taskweave` beside it), `findStore(from): string | undefined` (nearest upwards);
 * - `listRuns(store): RunSummary[]`, `answerQuery(query: Query): Answer` in-process (CLI), `reindex(store): void`;
 * - `forkQueryWorker({nodePath?, queryPath, env?}): QueryClient` with `ask(query)`, `onChanged(listener)`, `dispose()` (extension);
 * - `spawnCoordinator({nodePath, cliPath, experimentPath, args?, env?}): SpawnedCoordinator`, detached `taskweave run …`;
 * - `checkFile(path, text?): Promise<CheckResult>`; `sqliteVersion(): string | undefined` for doctor.
 */
export type {
  BackendChoice,
  CheckResult,
  JobErrorCode,
  Progress,
  ResumeOptions,
  RunOutcome,
  StartOptions,
  SweepRequest,
  TrialFailure,
} from './contract';
export { JobError } from './contract';
