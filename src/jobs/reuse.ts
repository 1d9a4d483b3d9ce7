import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Plan } from '../core/experiment';
import {
  completedAttempt,
  type EventWriter,
  type RunFolder,
  type RunStore,
  readAttempts,
  type UnstampedRunEvent,
} from '../store';

/** Runs that are searched for the same work, the newest first. */
const MOST_RUNS = 50;

/**
 * Takes over what earlier runs of the store have finished of a new run's trials: a trial's id says all that its numbers
 * depend on. Files are linked, or copied where the file system has no links; they are never written to again.
 * @param log the run's own, which says so
 */
export function adoptEarlierWork(run: RunFolder, log: EventWriter<UnstampedRunEvent>): void {
  const wanted = new Set(run.plans().flatMap(({ trials }) => trials.map(({ id }) => id)));
  for (const earlier of earlierRuns(run.store, run.record().fingerprint, run.run)) {
    let adopted = 0;
    const predictions = namesIn(earlier.path('predictions'));
    for (const id of earlier.trials()) {
      if (!wanted.has(id) || !adopt(run, earlier, id, predictions)) continue;
      wanted.delete(id);
      adopted++;
    }
    if (adopted > 0) log.append({ kind: 'reused', from: earlier.run, trials: adopted });
  }
}

/** Ids of a plan's trials that earlier runs have done. */
export function earlierWork(store: RunStore, fingerprint: string, { trials }: Plan): ReadonlySet<string> {
  const missing = new Set(trials.map(({ id }) => id));
  const found = new Set<string>();
  for (const earlier of earlierRuns(store, fingerprint, undefined)) {
    for (const id of earlier.trials()) {
      if (!missing.has(id) || completedAttempt(earlier, readAttempts(earlier, id), id) === undefined)
        continue;
      missing.delete(id);
      found.add(id);
    }
  }
  return found;
}

function earlierRuns(store: RunStore, fingerprint: string, but: string | undefined): RunFolder[] {
  const runs = store
    .runs()
    .toReversed()
    .filter((name) => name !== but);
  return runs.slice(0, MOST_RUNS).flatMap((name) => {
    try {
      const folder = store.run(name);
      return folder.record().fingerprint === fingerprint ? [folder] : [];
    } catch {
      // A run that cannot be read has nothing to give.
      return [];
    }
  });
}

function adopt(run: RunFolder, earlier: RunFolder, id: string, predictions: readonly string[]): boolean {
  if (existsSync(run.path('trials', id))) return false;
  const story = completedAttempt(earlier, readAttempts(earlier, id), id);
  if (story === undefined) return false;
  const prefix = `${id}.${story.attempt}.`;
  const model = `${id}.${story.attempt}`;
  for (const name of namesIn(earlier.path('models', model))) share(run, earlier, ['models', model, name]);
  for (const name of predictions) if (name.startsWith(prefix)) share(run, earlier, ['predictions', name]);
  for (const name of namesIn(earlier.path('trials', id))) {
    const isOwn = name.startsWith(`${story.attempt}.`);
    if (isOwn && name !== `${story.attempt}.jsonl`) share(run, earlier, ['trials', id, name]);
  }
  // The events last: they are what says that the rest is there.
  share(run, earlier, ['trials', id, `${story.attempt}.jsonl`]);
  return true;
}

function share(run: RunFolder, earlier: RunFolder, path: readonly string[]): void {
  const to = run.path(...path);
  mkdirSync(dirname(to), { recursive: true });
  try {
    linkSync(earlier.path(...path), to);
  } catch {
    copyFileSync(earlier.path(...path), to);
  }
}

function namesIn(folder: string): readonly string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}
