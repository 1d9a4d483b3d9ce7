import type { Answer, Query, RunSummary } from '../../protocol/queries';
import { RunStore, StoreIndex } from '../../store';
import { Librarian } from './answer';

export { Librarian } from './answer';

/** Answers one question in this process; what is new in the stores is taken in first. */
export function answerQuery<K extends Query['kind']>(query: Extract<Query, { kind: K }>): Answer<K> {
  const librarian = new Librarian();
  try {
    return librarian.answer(query);
  } finally {
    librarian.close();
  }
}

/** Every run of a store, newest first. */
export function listRuns(store: string): readonly RunSummary[] {
  return answerQuery<'runs'>({ kind: 'runs', stores: [store], offset: 0, limit: Number.MAX_SAFE_INTEGER })
    .runs;
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
