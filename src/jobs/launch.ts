import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { DataError } from '../core/dataset';
import {
  type Experiment,
  type Plan,
  PlanError,
  parseExperiment,
  plan,
  sourcesOf,
  sweepOnly,
} from '../core/experiment';
import type { WorkerCommand } from '../protocol/worker';
import { RunStore, storeFor } from '../store';
import { JobError, type StartOptions } from './contract';
import { Crew, nextReply } from './crew';
import { isLarge, LARGE_DATA } from './memory';
import { type PreparedFinding, preparedFinding } from './prepared';
import { withSweep } from './sweep-request';
import { ENGINE_VERSION } from './version';
import { WorkerProcess } from './worker-process';

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

/**
 * @param crew processes for the run; its first prepares, where the files are so small that it may keep them, else one that is
 * given up after that
 * @throws JobError when the experiment has mistakes, cannot be read or cannot be planned
 */
export async function prepareLaunch(options: LaunchOptions, crew = Crew.none): Promise<Launch> {
  const experimentPath = resolve(options.experimentPath);
  const file = readExperiment(experimentPath);
  const text = options.sweepText ? sweepOnly(file, options.sweepText) : file;
  const store = RunStore.create(storeFor(experimentPath));
  const parsed = parseExperiment(text);
  const keeper = mayBeLarge(sourcesOf(parsed), experimentPath) ? undefined : crew.first;
  if (keeper === undefined) void crew.end();
  const worker = keeper ?? new WorkerProcess(workerPath(options), { lean: true });
  let finding: PreparedFinding;
  try {
    finding = await prepareIn(worker, options, {
      kind: 'prepare',
      experimentPath,
      text,
      store: store.root,
      backend: options.backend ?? 'auto',
      wasmFolder: wasmFolder(options),
      keep: keeper !== undefined,
      ...(options.sweep && { sweep: options.sweep }),
    });
  } finally {
    if (keeper === undefined) await worker.end();
  }
  const { experiment: written } = parsed;
  const { ready } = finding;
  // Numbers can be packed: these are for processes that are started otherwise.
  if (ready !== undefined && isLarge(ready.size.bytes)) await crew.end();
  if (written === undefined || ready === undefined) throw mistakes(experimentPath, finding);
  const experiment = withFolds(withSweep(written, options.sweep), ready);
  return { experimentPath, text: file, store, experiment, finding, ready, plan: makePlan(experiment, ready) };
}

/** A number takes two characters of text at least, and eight bytes once it is read; in files of other forms it may be packed. */
const MOST_TEXT = LARGE_DATA / 4;
const MOST_PACKED = LARGE_DATA / 16;

/** Whether a file may turn out large. One that is not there will not. */
function mayBeLarge(sources: readonly string[], experimentPath: string): boolean {
  return sources.some((source) => {
    const path = resolve(dirname(experimentPath), source);
    const most = /\.(csv|tsv|txt|json|jsonl|ndjson)$/i.test(source) ? MOST_TEXT : MOST_PACKED;
    return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > most;
  });
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

async function prepareIn(
  worker: WorkerProcess,
  options: LaunchOptions,
  command: Extract<WorkerCommand, { kind: 'prepare' }>,
): Promise<PreparedFinding> {
  const replied = nextReply(worker);
  worker.send(command);
  const aborted = new Promise<never>((_, reject) => {
    const cancelled = new JobError('cancelled', 'Cancelled before the run began.');
    if (options.signal?.aborted) reject(cancelled);
    options.signal?.addEventListener('abort', () => reject(cancelled), { once: true });
  });
  const reply = await Promise.race([replied, aborted]);
  if (reply.kind === 'prepared') return preparedFinding.parse(reply.found);
  if (reply.kind === 'problem') throw problem(reply.code, reply.message);
  throw new JobError('worker-failed', `The worker answered "${reply.kind}" when it was to prepare.`);
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
