import type { Leaderboard } from '../../core/evaluate';
import { leaderboard } from '../../protocol/leaderboard';
import type { RunStatus } from '../../protocol/runs';
import { liveCoordinator, type RunRecord, runRecord, StoreError, type StoreIndex } from '../../store';
import { experimentPathOf } from '../experiment-path';

type TrialState = 'waiting' | 'running' | 'completed' | 'failed' | 'skipped';

/** One trial: what it is, and the story of the attempt that counts. */
export interface TrialFact {
  readonly trial: string;
  readonly kind: string;
  readonly name: string | null;
  readonly scope: string | null;
  readonly fold: number | null;
  readonly fits: number;
  readonly label: string;
  readonly state: TrialState;
  /** The attempt that completed, else the highest; null where none started. */
  readonly attempt: number | null;
  /** It took, or has taken so far. */
  readonly seconds: number;
  /** Fits done by an attempt that runs. */
  readonly fitted: number;
  readonly message: string | null;
}

/** What the index, and the run's lock, say of one run. */
export interface RunFacts {
  readonly record: RunRecord;
  /** Where its experiment file is now. */
  readonly experimentPath: string;
  readonly status: RunStatus;
  readonly ended: string | null;
  /** Seconds by the clock that coordinators were at work on it and ended it themselves, in line and paused times apart. */
  readonly worked: number;
  /** 0 before a coordinator has opened it. */
  readonly workers: number;
  readonly trials: readonly TrialFact[];
  readonly leaderboard: Leaderboard | null;
}

interface Session {
  readonly status: RunStatus;
  readonly ended: string | null;
  readonly worked: number;
  readonly workers: number;
  /** When the last coordinator opened the run. */
  readonly opened: string;
  readonly skipped: ReadonlySet<string>;
  readonly lost: ReadonlySet<string>;
}

/** @throws StoreError `unknown-run`; `damaged-file` where its record is not one that this version reads */
export function readFacts(index: StoreIndex, run: string): RunFacts {
  const row = index.get('SELECT record FROM runs WHERE run = ?', run);
  if (row === undefined) {
    const why = index.damaged.get(run);
    if (why !== undefined) throw new StoreError('damaged-file', why);
    throw new StoreError('unknown-run', `There is no run ${run} in ${index.store.root}.`);
  }
  const parsed = runRecord.safeParse(JSON.parse(String(row.record)));
  if (!parsed.success) {
    throw new StoreError(
      'damaged-file',
      `${index.store.run(run).path('run.json')} is not what this version of Taskweave reads. Open the run with the version that made it, or delete the run's folder.`,
      { cause: parsed.error },
    );
  }
  const record = parsed.data;
  const session = readSession(index, run);
  const trials = readTrials(index, run, session);
  return {
    record,
    experimentPath: experimentPathOf(record, index.store.root),
    status: session.status,
    ended: session.ended,
    worked: session.worked,
    workers: session.workers,
    trials,
    leaderboard: readBoard(index, run, trials),
  };
}

function readSession(index: StoreIndex, run: string): Session {
  const events = index
    .all('SELECT kind, time, body FROM run_events WHERE run = ? ORDER BY seq', run)
    .map(({ kind, time, body }) => ({ kind: String(kind), time: String(time), body: String(body) }));
  const from = events.findLastIndex(({ kind }) => kind === 'opened');
  const session = events.slice(Math.max(0, from));
  const closed = session.findLast(({ kind }) => kind === 'closed');
  const isAlive = liveCoordinator(index.store.root, index.store.run(run).lock()) !== undefined;
  const lastOf = (...kinds: readonly string[]) => session.findLast(({ kind }) => kinds.includes(kind))?.kind;
  const bodies = (kind: string) =>
    session.filter((one) => one.kind === kind).map(({ body }) => fieldsOf(body));
  return {
    status: statusOf(closed && fieldsOf(closed.body).outcome, {
      isAlive,
      isWaiting: from < 0 || lastOf('queued', 'admitted') === 'queued',
      isPaused: lastOf('paused', 'continued') === 'paused',
    }),
    ended: closed?.time ?? null,
    worked: workedSeconds(events),
    workers: Number(bodies('opened')[0]?.workers ?? 0),
    opened: from < 0 ? '' : events[from].time,
    skipped: new Set(bodies('skipped').map(({ trial }) => String(trial))),
    lost: new Set(bodies('lost').map(({ trial, attempt }) => `${trial} ${attempt}`)),
  };
}

