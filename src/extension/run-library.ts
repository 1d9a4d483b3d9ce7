/**
 * What the host knows of the runs in the workspace: summaries of every store, a page at a time, and the details of each
 * experiment's newest runs while somebody looks. Asks the query worker, at most ten times a second.
 */
import { basename, dirname, join } from 'node:path';
import type { Leaderboard } from '../protocol/leaderboard';
import type { ModelStanding, RunDetail, RunSummary } from '../protocol/runs';
import { isGoing } from '../protocol/words';
import { type Disposable, DisposableStore, Signal, systemTimers, Throttle, type Timers } from './lifecycle';
import { messageOf, type Queries } from './query-client';
import { readLeaderboard } from './read-leaderboard';
import { fileNamesOf } from './run-files';
import { storeOf } from './target';

/** Runs of a store that are read at first, and with every "Load more". */
export const PAGE = 200;
const REFRESH_INTERVAL = 100;
/** Newest runs of an experiment whose details are read: a sweep covers one model, the rest is in runs before it. */
const SHOWN_RUNS = 4;
/** How a run that is going stands is worked out anew at most this often: it reads every score of the run. */
const STANDING_INTERVAL = 1000;

export interface ShownRun {
  readonly detail: RunDetail;
  readonly leaderboard: Leaderboard | null;
}

interface KnownStore {
  readonly runs: readonly RunSummary[];
  /** Runs the store holds, loaded or not. */
  readonly total: number;
  /** Runs to load. */
  readonly limit: number;
}

/** Runs to read anew: all of the loaded ones, or certain ones. */
type Stale = 'all' | ReadonlySet<string>;

export class RunLibrary implements Disposable {
  private readonly owned = new DisposableStore();
  private readonly changed = this.owned.add(new Signal());
  readonly onChanged = this.changed.on;
  private readonly stores = new Map<string, KnownStore>();
  private readonly details = new Map<string, ShownRun>();
  private readonly standings = new Map<
    string,
    { readonly at: number; readonly models: readonly ModelStanding[] }
  >();
  private readonly staleStores = new Map<string, Stale>();
  private readonly staleRuns = new Set<string>();
  private readonly throttle: Throttle;
  private readonly lookers = new Set<string>();
  private failure: string | undefined;
  private reading = Promise.resolve();

