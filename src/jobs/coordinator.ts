import { statSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Leaderboard } from '../core/evaluate';
import type { WorkItem } from '../protocol/worker';
import {
  CoordinatorLock,
  type EventWriter,
  indexPath,
  type RunFolder,
  readControl,
  StoreError,
  type UnstampedRunEvent,
} from '../store';
import { AttemptTail } from './attempt-tail';
import { JobError, type Progress, type RunOutcome } from './contract';
import type { Executor, Handle, PacketStatus } from './executors/executor';
import { IndexFeed } from './index-feed';
import { closingWords, refusal } from './outcome-words';
import { takePacket } from './packets';
import { progressOf } from './progress';
import { pruneUnselected } from './prune';
import { waitInLine } from './queue';
import { readLeaderboard } from './results';
import { openRunLog } from './run-log';
import { TrialBoard, type TrialEntry } from './trial-board';
import { Wake } from './wake';

export interface CoordinatorInput {
  readonly run: RunFolder;
  readonly resumed: boolean;
  /** Begins when the runs of the store that were made earlier are over. */
  readonly queued?: boolean;
  readonly executor: Executor;
  readonly onProgress: (progress: Progress) => void;
  readonly signal: AbortSignal | undefined;
}

const TICK_MS = 200;
const HEARTBEAT_MS = 2000;
/** A trial whose process is lost this often is given up. */
const MOST_LOSSES = 2;
/** Packets lost in a row without any trial begun: it is not the trials. */
const MOST_FALSE_STARTS = 3;

interface ActivePacket {
  readonly handle: Handle;
  readonly tails: readonly AttemptTail[];
}

/**
 * Takes a run to its end: hands trials whose predecessors completed to the executor, reads from their files what they
 * found, retries what was lost, obeys `control.jsonl`. It schedules and ingests, and computes nothing.
 */
export class Coordinator {
  private readonly board: TrialBoard;
  private readonly active = new Map<number, ActivePacket>();
  private readonly wake = new Wake();
  private index: IndexFeed | undefined;
  private controlOffset: number;
  private nextPacket = 0;
  private falseStarts = 0;
  private isPaused = false;
  private isCancelled = false;
  private beaten = 0;
  private told = 0;
  private looked = 0;

  private constructor(
    private readonly input: CoordinatorInput,
    private readonly lock: CoordinatorLock,
    private readonly log: EventWriter<UnstampedRunEvent>,
  ) {
    const { run } = input;
    this.board = TrialBoard.of(run, run.plans());
    // What was asked of an earlier coordinator is not asked of this one.
    this.controlOffset = input.resumed ? (statSync(run.control(), { throwIfNoEntry: false })?.size ?? 0) : 0;
    input.executor.onChange(() => this.wake.up());
    input.signal?.addEventListener('abort', () => this.wake.up(), { once: true });
  }

  /** @throws JobError `already-running`, or what makes it impossible to go on */
  static async run(input: CoordinatorInput): Promise<RunOutcome> {
    const { run } = input;
    const lock = acquire(run);
    let log: EventWriter<UnstampedRunEvent> | undefined;
    try {
      if (input.queued) await waitInLine(run, () => lock.heartbeat(), input.signal);
      log = openRunLog(run);
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
      this.index?.close();
    }
  }

