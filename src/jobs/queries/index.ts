import { rmSync } from 'node:fs';
import type { Answer } from '../../protocol/queries';
import type { RunSummary, UnreadableRun } from '../../protocol/runs';
import { isGoing } from '../../protocol/words';
import { pruneAll, RunStore, StoreIndex } from '../../store';
import { Librarian, type StoreQuery } from './answer';

export { Librarian } from './answer';
export { stateOf as marksState } from './marks';
export { pairedOf } from './paired';

/** Answers one question in this process; what is new in the stores is taken in first. */
export function answerQuery<K extends StoreQuery['kind']>(
  query: Extract<StoreQuery, { kind: K }>,
): Answer<K> {
  const librarian = new Librarian();
  try {
    return librarian.answer(query);
  } finally {
    librarian.close();
  }
}

/** Every run of a store (with `deleted`: those that are deleted, instead of the others), newest first. */
export function listRuns(store: string, deleted = false): readonly RunSummary[] {
  return listAll(store, deleted).runs;
}

/** The same, and the runs that cannot be read. */
export function listAll(
  store: string,
  deleted = false,
): { readonly runs: readonly RunSummary[]; readonly unreadable: readonly UnreadableRun[] } {
  const all = { offset: 0, limit: Number.MAX_SAFE_INTEGER };
  const { runs, unreadable = [] } = answerQuery<'runs'>({ kind: 'runs', stores: [store], ...all, deleted });
  return { runs, unreadable };
}

/** Removes the files of the runs of a store that are marked as deleted, and gives back their ids. */
export function pruneDeleted(folder: string): readonly string[] {
  const over = listRuns(folder, true).filter(({ status }) => !isGoing(status));
  const store = RunStore.open(folder);
  for (const { run } of over) rmSync(store.run(run).path(), { recursive: true, force: true });
  return over.map(({ run }) => run);
}

/**
 * Removes all that the fits of completed runs predicted of their folds, of the chosen configurations too: nothing reads it once
 * the leaderboard is written, but a run that is extended, or another that takes the fits over: these do the fits they need
 * predictions of again. Models, scores and predictions of the test split stay.
 */
export function prunePredictions(folder: string): { readonly files: number; readonly bytes: number } {
  const store = RunStore.open(folder);
  let [files, bytes] = [0, 0];
  for (const { run, status } of listRuns(folder)) {
    if (status !== 'completed') continue;
    const own = store.run(run);
    const fits = own.plans().flatMap(({ trials }) => trials.filter(({ kind }) => kind === 'fit'));
    for (const { id } of fits) {
      for (const attempt of own.attempts(id)) {
        const freed = pruneAll(own, id, attempt);
        if (freed === 0) continue;
        files++;
        bytes += freed;
      }
    }
  }
  return { files, bytes };
}

/** Throws a store's index away and reads every event again. */
export function reindex(store: string): void {
  const index = new StoreIndex(RunStore.open(store));
  try {
    index.rebuild();
  } finally {
    index.close();
  }
}