  constructor(
    private readonly queries: Queries,
    private readonly log: (line: string) => void,
    private readonly timers: Timers = systemTimers,
  ) {
    this.throttle = this.owned.add(new Throttle(() => this.read(), REFRESH_INTERVAL, timers));
    this.owned.add(
      queries.onChanged((change) => {
        if (!this.stores.has(change.store)) return;
        this.markStale(change.store, change.runs.length === 0 ? 'all' : new Set(change.runs));
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
      this.stores.set(store, { runs: [], total: 0, limit: PAGE });
      this.markStale(store, 'all');
    }
    this.throttle.request();
  }

  /** Whether somebody looks at details; summaries are kept up to date regardless, for the status bar. */
  wantDetails(looker: string, wanted: boolean): void {
    if (this.lookers.has(looker) === wanted) return;
    if (wanted) this.lookers.add(looker);
    else this.lookers.delete(looker);
    if (wanted) this.throttle.request();
  }

  /** Reads everything anew. */
  refresh(): void {
    for (const store of this.stores.keys()) this.markStale(store, 'all');
    for (const key of this.details.keys()) this.staleRuns.add(key);
    this.throttle.request();
  }

  /** Resolves once every store has been read after now. */
  async reread(): Promise<void> {
    for (const store of this.stores.keys()) this.markStale(store, 'all');
    await this.read();
  }

  /** Loaded runs of an experiment, newest first. A moved folder keeps its runs: within a store the file's name decides. */
  runsOf(experiment: string): readonly RunSummary[] {
    const name = basename(experiment);
    return (this.stores.get(storeOf(experiment))?.runs ?? []).filter(
      (run) => basename(run.experiment) === name,
    );
  }

  /** Runs in the experiment's store that are not loaded yet. */
  notLoaded(experiment: string): number {
    const store = this.stores.get(storeOf(experiment));
    return store === undefined ? 0 : Math.max(0, store.total - store.runs.length);
  }

  /** Loads another page of the experiment's store. */
  async loadMore(experiment: string): Promise<void> {
    const store = storeOf(experiment);
    const known = this.stores.get(store);
    if (known === undefined) return;
    this.stores.set(store, { ...known, limit: known.limit + PAGE });
    this.markStale(store, 'all');
    await this.read();
  }

  /** Details of the newest runs of an experiment, newest first, as far as they have been read. */
  shownOf(experiment: string): readonly ShownRun[] {
    const store = storeOf(experiment);
    return this.runsOf(experiment)
      .slice(0, SHOWN_RUNS)
      .flatMap((run) => this.details.get(runKey(store, run.run)) ?? []);
  }

  /** How the models of a going run stand; undefined where nobody looks or nothing is known. */
  standingOf(experiment: string, run: string): readonly ModelStanding[] | undefined {
    return this.standings.get(runKey(storeOf(experiment), run))?.models;
  }

  /** Experiments that loaded runs are of, whether their files are still there or not. */
  experimentsWithRuns(): readonly string[] {
    return [...this.stores].flatMap(([store, { runs }]) =>
      fileNamesOf(runs).map((name) => join(dirname(store), name)),
    );
  }

  /** Every loaded run. */
  allRuns(): readonly RunSummary[] {
    return [...this.stores.values()].flatMap(({ runs }) => runs);
  }

  /** Why the stores could not be read, if so. */
  get problem(): string | undefined {
    return this.failure;
  }

  dispose(): void {
    this.owned.dispose();
  }

  private markStale(store: string, runs: Stale): void {
    const before = this.staleStores.get(store);
    const all = runs === 'all' || before === 'all';
    this.staleStores.set(store, all ? 'all' : new Set([...(before ?? []), ...runs]));
  }

  private read(): Promise<void> {
    // One reading after another: an older answer must not overwrite a newer one.
    this.reading = this.reading.then(() => this.readOnce());
    return this.reading;
  }

  private async readOnce(): Promise<void> {
    const before = this.failure;
    this.failure = undefined;
    let news = false;
    const stale = [...this.staleStores];
    this.staleStores.clear();
    for (const [store, runs] of stale) news = (await this.attempt(() => this.readStore(store, runs))) || news;
    if (this.lookers.size > 0) {
      news = (await this.readDetails()) || news;
      news = (await this.readStandings()) || news;
    }
    if (news || before !== this.failure) this.changed.fire();
  }

  /** Whether there was news; a failure is kept to be shown. */
  private async attempt(read: () => Promise<boolean>): Promise<boolean> {
    try {
      return await read();
    } catch (error) {
      this.failure = messageOf(error);
      this.log(this.failure);
      return false;
    }
  }

  private async readStore(store: string, stale: Stale): Promise<boolean> {
    const known = this.stores.get(store);
    if (known === undefined) return false;
    const isKnown = (run: string) => known.runs.some((one) => one.run === run);
    if (stale !== 'all' && [...stale].every(isKnown)) return this.readSummaries(store, [...stale]);
    const page = await this.queries.ask<'runs'>({
      kind: 'runs',
      stores: [store],
      offset: 0,
      limit: known.limit,
    });
    const current = this.stores.get(store);
    if (current === undefined) return false;
    this.noteChanges(store, current.runs, page.runs);
    this.stores.set(store, { ...current, runs: page.runs, total: page.total });
    return true;
  }

  private async readSummaries(store: string, wanted: readonly string[]): Promise<boolean> {
    const { runs } = await this.queries.ask<'summaries'>({ kind: 'summaries', store, runs: [...wanted] });
    const known = this.stores.get(store);
    if (known === undefined) return false;
    const fresh = new Map(runs.map((run) => [run.run, run]));
    const next = known.runs.flatMap((run) => {
      if (!wanted.includes(run.run)) return run;
      const now = fresh.get(run.run);
      return now === undefined || now.marks?.deleted ? [] : now;
    });
    this.noteChanges(store, known.runs, next);
    const total = known.total - (known.runs.length - next.length);
    this.stores.set(store, { ...known, runs: next, total });
    return true;
  }

  private noteChanges(store: string, before: readonly RunSummary[], now: readonly RunSummary[]): void {
    const known = new Map(before.map((run) => [run.run, run]));
    for (const run of now) {
      const same = known.get(run.run);
      if (same === undefined || (same !== run && JSON.stringify(same) !== JSON.stringify(run)))
        this.staleRuns.add(runKey(store, run.run));
    }
  }

  /** Details of the newest runs of every experiment, where they are missing or stale; the others are forgotten. */
  private async readDetails(): Promise<boolean> {
    let news = false;
    const shown = this.shownRuns();
    const keys = new Set(shown.map(({ store, run }) => runKey(store, run.run)));
    for (const key of this.details.keys()) if (!keys.has(key)) this.details.delete(key);
    for (const { store, run } of shown) {
      const key = runKey(store, run.run);
      if (this.details.has(key) && !this.staleRuns.has(key)) continue;
      this.staleRuns.delete(key);
      const read = await this.attempt(async () => {
        const detail = await this.queries.ask<'run'>({ kind: 'run', store, run: run.run });
        this.details.set(key, { detail, leaderboard: await readLeaderboard(detail, this.log) });
        return true;
      });
      news = news || read;
    }
    return news;
  }

  private async readStandings(): Promise<boolean> {
    let news = false;
    const now = this.timers.now();
    const going = this.shownRuns().filter(({ run }) => isGoing(run.status));
    const keys = new Set(going.map(({ store, run }) => runKey(store, run.run)));
    for (const key of this.standings.keys()) if (!keys.has(key)) this.standings.delete(key);
    for (const { store, run } of going) {
      const key = runKey(store, run.run);
      if (now - (this.standings.get(key)?.at ?? Number.NEGATIVE_INFINITY) < STANDING_INTERVAL) continue;
      const read = await this.attempt(async () => {
        const { models } = await this.queries.ask<'standing'>({ kind: 'standing', store, run: run.run });
        this.standings.set(key, { at: now, models });
        return true;
      });
      news = news || read;
    }
    return news;
  }

  private shownRuns(): readonly { readonly store: string; readonly run: RunSummary }[] {
    return [...this.stores].flatMap(([store, { runs }]) => {
      const seen = new Map<string, number>();
      return runs.flatMap((run) => {
        const name = basename(run.experiment);
        const before = seen.get(name) ?? 0;
        seen.set(name, before + 1);
        return before < SHOWN_RUNS ? { store, run } : [];
      });
    });
  }
}

function runKey(store: string, run: string): string {
  return `${store}\n${run}`;
}