  private async turn(): Promise<void> {
    this.beat();
    this.obey();
    if (this.isCancelled) return;
    if (!this.isPaused) await this.handOut();
    this.tell();
    // Opened when workers have something to do.
    this.index ??= new IndexFeed(this.input.run);
    await this.wake.within(TICK_MS);
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

  private async handOut(): Promise<void> {
    const { executor, run } = this.input;
    let free = executor.slots - this.active.size;
    if (free <= 0) return;
    const ready = [...this.board.ready()];
    while (free > 0 && ready.length > 0) {
      const entries = takePacket(this.board, ready, free);
      const items = entries.map(({ spec, attempt }): WorkItem => ({ trial: spec.id, attempt }));
      const id = this.nextPacket++;
      const [handle] = await executor.submit([{ id, items }]);
      for (const entry of entries) entry.state = 'running';
      this.active.set(id, { handle, tails: items.map((item) => new AttemptTail(run, item)) });
      free--;
    }
  }

  /** Asks the executor which packets are over, then reads what their attempts wrote: in this order nothing is missed. */
  private async collect(): Promise<void> {
    const handles = [...this.active.values()].map(({ handle }) => handle);
    const statuses = await this.input.executor.poll(handles);
    const touched: WorkItem[] = [];
    // While every slot is taken, what a packet has done so far opens nothing: it is looked at from time to time.
    const now = performance.now();
    const isDue = this.active.size < this.input.executor.slots || now - this.looked >= TICK_MS;
    if (isDue) this.looked = now;
    for (const [id, { handle, tails }] of this.active) {
      const status = statuses.get(handle.id) ?? { phase: 'missing' };
      const isAtWork = status.phase === 'queued' || status.phase === 'running';
      if (isAtWork && !isDue) continue;
      for (const tail of tails) {
        if (this.board.get(tail.item.trial).state !== 'running') continue;
        if (tail.read()) touched.push(tail.item);
        if (tail.end !== undefined) this.settle(tail, tail.end);
        // Trials of a packet are done one after the other.
        if (isAtWork && !tail.hasStarted) break;
      }
      if (isAtWork) continue;
      this.active.delete(id);
      this.settleLost(tails, status);
    }
    this.index?.take(touched);
  }

  private settle({ item }: AttemptTail, end: NonNullable<AttemptTail['end']>): void {
    const entry = this.board.get(item.trial);
    entry.attempt = item.attempt + 1;
    this.falseStarts = 0;
    if (end.outcome === 'completed') {
      this.board.complete(entry, end.wallSeconds);
    } else if (end.outcome === 'cancelled') {
      entry.state = 'waiting';
    } else {
      this.fail(entry, end.error?.code ?? 'unknown', end.error?.message ?? 'It failed without saying why.');
    }
  }

  /** The process of a packet is gone: what it did not end is done again, the trial it died in only so often. */
  private settleLost(tails: readonly AttemptTail[], status: PacketStatus): void {
    if (status.phase === 'ended' && status.outcome === 'refused') {
      throw refusal(status.code, status.reason ?? 'A worker could not open the run.');
    }
    const outcome = status.phase === 'ended' ? status.outcome : 'infra';
    const reason = (status.phase === 'ended' ? status.reason : undefined) ?? 'The worker process is gone.';
    const open = tails.filter(({ item }) => this.board.get(item.trial).state === 'running');
    if (open.length === 0) return;
    if (outcome !== 'cancelled' && !open.some(({ hasStarted }) => hasStarted)) this.falseStarts++;
    if (this.falseStarts > MOST_FALSE_STARTS) {
      throw new JobError('worker-failed', `Worker processes end before they begin. ${reason}`);
    }
    for (const { item, hasStarted } of open) {
      const entry = this.board.get(item.trial);
      entry.state = 'waiting';
      if (!hasStarted) continue;
      entry.attempt = item.attempt + 1;
      const lost = outcome === 'out-of-memory' ? outcome : outcome === 'cancelled' ? outcome : 'killed';
      this.log.append({ kind: 'lost', ...item, reason: lost });
      if (outcome === 'cancelled') continue;
      entry.losses++;
      if (outcome === 'out-of-memory') this.fail(entry, 'out-of-memory', reason);
      else if (entry.losses > MOST_LOSSES) this.fail(entry, 'worker-killed', reason);
      else this.log.append({ kind: 'retry', trial: item.trial, attempt: item.attempt + 1, reason });
    }
  }

  private fail(entry: TrialEntry, code: string, message: string): void {
    entry.state = 'failed';
    entry.failure = { trial: entry.spec.id, label: entry.spec.label, code, message };
  }

  /** Asks what runs to stop, and sees to it that it does. */
  private async stop(): Promise<void> {
    this.tell('stopping');
    await this.input.executor.cancel([...this.active.values()].map(({ handle }) => handle));
    const deadline = performance.now() + 10_000;
    while (this.active.size > 0 && performance.now() < deadline) {
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

  private tell(phase: Progress['phase'] = this.isPaused ? 'paused' : 'running'): void {
    const now = performance.now();
    if (now - this.told < TICK_MS && phase !== 'stopping') return;
    this.told = now;
    const tails = [...this.active.values()].flatMap((packet) => packet.tails);
    this.input.onProgress(progressOf(phase, this.board, tails, this.input.executor.slots));
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
