/**
 * What the host knows of the runs in the workspace: summaries of every store, and the details of each experiment's
 * newest runs while a tree is looked at. Asks the query worker, at most ten times a second.
 */
import { basename } from 'node:path';
import { type Leaderboard, leaderboard } from '../protocol/leaderboard';
import type { RunDetail, RunSummary } from '../protocol/queries';
import { type Disposable, DisposableStore, Signal, systemTimers, Throttle, type Timers } from './lifecycle';
import { messageOf, type Queries } from './query-client';
import { storeOf } from './target';

/** Runs of a store that lists show. */
const PAGE = 200;
const REFRESH_INTERVAL = 100;
/** Newest runs of an experiment whose details are read: a sweep covers one model, the rest is in runs before it. */
const SHOWN_RUNS = 4;

export interface ShownRun {
  readonly detail: RunDetail;
  readonly leaderboard: Leaderboard | null;
}

export class RunLibrary implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly changed = this.owned.add(new Signal());
  readonly onChanged = this.changed.on;
  private readonly stores = new Map<string, readonly RunSummary[]>();
  private readonly details = new Map<string, ShownRun>();
  private readonly staleStores = new Set<string>();
  private readonly staleRuns = new Set<string>();
  private readonly throttle: Throttle;
  private detailsWanted = false;
  private failure: string | undefined;
  private reading = Promise.resolve();

  constructor(
    private readonly queries: Queries,
    private readonly log: (line: string) => void,
    timers: Timers = systemTimers,
  ) {
    this.throttle = this.owned.add(new Throttle(() => this.read(), REFRESH_INTERVAL, timers));
    this.owned.add(
      queries.onChanged((change) => {
        if (!this.stores.has(change.store)) return;
        this.staleStores.add(change.store);
        for (const run of change.runs) this.staleRuns.add(runKey(change.store, run));
        this.throttle.request();
      }),
    );
  }

  /** Stores to read; those no longer named are forgotten. */
  setStores(stores: readonly string[]): void {
    for (const store of this.stores.keys()) if (!stores.includes(store)) this.stores.delete(store);
    for (const store of stores) {
      if (this.stores.has(store)) continue;
      this.stores.set(store, []);
      this.staleStores.add(store);
    }
    this.throttle.request();
  }

  /** Whether anybody looks at details; summaries are kept up to date regardless, for the status bar. */
  setDetailsWanted(wanted: boolean): void {
    if (this.detailsWanted === wanted) return;
    this.detailsWanted = wanted;
    if (wanted) this.throttle.request();
  }

  /** Reads everything anew. */
  refresh(): void {
    for (const store of this.stores.keys()) this.staleStores.add(store);
    for (const key of this.details.keys()) this.staleRuns.add(key);
    this.throttle.request();
  }

  /** Resolves once every store has been read after now. */
  async reread(): Promise<void> {
    for (const store of this.stores.keys()) this.staleStores.add(store);
    await this.read();
  }

  /** Runs of an experiment, newest first. A moved folder keeps its runs: within a store the file's name decides. */
  runsOf(experiment: string): readonly RunSummary[] {
    const name = basename(experiment);
    return (this.stores.get(storeOf(experiment)) ?? []).filter((run) => basename(run.experiment) === name);
  }

  /** Details of the newest runs of an experiment, newest first, as far as they have been read. */
  shownOf(experiment: string): readonly ShownRun[] {
    const store = storeOf(experiment);
    return this.runsOf(experiment)
      .slice(0, SHOWN_RUNS)
      .flatMap((run) => this.details.get(runKey(store, run.run)) ?? []);
  }

  allRuns(): readonly RunSummary[] {
    return [...this.stores.values()].flat();
  }

  /** Why the stores could not be read, if so. */
  get problem(): string | undefined {
    return this.failure;
  }

  dispose(): void {
    this.owned.dispose();
  }

  private read(): Promise<void> {
    // One reading after another: an older answer must not overwrite a newer one.
    this.reading = this.reading.then(() => this.readOnce());
    return this.reading;
  }

  private async readOnce(): Promise<void> {
    let news = false;
    const before = this.failure;
    this.failure = undefined;
    const stores = [...this.staleStores];
    this.staleStores.clear();
    for (const store of stores) {
      try {
        const page = await this.queries.ask<'runs'>({
          kind: 'runs',
          stores: [store],
          offset: 0,
          limit: PAGE,
        });
        if (!this.stores.has(store)) continue;
        const known = new Map(this.stores.get(store)?.map((run) => [run.run, JSON.stringify(run)]));
        for (const run of page.runs) {
          if (known.get(run.run) !== JSON.stringify(run)) this.staleRuns.add(runKey(store, run.run));
        }
        this.stores.set(store, page.runs);
        news = true;
      } catch (error) {
        this.fail(error);
      }
    }
    if (this.detailsWanted) news = (await this.readDetails()) || news;
    if (news || before !== this.failure) this.changed.fire();
  }

  /** Details of the newest runs of every experiment, where they are missing or stale. */
  private async readDetails(): Promise<boolean> {
    let news = false;
    for (const [store, runs] of this.stores) {
      const seen = new Map<string, number>();
      for (const run of runs) {
        const name = basename(run.experiment);
        const before = seen.get(name) ?? 0;
        seen.set(name, before + 1);
        const key = runKey(store, run.run);
        if (before >= SHOWN_RUNS || (this.details.has(key) && !this.staleRuns.has(key))) continue;
        this.staleRuns.delete(key);
        try {
          const detail = await this.queries.ask<'run'>({ kind: 'run', store, run: run.run });
          this.details.set(key, { detail, leaderboard: readLeaderboard(detail, this.log) });
          news = true;
        } catch (error) {
          this.fail(error);
        }
      }
    }
    return news;
  }

  private fail(error: unknown): void {
    this.failure = messageOf(error);
    this.log(this.failure);
  }
}

/** The leaderboard of a run, checked; null while there is none. */
export function readLeaderboard(detail: RunDetail, log: (line: string) => void): Leaderboard | null {
  if (detail.leaderboard === null || detail.leaderboard === undefined) return null;
  const result = leaderboard.safeParse(detail.leaderboard);
  if (result.success) return result.data;
  log(`The leaderboard of run ${detail.summary.run} is not of the agreed form: ${result.error.message}`);
  return null;
}

function runKey(store: string, run: string): string {
  return `${store}\n${run}`;
}
