import { readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { DataError } from '../core/dataset';
import { type Experiment, type Plan, PlanError, parseExperiment, plan, sweepOnly } from '../core/experiment';
import type { WorkerCommand, WorkerReply } from '../protocol/worker';
import { RunStore, storeFor } from '../store';
import { JobError, type StartOptions } from './contract';
import { type PreparedFinding, preparedFinding } from './prepared';
import { withSweep } from './sweep-request';
import { ENGINE_VERSION } from './version';
import { exitReason, WorkerProcess } from './worker-process';

export type Ready = NonNullable<PreparedFinding['ready']>;

/** An experiment read, checked against its data, and planned: all that precedes a run. */
export interface Launch {
  readonly experimentPath: string;
  readonly text: string;
  readonly store: RunStore;
  readonly experiment: Experiment;
  readonly finding: PreparedFinding;
  readonly ready: Ready;
  readonly plan: Plan;
}

type LaunchOptions = Pick<
  StartOptions,
  'experimentPath' | 'sweep' | 'sweepText' | 'backend' | 'workerPath' | 'signal'
>;

/** @throws JobError when the experiment has mistakes, cannot be read or cannot be planned */
export async function prepareLaunch(options: LaunchOptions): Promise<Launch> {
  const experimentPath = resolve(options.experimentPath);
  const file = readExperiment(experimentPath);
  const text = options.sweepText ? sweepOnly(file, options.sweepText) : file;
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
  const { experiment: written } = parseExperiment(text);
  const { ready } = finding;
  if (written === undefined || ready === undefined) throw mistakes(experimentPath, finding);
  const experiment = withFolds(withSweep(written, options.sweep), ready);
  return { experimentPath, text: file, store, experiment, finding, ready, plan: makePlan(experiment, ready) };
}

/** How many folds a column makes is known from the data only. */
function withFolds(experiment: Experiment, { folds }: Ready): Experiment {
  return folds === undefined ? experiment : { ...experiment, data: { ...experiment.data, folds } };
}

function makePlan(experiment: Experiment, ready: Ready): Plan {
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

async function prepareInWorker(
  options: LaunchOptions,
  command: Extract<WorkerCommand, { kind: 'prepare' }>,
): Promise<PreparedFinding> {
  let hear: (reply: WorkerReply) => void = () => {};
  const replied = new Promise<WorkerReply>((resolveReply) => {
    hear = resolveReply;
  });
  const worker = new WorkerProcess(workerPath(options), (reply) => hear(reply), { lean: true });
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

export function readExperiment(path: string): string {
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

export function workerPath({ workerPath: given }: Pick<StartOptions, 'workerPath'>): string {
  return given ?? join(__dirname, 'worker.js');
}

/** The kernels ship beside the bundles. */
export function wasmFolder(options: Pick<StartOptions, 'workerPath'>): string {
  return join(dirname(workerPath(options)), 'wasm');
}
