import { availableParallelism, totalmem } from 'node:os';
import { basename, dirname, resolve } from 'node:path';
import { buildTaskTable } from '../core/dataset';
import { byPlace, checkTrainedRows, describePlan, fitsOf } from '../core/experiment';
import { families } from '../core/learner';
import { isCached } from '../io';
import { newRunId, type RunFolder, type RunRecord, RunStore, storeFor } from '../store';
import {
  type CheckResult,
  type ExtendOptions,
  JobError,
  type Progress,
  type ResumeOptions,
  type RunForecast,
  type RunOutcome,
  type StartOptions,
} from './contract';
import { Coordinator } from './coordinator';
import { Crew } from './crew';
import { estimateRun, overBudget } from './estimate';
import { LocalExecutor } from './executors/local';
import { processCount } from './executors/processes';
import { gitCommit } from './git-commit';
import { type Launch, prepareLaunch, readExperiment, wasmFolder, workerPath } from './launch';
import { isLarge } from './memory';
import { check, foundTasks } from './prepare';
import type { PreparedFinding } from './prepared';
import { isQueueBusy } from './queue';
import { earlierWork } from './reuse';
import { lastRunEvent } from './run-log';
import { TrialBoard } from './trial-board';
import { ENGINE_VERSION, TASKWEAVE_VERSION } from './version';

/**
 * Runs an experiment from its file to its leaderboard, in worker processes of this machine.
 * @throws JobError before a run exists when the experiment has mistakes or cannot be read
 */
export async function startRun(options: StartOptions): Promise<RunOutcome> {
  options.onProgress?.(PREPARING);
  const waits = options.queue === true && isQueueBusy(storeFor(resolve(options.experimentPath)));
  const crew = waits ? Crew.none : Crew.start(workerPath(options), options.workers ?? availableParallelism());
  try {
    const launch = await prepareLaunch(options, crew);
    const { store, finding } = launch;
    refuseOverBudget(launch, options);
    const run = store.createRun(recordOf(launch, options));
    run.writePlan(0, launch.plan);
    return await coordinate(run, false, finding, options, crew);
  } finally {
    await crew.end();
  }
}

/**
 * What a run would do and about how long it would take, without doing it.
 * @throws JobError as `startRun` before there is a run
 */
export async function dryRun(options: StartOptions): Promise<RunForecast> {
  const launch = await prepareLaunch(options);
  const { plan, ready, store, finding } = launch;
  const workers = options.workers ?? availableParallelism();
  const done = options.reuse === false ? new Set<string>() : earlierWork(store, ready.fingerprint, plan);
  const left = plan.trials.filter(({ id }) => !done.has(id));
  const estimate = estimateRun({ ...plan, trials: left }, ready, store, workers);
  const reused = plan.trials.reduce((sum, trial) => (done.has(trial.id) ? sum + fitsOf(trial) : sum), 0);
  return { ...describePlan(plan), diagnostics: finding.diagnostics, estimate, workers, reused };
}

/**
 * Goes on with a run from its own snapshot, whatever became of the experiment file; nothing that completed is redone.
 * @throws JobError `nothing-to-resume`, `already-running`, `data-changed`, `backend-differs`, `engine-differs`
 */
export async function resumeRun(options: ResumeOptions): Promise<RunOutcome> {
  const run = RunStore.open(resolve(options.store)).run(options.run);
  const record = run.record();
  refuseOtherEngine(run);
  const { backend } = options;
  if (backend !== undefined && backend !== 'auto' && record.backend !== null && backend !== record.backend) {
    throw new JobError(
      'backend-differs',
      `Run ${run.run} was begun on the tensor backend ${record.backend} and goes on only with it. Leave out --backend ${backend}, or start a new run.`,
    );
  }
  if (run.plans().length === 0) {
    throw new JobError(
      'nothing-to-resume',
      `Run ${run.run} was ended before it was planned. Start a new run.`,
    );
  }
  if (lastRunEvent(run)?.kind === 'closed' && TrialBoard.of(run, run.plans()).isSettled) {
    throw new JobError(
      'nothing-to-resume',
      `Run ${run.run} is complete. \`taskweave leaderboard ${run.run}\` shows it.`,
    );
  }
  return continueRun(run, options);
}

/** Does what is left of a run's plans. */
export function continueRun(run: RunFolder, options: Options): Promise<RunOutcome> {
  return coordinate(run, true, { diagnostics: [] }, options);
}

/** @throws JobError `engine-differs` */
export function refuseOtherEngine(run: RunFolder): void {
  const { versions } = run.record();
  if (versions.engine === ENGINE_VERSION) return;
  throw new JobError(
    'engine-differs',
    `Run ${run.run} was begun by engine ${versions.engine} (Taskweave ${versions.taskweave}), this is engine ` +
      `${ENGINE_VERSION}: their numbers are not each other's. Start a new run, or resume it with that version.`,
  );
}