function workedSeconds(events: readonly { readonly kind: string; readonly time: string }[]): number {
  let seconds = 0;
  let since: number | undefined;
  for (const { kind, time } of events) {
    if (['queued', 'paused', 'closed'].includes(kind)) {
      if (since !== undefined) seconds += (Date.parse(time) - since) / 1000;
      since = undefined;
    }
    if (['opened', 'admitted', 'continued'].includes(kind)) since = Date.parse(time);
  }
  return Math.max(0, seconds);
}

function statusOf(
  outcome: unknown,
  at: { readonly isAlive: boolean; readonly isWaiting: boolean; readonly isPaused: boolean },
): RunStatus {
  if (outcome === 'completed' || outcome === 'failed' || outcome === 'cancelled') return outcome;
  if (!at.isAlive) return 'interrupted';
  if (at.isPaused) return 'paused';
  return at.isWaiting ? 'queued' : 'running';
}

function readTrials(index: StoreIndex, run: string, session: Session): TrialFact[] {
  const rows = index.all(
    `WITH story AS (
       SELECT trial, COALESCE(MAX(CASE WHEN outcome = 'completed' THEN attempt END), MAX(attempt)) AS attempt
       FROM attempts WHERE run = ?1 GROUP BY trial)
     SELECT t.trial, t.kind, t.name, t.scope, t.fold, t.fits, t.label, a.attempt, a.outcome, a.started, a.wall, a.message,
       CASE WHEN a.attempt IS NOT NULL AND a.outcome IS NULL
         THEN (SELECT COUNT(*) FROM fitted f WHERE f.run = ?1 AND f.trial = t.trial AND f.attempt = a.attempt)
         ELSE 0 END AS fitted
     FROM trials t LEFT JOIN story s ON s.trial = t.trial
     LEFT JOIN attempts a ON a.run = ?1 AND a.trial = t.trial AND a.attempt = s.attempt
     WHERE t.run = ?1 ORDER BY t.plan, t.place`,
    run,
  );
  return rows.map((row) => {
    const trial = String(row.trial);
    const attempt = row.attempt === null ? null : Number(row.attempt);
    const state = stateOf(session, trial, attempt, row.outcome, String(row.started));
    return {
      trial,
      kind: String(row.kind),
      name: textOrNull(row.name),
      scope: textOrNull(row.scope),
      fold: row.fold === null ? null : Number(row.fold),
      fits: Number(row.fits),
      label: String(row.label),
      state,
      attempt,
      seconds: state === 'running' ? secondsSince(String(row.started)) : Number(row.wall ?? 0),
      fitted: Number(row.fitted),
      message: textOrNull(row.message),
    };
  });
}

function stateOf(
  session: Session,
  trial: string,
  attempt: number | null,
  outcome: unknown,
  started: string,
): TrialState {
  if (outcome === 'completed' || outcome === 'failed') return outcome;
  if (session.skipped.has(trial)) return 'skipped';
  const isWorkedOn = session.status === 'running' || session.status === 'paused';
  // An attempt from before the last coordinator came is nobody's: its process ended with the one before.
  const isOpen = attempt !== null && outcome === null && started >= session.opened;
  return isWorkedOn && isOpen && !session.lost.has(`${trial} ${attempt}`) ? 'running' : 'waiting';
}

function readBoard(index: StoreIndex, run: string, trials: readonly TrialFact[]): Leaderboard | null {
  const report = trials.findLast(({ kind, state }) => kind === 'report' && state === 'completed');
  if (report === undefined) return null;
  const row = index.get(
    'SELECT result FROM results WHERE run = ? AND trial = ? AND attempt = ?',
    run,
    report.trial,
    report.attempt,
  );
  const parsed = leaderboard.safeParse(row === undefined ? undefined : JSON.parse(String(row.result)));
  return parsed.success ? parsed.data : null;
}

function fieldsOf(body: string): Readonly<Record<string, unknown>> {
  const value: unknown = JSON.parse(body);
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function textOrNull(value: unknown): string | null {
  return value === null || value === undefined ? null : String(value);
}

function secondsSince(time: string): number {
  return Math.max(0, (Date.now() - Date.parse(time)) / 1000);
}
