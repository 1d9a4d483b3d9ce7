import { liveCoordinator, type RunFolder, readControl } from '../store';
import { IndexFeed } from './index-feed';

const LOOK_MS = 500;

/**
 * Waits in line: until no run of the store that was made earlier is at work, paused ones included, or until this one is
 * cancelled. Ids of runs are in the order they were made in. The run's lock is held meanwhile, so that it shows as queued.
 * @param beat tells the others that this run's coordinator lives; called at every look
 */
export async function waitInLine(
  run: RunFolder,
  beat: () => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { store } = run;
  const isAtWork = (id: string) => liveCoordinator(store.root, store.run(id).lock()) !== undefined;
  // Whoever comes later has a later id: those before it are known once and for all.
  const ahead = store.runs().filter((id) => id < run.run && isAtWork(id));
  if (ahead.length === 0) return;
  // Lists show it from now on.
  new IndexFeed(run).close();
  while (ahead.some(isAtWork) && !signal?.aborted && !isCancelAsked(run)) {
    beat();
    await new Promise((later) => setTimeout(later, LOOK_MS));
  }
}

function isCancelAsked(run: RunFolder): boolean {
  return readControl(run.control(), 0).commands.some(({ kind }) => kind === 'cancel');
}
