import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Leaderboard } from '../core/evaluate';
import {
  CoordinatorLock,
  type EventWriter,
  indexPath,
  type RunFolder,
  readControl,
  StoreError,
  type UnstampedRunEvent,
} from '../store';
import { JobError, type Progress, type RunOutcome } from './contract';
import { Dispatcher } from './dispatcher';
import type { Executor } from './executors/executor';
import { IndexFeed } from './index-feed';
import { closingWords } from './outcome-words';
import { progressOf } from './progress';
import { pruneUnselected } from './prune';
import { QueuePlace } from './queue';
import { readLeaderboard } from './results';
import { adoptEarlierWork } from './reuse';
import { openRunLog } from './run-log';
import { TrialBoard } from './trial-board';
import { Wake } from './wake';

export interface CoordinatorInput {
  readonly run: RunFolder;
  readonly resumed: boolean;
  /** Works when no other run of the store does. */
  readonly queued?: boolean;
  /** Whether finished trials of earlier runs stand where they are the same work. */
  readonly reuses?: boolean;
  readonly executor: Executor;
  readonly onProgress: (progress: Progress) => void;
  readonly signal: AbortSignal | undefined;
}

const TICK_MS = 200;
/** The same while there is nothing to do but to wait for another run. */
const QUEUE_LOOK_MS = 500;
const HEARTBEAT_MS = 2000;

/**
 * Takes a run to its end: waits for its turn where it is queued, has its trials done, obeys `control.jsonl`. It schedules and
 * ingests, and computes nothing.
 */
export class Coordinator {
  private readonly board: TrialBoard;
  private readonly dispatcher: Dispatcher;
  private readonly place: QueuePlace;
  private readonly wake = new Wake();
  private index: IndexFeed | undefined;
  private controlOffset: number;
  private isPaused = false;
  /** For its turn, and the log says so. */
  private isWaiting = false;
  private isCancelled = false;
  private beaten = 0;
  private told = 0;

  private constructor(
    private readonly input: CoordinatorInput,
    private readonly lock: CoordinatorLock,
    private readonly log: EventWriter<UnstampedRunEvent>,
  ) {
    const { run, executor } = input;
    if (input.reuses) adoptEarlierWork(run, log);
    this.board = TrialBoard.of(run, run.plans());
    this.dispatcher = new Dispatcher({ run, board: this.board, executor, log });
    this.place = new QueuePlace(run, input.queued === true);
    // What was asked of an earlier coordinator is not asked of this one.
    this.controlOffset = input.resumed ? (statSync(run.control(), { throwIfNoEntry: false })?.size ?? 0) : 0;
    executor.onChange(() => this.wake.up());
    input.signal?.addEventListener('abort', () => this.wake.up(), { once: true });
  }

  /** @throws JobError `already-running`, or what makes it impossible to go on */
  static async run(input: CoordinatorInput): Promise<RunOutcome> {
    const lock = acquire(input.run);
    let log: EventWriter<UnstampedRunEvent> | undefined;
    try {
      log = openRunLog(input.run);
      return await new Coordinator(input, lock, log).toTheEnd();
    } finally {
      await input.executor.close();
      log?.close();
      lock.release();
    }
  }

  private async toTheEnd(): Promise<RunOutcome> {
    const { resumed, executor } = this.input;
    this.log.append({ kind: 'opened', pid: process.pid, host: hostname(), workers: executor.slots, resumed });
    if (!resumed) this.logPlans();
    this.log.flush();
    this.place.enter();
    try {
      while (!this.board.isSettled && !this.isCancelled) await this.turn();
      if (this.isCancelled) await this.stop();
      // Workers end while what they found is put away.
      void executor.close();
      return this.close();
    } catch (error) {
      // The run stays open: whatever this was, it can be resumed once it is mended.
      await this.stop();
      throw error;
    } finally {
      this.place.leave();
      this.index?.close();
    }
  }

  private async turn(): Promise<void> {
    this.beat();
    this.obey();
    if (this.isCancelled) return;
    if (this.mayWork()) await this.dispatcher.handOut();
    else if (this.dispatcher.isIdle) this.rest();
    this.tell();
    // Opened when workers have something to do.
    this.index ??= new IndexFeed(this.input.run);
    await this.wake.within(this.isWaiting ? QUEUE_LOOK_MS : TICK_MS);
    await this.collect();
    for (const { spec } of this.board.skipUnreachable()) {
      this.log.append({ kind: 'skipped', trial: spec.id, reason: 'a trial it builds on failed' });
    }
    this.log.flush();
  }

