import type { TrialEvent } from '../events';

/** A statement that takes an event into the index. */
export interface EventRow {
  readonly sql: string;
  readonly values: readonly (string | number | null)[];
}

/**
 * The row of one event, if it has one. `OR REPLACE`: a damaged file may repeat a sequence number, and must not stop
 * the index.
 * @param line the event as written
 * @param at run, trial, attempt
 */
export function rowOf(
  event: TrialEvent,
  line: string,
  at: readonly [run: string, trial: string, attempt: number],
): EventRow | undefined {
  switch (event.kind) {
    case 'start':
      return insert(
        'attempts(run, trial, attempt, started, pid, host, backend)',
        ...at,
        event.time,
        event.pid,
        event.host,
        event.backend ?? null,
      );
    case 'fitted':
      return insert(
        'fitted',
        ...at,
        event.seq,
        event.configuration,
        event.task ?? null,
        event.lambda,
        event.convergence.converged ? 1 : 0,
        event.activeFeatures ?? null,
        line,
      );
    case 'score':
      return insert(
        'scores',
        ...at,
        event.configuration,
        event.task,
        event.split,
        JSON.stringify(event.metrics),
        event.rows,
      );
    case 'result':
      return insert('results', ...at, JSON.stringify(event.result));
    case 'warning':
      return insert('warnings', ...at, event.seq, event.message);
    case 'end':
      return {
        sql: `UPDATE attempts SET outcome = ?, cpu = ?, wall = ?, code = ?, message = ?
              WHERE run = ? AND trial = ? AND attempt = ?`,
        values: [
          event.outcome,
          event.cpuSeconds,
          event.wallSeconds,
          event.error?.code ?? null,
          event.error?.message ?? null,
          ...at,
        ],
      };
    case 'predictions':
    case 'model':
    case 'diagnosis':
      return undefined;
  }
}

function insert(into: string, ...values: readonly (string | number | null)[]): EventRow {
  return { sql: `INSERT OR REPLACE INTO ${into} VALUES (${values.map(() => '?').join(', ')})`, values };
}
