/**
 * A worker process: takes packets of trials from a coordinator, reads the run's data once, does one trial after the
 * other. Lives as long as its channel.
 */
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Dataset } from '../core/dataset';
import type { TensorBackend } from '../core/learner';
import { type WorkerCommand, type WorkerReply, type WorkItem, workerCommand } from '../protocol/worker';
import {
  EventWriter,
  type RunFolder,
  type RunRecord,
  RunStore,
  StepWriter,
  StoreError,
  type UnstampedTrialEvent,
} from '../store';
import { JobError } from './contract';
import { collectGarbage } from './memory';
import { prepare } from './prepare';
import { loadRunData, type RunData } from './run-data';
import { sweepRequest } from './sweep-request';
import { chooseTensorBackend } from './tensor-backend';
import { ThreadPool } from './thread-pool';
import { findCheckpoint, runTrial, TrialCheckpoints } from './trials';

interface OpenRun {
  readonly folder: RunFolder;
  readonly record: RunRecord;
  readonly data: RunData;
  readonly wasmFolder: string;
}

interface Attempt {
  readonly writer: EventWriter<UnstampedTrialEvent>;
  readonly steps: StepWriter;
  readonly begun: number;
  readonly cpu: NodeJS.CpuUsage;
}

class Worker {
  /** Of an experiment that was prepared here, until its run is opened. */
  private tables: Readonly<Record<string, Dataset>> | undefined;
  private run: OpenRun | undefined;
  private attempt: Attempt | undefined;
  private threads: ThreadPool | undefined;
  private abort = new AbortController();
  /** Commands are done one after the other. */
  private work: Promise<void> = Promise.resolve();
  private readonly parent = process.ppid;
  private looked = 0;

  receive(message: unknown): void {
    const command = workerCommand.parse(message);
    if (command.kind === 'abort') {
      this.abort.abort(new Error('cancelled'));
      return;
    }
    this.work = this.work.then(() => this.obey(command)).catch((error) => this.tellProblem(error));
  }

  /** Nothing can be relied on any more: the attempt at hand says why it ends, and the process goes. */
  die(error: unknown): never {
    this.end('failed', error);
    process.exit(70);
  }

  private async obey(command: Exclude<WorkerCommand, { kind: 'abort' }>): Promise<void> {
    switch (command.kind) {
      case 'prepare': {
        const { experimentPath, text, store, backend, wasmFolder } = command;
        const sweep = sweepRequest.optional().parse(command.sweep);
        const cacheDir = RunStore.create(store).dataCache();
        const request = { experimentPath, text, cacheDir, backend, wasmFolder, ...(sweep && { sweep }) };
        const { found, tables } = await prepare(request);
        if (command.keep) this.tables = tables;
        return tell({ kind: 'prepared', found });
      }
      case 'open': {
        const store = RunStore.open(command.store);
        const folder = store.run(command.run);
        const record = folder.record();
        const data = await loadRunData(record, store, this.tables);
        this.tables = undefined;
        this.run = { folder, record, data, wasmFolder: command.wasmFolder };
        collectGarbage();
        if (record.backend !== null) await this.tensorBackend();
        return tell({ kind: 'ready' });
      }
      case 'packet':
        await this.useThreads(command.threads);
        for (const item of command.items) {
          if (this.abort.signal.aborted) break;
          await this.runItem(item);
          tell({ kind: 'ended', packet: command.packet, item });
          // Lets the channel be read between trials: an abort, or its end.
          await setImmediate();
        }
        return tell({ kind: 'packetEnded', packet: command.packet });
    }
  }