  private obey(): void {
    if (this.input.signal?.aborted) this.isCancelled = true;
    const { commands, next } = readControl(this.input.run.control(), this.controlOffset);
    this.controlOffset = next;
    for (const { kind } of commands) {
      if (kind === 'cancel') this.isCancelled = true;
      if (kind === 'pause' && !this.isPaused) this.log.append({ kind: 'paused' });
      if (kind === 'continue' && this.isPaused) this.log.append({ kind: 'continued' });
      if (kind === 'pause') this.isPaused = true;
      if (kind === 'continue') this.isPaused = false;
    }
  }

  private mayWork(): boolean {
    if (this.isPaused) return false;
    this.place.enter();
    const isTurn = this.place.isTurn();
    if (isTurn === this.isWaiting) {
      this.log.append({ kind: isTurn ? 'admitted' : 'queued' });
      if (isTurn) this.takeOver();
      this.log.flush();
    }
    this.isWaiting = !isTurn;
    return isTurn;
  }

  /** What those that it waited for have done of the same work. */
  private takeOver(): void {
    const { run, reuses } = this.input;
    if (!reuses) return;
    adoptEarlierWork(run, this.log);
    this.board.readAgain(run);
  }

  /** Nothing is at hand, and nothing is to be: what others can use is given back. */
  private rest(): void {
    this.input.executor.rest();
    if (this.isPaused) this.place.rest();
  }

  private async collect(): Promise<void> {
    this.index?.take(await this.dispatcher.collect());
  }

  /** Asks what runs to stop, and sees to it that it does. */
  private async stop(): Promise<void> {
    this.tell('stopping');
    await this.dispatcher.cancel();
    const deadline = performance.now() + 10_000;
    while (!this.dispatcher.isIdle && performance.now() < deadline) {
      await this.wake.within(TICK_MS);
      try {
        await this.collect();
      } catch (error) {
        if (!(error instanceof JobError)) throw error;
      }
    }
  }

  private close(): RunOutcome {
    const { run } = this.input;
    const leaderboard = this.leaderboard();
    const { failures } = this.board;
    const status = this.isCancelled ? 'cancelled' : leaderboard === null ? 'failed' : 'completed';
    const message = closingWords(status, failures.length, this.board.count('skipped'), failures[0]?.message);
    this.log.append({ kind: 'closed', outcome: status, ...(message !== undefined && { message }) });
    this.log.flush();
    if (status === 'completed') tidy(run);
    return {
      run: run.run,
      store: run.store.root,
      folder: run.path(),
      status,
      leaderboard: status === 'cancelled' ? null : leaderboard,
      failures,
      ...(message !== undefined && { message }),
    };
  }

  private leaderboard(): Leaderboard | null {
    const report = this.board.all.findLast(({ spec }) => spec.kind === 'report');
    return report?.state === 'completed' ? readLeaderboard(this.input.run, report.spec.id) : null;
  }

  private logPlans(): void {
    this.input.run.plans().forEach(({ trials, fitCount }, plan) => {
      this.log.append({ kind: 'planned', plan, trials: trials.length, fits: fitCount });
    });
  }

  private beat(): void {
    const now = performance.now();
    if (now - this.beaten < HEARTBEAT_MS) return;
    this.beaten = now;
    this.lock.heartbeat();
  }

  private tell(phase: Progress['phase'] = this.phase()): void {
    const now = performance.now();
    if (now - this.told < TICK_MS && phase !== 'stopping') return;
    this.told = now;
    this.input.onProgress(progressOf(phase, this.board, this.dispatcher.tails, this.input.executor.slots));
  }

  private phase(): Progress['phase'] {
    if (this.isPaused) return 'paused';
    return this.isWaiting ? 'queued' : 'running';
  }
}

/** Frees what nobody will ask for; a run that is complete does not fail for it. */
function tidy(run: RunFolder): void {
  try {
    pruneUnselected(run);
  } catch (error) {
    process.emitWarning(
      `Predictions of ${run.run} that are not needed could not be removed: ${String(error)}`,
    );
  }
}

function acquire(run: RunFolder): CoordinatorLock {
  try {
    return CoordinatorLock.acquire(run.store.root, run.lock(), indexPath(run.store.root));
  } catch (error) {
    if (error instanceof StoreError && error.code === 'already-exists') {
      throw new JobError('already-running', error.message);
    }
    throw error;
  }
}
