import { statSync } from 'node:fs';
import type { DatabaseSync } from 'node:sqlite';
import { fitsOf, type TrialSpec } from '../../core/experiment/trial';
import { parseLine, readLines } from '../event-reader';
import { runEvent, trialEvent } from '../events';
import type { RunFolder } from '../store';
import { RUN_TABLES } from './database';
import { rowOf } from './event-rows';
import type { Statements } from './statements';

/** Bytes taken in one transaction: ingesters wait for each other no longer than this takes. */
const SLICE = 2 << 20;

/** An attempt's events file, by what it is of. */
export interface AttemptKey {
  readonly trial: string;
  readonly attempt: number;
}

/**
 * Feeds one store's event files into its index. Where a file was read to, and what was read, change in the same
 * transaction, and that transaction is the only place that reads on from there: every event is taken in exactly once,
 * whoever ingests, however often, and whenever one is killed. SQLite's own write lock makes ingesters wait in turn.
 */
export class Ingester {
  constructor(
    private readonly database: DatabaseSync,
    private readonly statements: Statements,
  ) {}

  /** The run's record and plans, its own events, and the events of the attempts given (default: of all). */
  ingestRun(run: RunFolder, attempts?: readonly AttemptKey[]): boolean {
    const isPlanned = this.ingestPlans(run);
    const wanted =
      attempts ?? run.trials().flatMap((trial) => run.attempts(trial).map((attempt) => ({ trial, attempt })));
    const files = [this.runEvents(run), ...wanted.map((key) => this.attemptEvents(run, key))];
    const hasNewEvents = this.ingestFiles(run, files);
    return this.noteSteps(run, wanted) || hasNewEvents || isPlanned;
  }

  /** Steps are read from their own files; here only that there are more of them is noted. */
  private noteSteps(run: RunFolder, attempts: readonly AttemptKey[]): boolean {
    const grown = attempts.flatMap(({ trial, attempt }) => {
      const name = run.relative('trials', trial, `${attempt}.steps`);
      const size = sizeOf(run.attemptSteps(trial, attempt));
      return size === this.offset(name) ? [] : [{ name, size }];
    });
    if (grown.length === 0) return false;
    this.transaction(() => {
      for (const { name, size } of grown) this.setOffset(run, name, size);
      this.bump(run.run);
    });
    return true;
  }

  /** Forgets a run, as if it had never been read. */
  forget(run: string): void {
    this.transaction(() => {
      for (const table of RUN_TABLES) this.statements.run(`DELETE FROM ${table} WHERE run = ?`, run);
      this.bump(run);
    });
  }

  private ingestPlans(run: RunFolder): boolean {
    const known =
      this.statements.get('SELECT offset FROM files WHERE path = ?', run.relative('plan'))?.offset ?? -1;
    if (known === -1) {
      const record = run.record();
      this.transaction(() => {
        this.statements.run(
          'INSERT OR IGNORE INTO runs(run, created, record) VALUES (?, ?, ?)',
          run.run,
          record.created,
          JSON.stringify(record),
        );
        this.setOffset(run, run.relative('plan'), 0);
        this.bump(run.run);
      });
    }
    const next = run.path('plan', `${Math.max(0, Number(known))}.json`);
    if (statSync(next, { throwIfNoEntry: false }) === undefined) return known === -1;
    const plans = run.plans();
    this.transaction(() => {
      const from = Number(
        this.statements.get('SELECT offset FROM files WHERE path = ?', run.relative('plan'))?.offset ?? 0,
      );
      plans.slice(from).forEach((plan, i) => {
        plan.trials.forEach((spec, place) => {
          this.insertTrial(run.run, from + i, place, spec);
        });
      });
      this.setOffset(run, run.relative('plan'), plans.length);
      this.bump(run.run);
    });
    return true;
  }

