import { existsSync, statSync } from 'node:fs';
import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { liveCoordinator } from '../coordinator-lock';
import { StoreError } from '../errors';
import type { RunFolder, RunStore } from '../store';
import { indexPath, openDatabase, RUN_TABLES } from './database';
import { type AttemptKey, Ingester, ShrunkError } from './ingest';
import { type Row, Statements } from './statements';

/**
 * The SQLite index of one store: a cache of what the event logs say, for questions. Everything here is synchronous, so
 * it never runs in the extension host.
 */
export class StoreIndex {
  readonly path: string;
  private readonly database: DatabaseSync;
  private readonly ingester: Ingester;
  private readonly statements: Statements;
  /** Closed runs that were read to their end, by when a coordinator last came or went: a resume changes that. */
  private readonly settled = new Map<string, number>();
  private readonly damagedRuns = new Map<string, string>();

  constructor(readonly store: RunStore) {
    this.path = indexPath(store.root);
    this.database = openDatabase(this.path);
    this.statements = new Statements(this.database);
    this.ingester = new Ingester(this.database, this.statements);
  }

  /** Takes in what is new of one run; with `attempts`, of those attempts only. True when there was anything. */
  ingest(run: RunFolder, attempts?: readonly AttemptKey[]): boolean {
    try {
      return this.ingester.ingestRun(run, attempts);
    } catch (error) {
      if (!(error instanceof ShrunkError)) throw error;
      this.ingester.forget(run.run);
      return this.ingester.ingestRun(run);
    }
  }

  /**
   * Takes in what is new of every run that no live coordinator feeds into this index, and forgets runs whose folder is
   * gone. A run that is damaged is left out.
   */
  refresh(): void {
    const present = new Set(this.store.runs());
    for (const { run } of this.all('SELECT run FROM runs')) {
      if (!present.has(String(run))) this.ingester.forget(String(run));
    }
    for (const name of present) this.refreshRun(this.store.run(name));
  }

  /** Empties the index and reads everything again. */
  rebuild(): void {
    this.settled.clear();
    for (const { run } of this.all('SELECT DISTINCT run FROM files')) this.ingester.forget(String(run));
    for (const name of this.store.runs()) this.ingestUnlessDamaged(this.store.run(name));
  }

  /** Runs that were left out when they were last looked at, and why. */
  get damaged(): ReadonlyMap<string, string> {
    return this.damagedRuns;
  }

  /** Number that grows with every change to the index, by whomever. */
  changes(): number {
    return Number(this.get(`SELECT value FROM meta WHERE key = 'changes'`)?.value ?? 0);
  }

  /** Runs changed since `changes()` gave `since`. */
  changedSince(since: number): readonly string[] {
    return this.all(`SELECT substr(key, 5) AS run FROM meta WHERE key LIKE 'run %' AND value > ?`, since).map(
      (row) => String(row.run),
    );
  }

  /** Runs that are not closed and whose coordinator is at work. */
  aliveRuns(): ReadonlySet<string> {
    const open = this.all(
      `SELECT run FROM runs WHERE COALESCE((SELECT kind FROM run_events e WHERE e.run = runs.run ORDER BY seq DESC LIMIT 1), '')
       <> 'closed'`,
    ).map(({ run }) => String(run));
    return new Set(
      open.filter((run) => liveCoordinator(this.store.root, this.store.run(run).lock()) !== undefined),
    );
  }

  /** Number that grew with the last change of one run. */
  changeOf(run: string): number {
    return Number(this.get(`SELECT value FROM meta WHERE key = 'run ' || ?`, run)?.value ?? 0);
  }

  all(sql: string, ...values: readonly SQLInputValue[]): Row[] {
    return this.statements.all(sql, ...values);
  }

  get(sql: string, ...values: readonly SQLInputValue[]): Row | undefined {
    return this.statements.get(sql, ...values);
  }

  /** Every row of every table, in key order: two indexes of the same files dump the same. */
  dump(): Readonly<Record<string, readonly Row[]>> {
    return Object.fromEntries(RUN_TABLES.map((table) => [table, this.all(`SELECT * FROM ${table}`)]));
  }

  close(): void {
    this.database.close();
  }

  private refreshRun(run: RunFolder): void {
    const seen = statSync(run.store.path(run.lock()), { throwIfNoEntry: false })?.mtimeMs;
    if (seen !== undefined && this.settled.get(run.run) === seen) return;
    const holder = liveCoordinator(this.store.root, run.lock());
    if (holder?.index === this.path) return;
    this.ingestUnlessDamaged(run);
    if (holder === undefined && seen !== undefined && this.lastEvent(run.run) === 'closed') {
      this.settled.set(run.run, seen);
    }
  }

  private lastEvent(run: string): unknown {
    return this.get('SELECT kind FROM run_events WHERE run = ? ORDER BY seq DESC LIMIT 1', run)?.kind;
  }

  private ingestUnlessDamaged(run: RunFolder): void {
    this.damagedRuns.delete(run.run);
    if (!existsSync(run.path('run.json'))) return;
    try {
      this.ingest(run);
    } catch (error) {
      if (!(error instanceof StoreError)) throw error;
      this.damagedRuns.set(run.run, error.message);
    }
  }
}
