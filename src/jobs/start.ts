import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { DataError } from '../core/dataset';
import { type Experiment, type Plan, PlanError, parseExperiment, plan } from '../core/experiment';
import type { WorkerCommand, WorkerReply } from '../protocol/worker';
import { newRunId, type RunFolder, type RunRecord, RunStore, storeFor } from '../store';
import {
  type CheckResult,
  JobError,
  type Progress,
  type ResumeOptions,
  type RunOutcome,
  type StartOptions,
} from './contract';
import { Coordinator } from './coordinator';
import { LocalExecutor } from './executors/local';
import { gitCommit } from './git-commit';
import { check } from './prepare';
import { type PreparedFinding, preparedFinding } from './prepared';
import { lastRunEvent } from './run-log';
import { withSweep } from './sweep-request';
import { TrialBoard } from './trial-board';
import { ENGINE_VERSION, TASKWEAVE_VERSION } from './version';
import { exitReason, WorkerProcess } from './worker-process';

/**
 * Runs an experiment from its file to its leaderboard, in worker processes of this machine.
 * @throws JobError before a run exists when the experiment has mistakes or cannot be read
 */
export async function startRun(options: StartOptions): Promise<RunOutcome> {
  const experimentPath = resolve(options.experimentPath);
  const text = readExperiment(experimentPath);
  options.onProgress?.(PREPARING);
  const store = RunStore.create(storeFor(experimentPath));
  const finding = await prepareInWorker(options, {
    kind: 'prepare',
    experimentPath,
    text,
    store: store.root,
    backend: options.backend ?? 'auto',
    wasmFolder: wasmFolder(options),
    ...(options.sweep && { sweep: options.sweep }),
  });
  const { experiment } = parseExperiment(text);
  if (experiment === undefined || finding.ready === undefined) throw mistakes(experimentPath, finding);
  const wanted = withSweep(experiment, options.sweep);
  const planned = makePlan(wanted, finding.ready);
  const run = store.createRun(recordOf(experimentPath, text, wanted, finding.ready, options));
  run.writePlan(0, planned);
  return coordinate(run, false, finding, options);
}

/**
 * Goes on with a run from its own snapshot, whatever became of the experiment file; nothing that completed is redone.
 * @throws JobError `nothing-to-resume`, `already-running`, `data-changed`, `backend-differs`, `engine-differs`
 */
export async function resumeRun(options: ResumeOptions): Promise<RunOutcome> {
  const run = RunStore.open(resolve(options.store)).run(options.run);
  const record = run.record();
  if (record.versions.engine !== ENGINE_VERSION) {
    throw new JobError(
      'engine-differs',
      `Run ${run.run} was begun by engine ${record.versions.engine} (Taskweave ${record.versions.taskweave}), this is engine ` +
        `${ENGINE_VERSION}: their numbers are not each other's. Start a new run, or resume it with that version.`,
    );
  }
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
  return coordinate(run, true, { diagnostics: [] }, options);
}

/** The mistakes of an experiment file, by itself and against its data. Reads the data in this process. */
export async function checkFile(path: string, text?: string): Promise<CheckResult> {
  const experimentPath = resolve(path);
  const found = await check({ experimentPath, text: text ?? readExperiment(experimentPath) });
  return { diagnostics: found.diagnostics };
}

const PREPARING: Progress = {
  phase: 'preparing',
  trials: { done: 0, failed: 0, total: 0 },
  done: 0,
  total: 0,
  running: [],
  secondsLeft: null,
};

type Options = StartOptions | ResumeOptions;

async function coordinate(
  run: RunFolder,
  resumed: boolean,
  { diagnostics }: PreparedFinding,
  options: Options,
): Promise<RunOutcome> {
  options.onRun?.({ run: run.run, store: run.store.root, folder: run.path(), diagnostics });
  const executor = new LocalExecutor({
    run,
    workers: options.workers ?? availableParallelism(),
    workerPath: workerPath(options),
    wasmFolder: wasmFolder(options),
  });
  return Coordinator.run({
    run,
    resumed,
    executor,
    onProgress: options.onProgress ?? (() => {}),
    signal: options.signal,
  });
}

async function prepareInWorker(
  options: StartOptions,
  command: Extract<WorkerCommand, { kind: 'prepare' }>,
): Promise<PreparedFinding> {
  let hear: (reply: WorkerReply) => void = () => {};
  const replied = new Promise<WorkerReply>((resolveReply) => {
    hear = resolveReply;
  });
  const worker = new WorkerProcess(workerPath(options), (reply) => hear(reply));
  const lost = worker.exited.then((exit): WorkerReply => {
    return { kind: 'problem', code: 'worker-failed', message: exitReason(exit).reason };
  });
  worker.send(command);
  const aborted = new Promise<never>((_, reject) => {
    const cancelled = new JobError('cancelled', 'Cancelled before the run began.');
    if (options.signal?.aborted) reject(cancelled);
    options.signal?.addEventListener('abort', () => reject(cancelled), { once: true });
  });
  try {
    const reply = await Promise.race([replied, lost, aborted]);
    if (reply.kind === 'prepared') return preparedFinding.parse(reply.found);
    if (reply.kind === 'problem') throw problem(reply.code, reply.message);
    throw new JobError('worker-failed', `The worker answered "${reply.kind}" when it was to prepare.`);
  } finally {
    await worker.end();
  }
}

function makePlan(experiment: Experiment, ready: NonNullable<PreparedFinding['ready']>): Plan {
  const { fingerprint, tasks, longForm, lambdaMax } = ready;
  try {
    return plan(experiment, { fingerprint, engineVersion: ENGINE_VERSION, tasks, longForm, lambdaMax });
  } catch (error) {
    if (error instanceof PlanError || error instanceof DataError) {
      throw new JobError('invalid-experiment', error.message);
    }
    throw error;
  }
}

function recordOf(
  experimentPath: string,
  text: string,
  experiment: Experiment,
  { fingerprint, shown, backend }: NonNullable<PreparedFinding['ready']>,
  { name, sweep }: Pick<StartOptions, 'name' | 'sweep'>,
): RunRecord {
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
    tasks: shown,
    experiment,
    text,
    ...(sweep && { sweep: { ...sweep } }),
  };
}

function readExperiment(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const why =
      error instanceof Error && 'code' in error && error.code === 'ENOENT'
        ? 'does not exist'
        : 'cannot be read';
    throw new JobError(
      'unreadable-experiment',
      `${path} ${why}. \`taskweave init\` writes a first experiment.`,
    );
  }
}

function mistakes(path: string, { diagnostics }: PreparedFinding): JobError {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const words = `${basename(path)} has ${errors} ${errors === 1 ? 'mistake' : 'mistakes'}.`;
  return new JobError('invalid-experiment', words, diagnostics);
}

function problem(code: string, message: string): JobError {
  return new JobError(code === 'worker-failed' ? code : 'invalid-experiment', message);
}

function workerPath({ workerPath: given }: Options): string {
  return given ?? join(__dirname, 'worker.js');
}

/** The kernels ship beside the bundles. */
function wasmFolder(options: Options): string {
  return join(dirname(workerPath(options)), 'wasm');
}