/** The mistakes of an experiment file, by itself and against its data, and what the data say of its tasks. Reads the data in this process. */
export async function checkFile(path: string, text?: string): Promise<CheckResult> {
  const experimentPath = resolve(path);
  const { diagnostics, parsed, experiment, tables } = await check({
    experimentPath,
    text: text ?? readExperiment(experimentPath),
  });
  if (experiment === undefined || diagnostics.some(({ severity }) => severity === 'error'))
    return { diagnostics };
  const table = buildTaskTable(tables, experiment);
  const all = [...diagnostics, ...checkTrainedRows(parsed, table)].sort(byPlace);
  return { diagnostics: all, tasks: foundTasks(table) };
}

const PREPARING: Progress = {
  phase: 'preparing',
  trials: { done: 0, failed: 0, total: 0 },
  done: 0,
  total: 0,
  running: [],
  secondsLeft: null,
};

type Options = Omit<StartOptions, 'experimentPath'> | ResumeOptions | ExtendOptions;

async function coordinate(
  run: RunFolder,
  resumed: boolean,
  { diagnostics }: PreparedFinding,
  options: Options,
  crew = Crew.none,
): Promise<RunOutcome> {
  options.onRun?.({ run: run.run, store: run.store.root, folder: run.path(), diagnostics });
  const workers = options.workers ?? availableParallelism();
  // A container's limit, where there is one; else a number beyond any machine.
  const memory = Math.min(totalmem(), process.constrainedMemory() || Infinity);
  const record = run.record();
  const bytes = record.dataBytes ?? 0;
  const heldPerByte = await heldOf(record, run.store);
  const executor = new LocalExecutor({
    run,
    workers,
    processes: processCount({ workers, memory }, { bytes, heldPerByte }),
    lean: isLarge(bytes),
    workerPath: workerPath(options),
    wasmFolder: wasmFolder(options),
    crew,
  });
  return Coordinator.run({
    run,
    resumed,
    queued: options.queue === true,
    reuses: !resumed && !('reuse' in options && options.reuse === false),
    executor,
    onProgress: options.onProgress ?? (() => {}),
    signal: options.signal,
  });
}

/** Bytes that a worker process holds at most for each byte of the data: numbers that the store's cache has are not held. */
async function heldOf({ experiment, tasks, fingerprint }: RunRecord, store: RunStore): Promise<number> {
  const types = tasks.map(({ type }) => type);
  const ofModels = experiment.models.map(
    ({ kind, parameters }) => families[kind]?.heldPerByte?.(parameters, types) ?? 1,
  );
  return Math.max(...ofModels) + ((await isCached(store.dataCache(), fingerprint)) ? 0 : 1);
}

function refuseOverBudget({ plan, ready, store, experiment }: Launch, options: StartOptions): void {
  const { maxFits } = options;
  if (maxFits !== undefined && plan.fitCount > maxFits) {
    throw new JobError(
      'over-budget',
      `Not started: this needs ${plan.fitCount} fits, and ${maxFits} were granted. Ask for fewer points or folds, or for a larger budget.`,
    );
  }
  if (experiment.sweeps.every(({ budget }) => budget?.seconds === undefined)) return;
  const workers = options.workers ?? availableParallelism();
  const over = overBudget(experiment, estimateRun(plan, ready, store, workers), workers);
  if (over.length === 0) return;
  throw new JobError(
    'over-budget',
    `Not started: ${over.join('; ')}. Raise \`budget.seconds\`, or try fewer configurations.`,
  );
}

function recordOf(
  { experimentPath, text, experiment, ready }: Launch,
  { name, sweep, sweepText }: Pick<StartOptions, 'name' | 'sweep' | 'sweepText'>,
): RunRecord {
  const { fingerprint, shown, backend } = ready;
  const now = new Date();
  return {
    version: 1,
    run: newRunId(now, fingerprint),
    name: name ?? basename(experimentPath).replace(/\.mtl\.(ya?ml|json)$/i, ''),
    experimentPath,
    created: now.toISOString(),
    versions: { taskweave: TASKWEAVE_VERSION, engine: ENGINE_VERSION, node: process.version },
    backend,
    threads: 1,
    gitCommit: gitCommit(dirname(experimentPath)),
    fingerprint,
    dataBytes: ready.size.bytes,
    tasks: shown,
    experiment,
    text,
    ...(sweep && { sweep: { ...sweep } }),
    ...(sweepText && { sweep: { ...sweepText } }),
  };
}
