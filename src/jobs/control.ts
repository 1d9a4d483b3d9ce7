import { resolve } from 'node:path';
import {
  appendControl,
  CoordinatorLock,
  indexPath,
  liveCoordinator,
  type RunFolder,
  RunStore,
  readControl,
  StoreError,
} from '../store';
import { lastRunEvent, openRunLog } from './run-log';

/** Cancels a run: asks its coordinator, or, where none is at work any more, closes the run itself. */
export function requestCancel(store: string, run: string): void {
  const folder = RunStore.open(resolve(store)).run(run);
  appendControl(folder.control(), 'cancel');
  if (liveCoordinator(folder.store.root, folder.lock()) === undefined) closeInterrupted(folder);
}

/** No new trials start until `requestContinue`; those running go on to their end. */
export function requestPause(store: string, run: string): void {
  appendControl(RunStore.open(resolve(store)).run(run).control(), 'pause');
}

/** Whether the last word to a run was to pause, obeyed by now or not. */
export function isPauseAsked(store: string, run: string): boolean {
  const { commands } = readControl(RunStore.open(resolve(store)).run(run).control(), 0);
  return commands.findLast(({ kind }) => kind !== 'cancel')?.kind === 'pause';
}

export function requestContinue(store: string, run: string): void {
  appendControl(RunStore.open(resolve(store)).run(run).control(), 'continue');
}

function closeInterrupted(run: RunFolder): void {
  let lock: CoordinatorLock;
  try {
    lock = CoordinatorLock.acquire(run.store.root, run.lock(), indexPath(run.store.root));
  } catch (error) {
    // A coordinator came in the meantime; it will read the command.
    if (error instanceof StoreError && error.code === 'already-exists') return;
    throw error;
  }
  try {
    if (lastRunEvent(run)?.kind === 'closed') return;
    const log = openRunLog(run);
    log.append({
      kind: 'closed',
      outcome: 'cancelled',
      message: 'Cancelled while nobody was at work on it.',
    });
    log.close();
  } finally {
    lock.release();
  }
}