  private insertTrial(run: string, plan: number, place: number, spec: TrialSpec): void {
    const key = 'key' in spec ? spec.key : undefined;
    const ensemble = spec.kind === 'ensemble' || spec.kind === 'chain' ? spec : undefined;
    const name = ensemble?.name ?? key?.model ?? null;
    const scope = ensemble?.scope ?? key?.scope ?? null;
    this.statements.run(
      `INSERT OR IGNORE INTO trials(run, trial, plan, place, kind, name, scope, learner, fold, repeat, fits, label)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      run,
      spec.id,
      plan,
      place,
      spec.kind,
      name,
      scope,
      'learner' in spec ? spec.learner : null,
      spec.kind === 'fit' ? spec.fold : null,
      spec.kind === 'fit' ? spec.repeat : null,
      fitsOf(spec),
      spec.label,
    );
  }

  private runEvents(run: RunFolder): EventFile {
    return {
      path: run.events(),
      name: run.relative('events.jsonl'),
      take: (line) => {
        const event = parseLine(line, runEvent);
        if (event === undefined) return;
        const { seq, kind, time } = event;
        this.statements.run(
          'INSERT OR REPLACE INTO run_events VALUES (?, ?, ?, ?, ?)',
          run.run,
          seq,
          kind,
          time,
          line,
        );
      },
    };
  }

  private attemptEvents(run: RunFolder, { trial, attempt }: AttemptKey): EventFile {
    return {
      path: run.attemptEvents(trial, attempt),
      name: run.relative('trials', trial, `${attempt}.jsonl`),
      take: (line) => {
        const event = parseLine(line, trialEvent);
        const row = event && rowOf(event, line, [run.run, trial, attempt]);
        if (row) this.statements.run(row.sql, ...row.values);
      },
    };
  }

  /** Many small files, or a part of a large one, in each transaction. */
  private ingestFiles(run: RunFolder, files: readonly EventFile[]): boolean {
    const grown = files.filter(({ path, name }) => sizeOf(path) !== this.offset(name));
    let changed = false;
    while (grown.length > 0) {
      this.transaction(() => {
        let taken = 0;
        while (taken < SLICE && grown.length > 0) {
          const read = this.ingestSlice(run, grown[0], SLICE - taken);
          taken += read;
          if (read === 0) grown.shift();
        }
        if (taken > 0) this.bump(run.run);
        changed ||= taken > 0;
      });
    }
    return changed;
  }

  /** @returns bytes taken; 0 at the end of what there is */
  private ingestSlice(run: RunFolder, { path, name, take }: EventFile, limit: number): number {
    const offset = this.offset(name);
    const { lines, next, shrunk } = readLines(path, offset, limit);
    if (shrunk) throw new ShrunkError(run.run);
    if (next === offset) return 0;
    for (const line of lines) take(line);
    this.setOffset(run, name, next, lines.length);
    return next - offset;
  }

  private offset(name: string): number {
    return Number(this.statements.get('SELECT offset FROM files WHERE path = ?', name)?.offset ?? 0);
  }

  private setOffset(run: RunFolder, name: string, offset: number, lines = 0): void {
    this.statements.run(
      `INSERT INTO files(path, run, offset, lines) VALUES (?, ?, ?, ?)
       ON CONFLICT(path) DO UPDATE SET offset = excluded.offset, lines = lines + excluded.lines`,
      name,
      run.run,
      offset,
      lines,
    );
  }

  /** Tells other connections, by one cheap read, which runs changed. */
  private bump(run: string): void {
    this.statements.run(
      `INSERT INTO meta(key, value) VALUES ('changes', 1) ON CONFLICT(key) DO UPDATE SET value = value + 1`,
    );
    this.statements.run(
      `INSERT OR REPLACE INTO meta(key, value) SELECT 'run ' || ?, value FROM meta WHERE key = 'changes'`,
      run,
    );
  }

  private transaction<T>(body: () => T): T {
    this.database.exec('BEGIN IMMEDIATE');
    try {
      const result = body();
      this.database.exec('COMMIT');
      return result;
    } catch (error) {
      this.database.exec('ROLLBACK');
      throw error;
    }
  }
}

/** A file of events, and what to do with each of its lines. */
interface EventFile {
  readonly path: string;
  /** In the index. */
  readonly name: string;
  take(line: string): void;
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** An events file became shorter: the run was replaced by another, and has to be read anew. */
export class ShrunkError extends Error {
  override readonly name = 'ShrunkError';
  constructor(readonly run: string) {
    super(`An events file of run ${run} became shorter.`);
  }
}
