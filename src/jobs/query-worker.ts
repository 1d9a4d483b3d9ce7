/**
 * The query worker: a child process that answers questions about run stores, so that whoever asks (the extension
 * host) never waits for a file or a database. Every store it is asked about is watched: `changed` is told when it has
 * something new, at most ten times a second. Lives as long as its channel.
 */

import { readColumnNames } from '../io';
import { type Query, type QueryReply, queryMessage } from '../protocol/queries';
import { StoreError } from '../store';
import { JobError } from './contract';
import { Librarian, marksState, pairedOf } from './queries';
import { unusableFile } from './system-errors';

/** How often stores are looked at. One that many runs are in is looked at less often, so that looking costs little. */
const LOOK_MS = 200;
const LOOK_SHARE = 0.1;

interface Seen {
  readonly changes: number;
  readonly alive: ReadonlySet<string>;
  /** Changes with every mark. */
  readonly marks: string;
  /** Runs in line, in their order, behind those that they wait for. */
  readonly queue: readonly string[];
}

class QueryWorker {
  private readonly librarian = new Librarian();
  private readonly seen = new Map<string, Seen>();

  async receive(message: unknown): Promise<void> {
    const { id, query } = queryMessage.parse(message);
    try {
      tell({ kind: 'answer', id, answer: await this.answer(query) });
    } catch (error) {
      tell({ kind: 'error', id, ...wordsOf(error) });
    }
  }

  private async answer(query: Query): Promise<unknown> {
    if (query.kind === 'columns') return { columns: await readColumnNames(query.path) };
    if (query.kind === 'paired') return pairedOf(query);
    return this.librarian.answer(query);
  }

  /** The first run of an experiment, started elsewhere, makes a store that was asked about before it was there. */
  private lookForNewStores(): void {
    try {
      for (const { store, runs } of this.librarian.appeared())
        tell({ kind: 'changed', store, runs: [...runs] });
    } catch (error) {
      // Half made: it is looked for again.
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    }
  }

  look(): void {
    const begun = performance.now();
    this.lookForNewStores();
    for (const [store, index] of this.librarian.stores) {
      try {
        index.refresh();
        const now: Seen = {
          changes: index.changes(),
          alive: index.aliveRuns(),
          marks: marksState(index.store),
          queue: this.librarian.queues.runsOf(index),
        };
        // Between the first answer and the first look something may have been recorded, and be the last that is.
        const since = this.seen.get(store) ?? { ...now, changes: this.librarian.openedAt(store) };
        this.seen.set(store, now);
        const runs = new Set(now.changes === since.changes ? [] : index.changedSince(since.changes));
        // A coordinator that is killed writes nothing about it.
        for (const run of since.alive) if (!now.alive.has(run)) runs.add(run);
        if (now.queue.join() !== since.queue.join()) for (const run of now.queue) runs.add(run);
        if (runs.size > 0 || now.marks !== since.marks) tell({ kind: 'changed', store, runs: [...runs] });
      } catch (error) {
        // The folder is gone, or its files cannot be read now: it is looked for again.
        process.stderr.write(`${store}: ${error instanceof Error ? error.message : String(error)}\n`);
        this.librarian.forget(store);
        this.seen.delete(store);
      }
    }
    const took = performance.now() - begun;
    setTimeout(() => this.look(), Math.max(LOOK_MS, took / LOOK_SHARE));
  }
}

function wordsOf(error: unknown): { code: string; message: string } {
  const file = unusableFile(error);
  if (file) return file;
  const code = error instanceof StoreError || error instanceof JobError ? error.code : 'internal';
  return { code, message: error instanceof Error ? error.message : String(error) };
}

function tell(reply: QueryReply): void {
  if (process.connected) process.send?.(reply);
}

const worker = new QueryWorker();
process.on('message', (message) => void worker.receive(message));
process.on('disconnect', () => process.exit(0));
process.on('SIGINT', () => {});
worker.look();