  private async runItem({ trial, attempt }: WorkItem): Promise<void> {
    if (this.run === undefined)
      throw new JobError('worker-failed', 'A packet came before its run was opened.');
    const { folder, record, data } = this.run;
    const spec = folder.spec(trial);
    const writer = openAttempt(folder, trial, attempt);
    if (writer === undefined) return;
    const steps = new StepWriter(folder.attemptSteps(trial, attempt));
    this.attempt = { writer, steps, begun: performance.now(), cpu: process.cpuUsage() };
    const place = { run: folder, trial, attempt };
    const from = findCheckpoint(place);
    writer.append({
      kind: 'start',
      pid: process.pid,
      host: hostname(),
      ...(record.backend && { backend: record.backend }),
      ...(from && { resumedFrom: { attempt: from.attempt, seq: from.seq } }),
    });
    writer.flush();
    try {
      const checkpoints = new TrialCheckpoints(place, { writer, steps }, from);
      await runTrial(spec, {
        ...place,
        data,
        writer,
        steps,
        checkpoints,
        signal: this.abort.signal,
        ...(this.threads && { threads: this.threads }),
        tensorBackend: () => this.tensorBackend(),
        onStep: () => this.exitWithoutParent(),
        giveBack: collectGarbage,
      });
      this.end('completed');
      checkpoints.remove();
    } catch (error) {
      this.end(this.abort.signal.aborted ? 'cancelled' : 'failed', error);
    }
  }

  private end(outcome: 'completed' | 'failed' | 'cancelled', error?: unknown): void {
    if (this.attempt === undefined) return;
    const { writer, steps, begun, cpu } = this.attempt;
    this.attempt = undefined;
    steps.close();
    const used = process.cpuUsage(cpu);
    writer.append({
      kind: 'end',
      outcome,
      cpuSeconds: (used.user + used.system) / 1e6,
      wallSeconds: (performance.now() - begun) / 1000,
      ...(outcome === 'failed' && { error: describe(error) }),
    });
    writer.close();
  }

  private async useThreads(count: number): Promise<void> {
    if (count === (this.threads?.count ?? 1)) return;
    await this.threads?.close();
    this.threads = count > 1 ? new ThreadPool(count, join(__dirname, 'thread.js')) : undefined;
  }

  /** The run's own backend, and no other: its numbers are not another's. */
  private async tensorBackend(): Promise<TensorBackend> {
    if (this.run === undefined) throw new JobError('worker-failed', 'No run is open.');
    const { record, wasmFolder } = this.run;
    const wanted = record.backend ?? 'cpu';
    const backend = await chooseTensorBackend({
      backend: wanted === 'cpu' ? 'auto' : wanted,
      wasmFolder,
      threads: this.threads?.count ?? 1,
    });
    if (backend.name === wanted) return backend;
    throw new JobError(
      'backend-differs',
      `Run ${record.run} was begun on the tensor backend ${wanted}, and here it is ${backend.name}. Start a new run.`,
    );
  }

  /** A long fit does not return to the event loop, where the end of the channel would be heard. */
  private exitWithoutParent(): void {
    const now = performance.now();
    if (now - this.looked < 500) return;
    this.looked = now;
    if (process.ppid !== this.parent) process.exit(0);
  }

  private tellProblem(error: unknown): void {
    const { code, message } = describe(error);
    tell({ kind: 'problem', code, message });
  }
}

/** Undefined when another process began the attempt: then it is that one's to tell. */
function openAttempt(
  folder: RunFolder,
  trial: string,
  attempt: number,
): EventWriter<UnstampedTrialEvent> | undefined {
  folder.beginTrial(trial);
  try {
    return EventWriter.exclusive(folder.attemptEvents(trial, attempt));
  } catch (error) {
    if (error instanceof StoreError && error.code === 'already-exists') return undefined;
    throw error;
  }
}

function describe(error: unknown): { code: string; message: string; stack?: string } {
  if (!(error instanceof Error)) return { code: 'unknown', message: String(error) };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return { code, message: error.message, ...(error.stack !== undefined && { stack: error.stack }) };
}

function tell(reply: WorkerReply): void {
  if (process.connected) process.send?.(reply);
}

const worker = new Worker();
process.on('message', (message) => worker.receive(message));
process.on('disconnect', () => process.exit(0));
process.on('uncaughtException', (error) => worker.die(error));
process.on('unhandledRejection', (error) => worker.die(error));
// The coordinator decides when a worker stops; ^C in a terminal reaches the whole group.
process.on('SIGINT', () => {});
