import { CONSTANT_MODEL } from '../../core/experiment';
import type { LogEntry, RunLog } from '../../protocol/run-log';
import { logEntry } from '../../protocol/run-log';
import type { StoreIndex } from '../../store';
import type { RunFacts } from './facts';
import { summaryOf } from './runs';

/** The story of a run from its own events and those of its trials, in the order of their times. */
export function logOf(index: StoreIndex, facts: RunFacts, limit: number): RunLog {
  const { record, status, workers } = facts;
  const { trials } = summaryOf(facts);
  const labels = new Map(facts.trials.map(({ trial, label }) => [trial, label]));
  const entries = [...ownEntries(index, record.run, labels), ...trialEntries(index, record.run)].toSorted(
    (a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0),
  );
  return {
    run: record.run,
    name: record.name,
    status,
    folder: index.store.run(record.run).path(),
    madeWith: [
      `Taskweave ${record.versions.taskweave}`,
      `engine ${record.versions.engine}`,
      `Node ${record.versions.node}`,
      ...(record.backend === null ? [] : [`tensor backend ${record.backend}`]),
    ],
    workers,
    trials,
    entries: entries.slice(-limit),
    total: entries.length,
  };
}

/** What the coordinators wrote; kinds of later versions are left out. */
function ownEntries(index: StoreIndex, run: string, labels: ReadonlyMap<string, string>): LogEntry[] {
  return index
    .all('SELECT time, body FROM run_events WHERE run = ? ORDER BY seq', run)
    .flatMap(({ body }) => {
      const event: unknown = JSON.parse(String(body));
      const trial = Reflect.get(Object(event), 'trial');
      const parsed = logEntry.safeParse({
        message: null,
        attempt: 0,
        ...Object(event),
        ...(typeof trial === 'string' && { label: labels.get(trial) ?? trial }),
      });
      return parsed.success ? [parsed.data] : [];
    });
}

/** Beginnings, warnings and ends of attempts; the mean/majority predictor is no news. */
function trialEntries(index: StoreIndex, run: string): LogEntry[] {
  const warnings = new Map<string, string[]>();
  for (const { trial, attempt, message } of index.all(
    'SELECT trial, attempt, message FROM warnings WHERE run = ? ORDER BY seq',
    run,
  )) {
    const key = `${trial} ${attempt}`;
    warnings.set(key, [...(warnings.get(key) ?? []), String(message)]);
  }
  return index
    .all(
      `SELECT t.trial, t.label, a.attempt, a.started, a.pid, a.outcome, a.cpu, a.wall, a.message
       FROM attempts a JOIN trials t ON t.run = a.run AND t.trial = a.trial
       WHERE a.run = ?1 AND COALESCE(t.name, '') <> ?2 ORDER BY t.plan, t.place, a.attempt`,
      run,
      CONSTANT_MODEL,
    )
    .flatMap((row): LogEntry[] => {
      if (row.started === null) return [];
      const began = String(row.started);
      const of = { label: String(row.label), attempt: Number(row.attempt) };
      const told = warnings.get(`${row.trial} ${row.attempt}`) ?? [];
      const outcome = outcomeOf(row.outcome);
      const seconds = Number(row.wall ?? 0);
      const ended = outcome ? new Date(Date.parse(began) + 1000 * seconds).toISOString() : began;
      return [
        { kind: 'begun', time: began, ...of, pid: row.pid === null ? null : Number(row.pid) },
        ...told.map((message): LogEntry => ({ kind: 'warning', time: ended, ...of, message })),
        ...(outcome
          ? [
              {
                kind: 'ended' as const,
                time: ended,
                ...of,
                outcome,
                seconds,
                cpuSeconds: Number(row.cpu ?? 0),
                message: row.message === null ? null : String(row.message),
              },
            ]
          : []),
      ];
    });
}

function outcomeOf(value: unknown): 'completed' | 'failed' | 'cancelled' | undefined {
  return value === 'completed' || value === 'failed' || value === 'cancelled' ? value : undefined;
}
