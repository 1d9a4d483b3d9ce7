import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { Queue, type QueueState, type RunFolder, RunStore } from '../store';
import { JobError } from './contract';

/** Where a run that waits can be put: one place on or back, next, or behind all. */
export type QueueMove = 'up' | 'down' | 'first' | 'last';

/** Runs of a store that are at work, and those that wait for them, the next one first. */
export function readQueue(store: string): QueueState {
  const queue = new Queue(RunStore.open(resolve(store)));
  queue.read();
  return queue.state();
}

/** Whether a run that is queued now would have to wait. */
export function isQueueBusy(store: string): boolean {
  if (!existsSync(store)) return false;
  const queue = new Queue(RunStore.open(store));
  queue.read();
  return queue.isAnyBefore();
}

/**
 * Changes the order of runs that wait.
 * @returns the runs that wait, in their new order
 * @throws JobError `not-queued`
 */
export function moveInQueue(store: string, run: string, move: QueueMove): readonly string[] {
  const queue = new Queue(RunStore.open(resolve(store)));
  queue.read();
  const { waiting } = queue.state();
  const place = waiting.indexOf(run);
  if (place < 0) {
    throw new JobError(
      'not-queued',
      `Run ${run} does not wait in line. \`taskweave queue\` lists those that do.`,
    );
  }
  switch (move) {
    case 'up':
      if (place > 0) queue.append({ kind: 'moves', run, before: waiting[place - 1] });
      break;
    case 'down':
      if (place + 1 < waiting.length) queue.append({ kind: 'moves', run: waiting[place + 1], before: run });
      break;
    case 'first':
      queue.append({ kind: 'moves', run, before: waiting[0] });
      break;
    case 'last':
      queue.append({ kind: 'moves', run, before: null });
      break;
  }
  queue.read();
  return queue.state().waiting;
}

/**
 * The place of a run that somebody coordinates among the others of its store. A queued one works when no other does and none
 * waits before it; one that is not queued works at once. What rests is in nobody's way.
 */
export class QueuePlace {
  private readonly queue: Queue;
  private state: 'working' | 'waiting' | 'resting' = 'resting';

  constructor(
    private readonly run: RunFolder,
    private readonly isQueued: boolean,
  ) {
    this.queue = new Queue(run.store);
  }

  /** Wants to work, from now on or again; the caller has the run's lock. */
  enter(): void {
    if (this.state !== 'resting') return;
    this.state = this.isQueued ? 'waiting' : 'working';
    this.write(this.isQueued ? 'waits' : 'works');
  }

  /** Whether it may work now. */
  isTurn(): boolean {
    if (this.state !== 'waiting') return this.state === 'working';
    const { run } = this.run;
    this.queue.read();
    // Somebody removed the file, and the line with it.
    if (!this.queue.isWaiting(run)) this.write('waits');
    else if (!this.queue.isAnyBefore(run) && this.takeTurn()) this.state = 'working';
    return this.state === 'working';
  }

  /** Gives its place to the next. */
  rest(): void {
    if (this.state === 'resting') return;
    this.state = 'resting';
    this.write('rests');
  }

  /** Never fails: a run that is complete does not for it, and one whose lock is released is in nobody's way. */
  leave(): void {
    this.state = 'resting';
    try {
      this.write('leaves');
    } catch (error) {
      process.emitWarning(`The queue of ${this.run.store.root} cannot be written: ${String(error)}`);
    }
  }

  /** Another may have done so since the file was read: the one that wrote first has it, and is told so. */
  private takeTurn(): boolean {
    const { run } = this.run;
    this.write('works');
    const since = this.queue.read();
    const own = since.findIndex((entry) => entry.kind === 'works' && entry.run === run);
    const isFirst = !since.slice(0, own).some((entry) => entry.kind === 'works' && entry.run !== run);
    if (!isFirst) {
      const [next = null] = this.queue.state().waiting;
      this.queue.append({ kind: 'waits', run }, { kind: 'moves', run, before: next });
    }
    return isFirst;
  }

  private write(kind: 'works' | 'waits' | 'rests' | 'leaves'): void {
    this.queue.append({ kind, run: this.run.run });
  }
}
