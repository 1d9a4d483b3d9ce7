import * as z from 'zod/mini';
import { type Leaderboard, leaderboard } from '../../protocol/leaderboard';
import type { Query } from '../../protocol/queries';
import type { RunTable } from '../../protocol/tables';
import { type RunRecord, runRecord, type StoreIndex } from '../../store';
import { experimentPathOf } from '../experiment-path';

type CompareQuery = Extract<Query, { kind: 'compare' }>;
type Cell = RunTable['rows'][number][number];
type Column = RunTable['columns'][number];

interface Compared {
  readonly record: RunRecord;
  readonly board: Leaderboard | undefined;
}

const IDENTITY: readonly Column[] = [
  { id: 'run', label: 'Run', kind: 'text', role: 'identity' },
  { id: 'name', label: 'Name', kind: 'text', role: 'identity' },
  { id: 'created', label: 'Started', kind: 'text', role: 'identity' },
  { id: 'commit', label: 'Git commit', kind: 'text', role: 'identity' },
  { id: 'data', label: 'Data', kind: 'text', role: 'identity' },
  { id: 'best', label: 'Best', kind: 'text', role: 'identity' },
];

/** A row a run: every value of its experiment as resolved, and every score of its leaderboard. */
export function comparisonOf(index: StoreIndex, query: CompareQuery): RunTable {
  const records = recordsOf(index, query);
  const runs = records
    .slice(0, query.limit)
    .map((record): Compared => ({ record, board: boardOf(index, record.run) }));
  const parameters = runs.map(({ record }) => valuesOf(record));
  const scores = runs.map(({ board }) => (board ? scoresOf(board) : new Map<string, Scored>()));
  const names = union(parameters.map((values) => [...values.keys()]));
  const scored = union(scores.map((values) => [...values.keys()]));
  const columns: Column[] = [
    ...IDENTITY,
    ...names.map((name): Column => {
      const isNumber = parameters.every((values) => typeof (values.get(name) ?? 0) === 'number');
      return { id: name, label: name, kind: isNumber ? 'number' : 'text', role: 'parameter' };
    }),
    ...scored.map((id): Column => {
      const one = scores.find((values) => values.has(id))?.get(id);
      return {
        id,
        label: one?.label ?? id,
        ...(one?.sub && { sub: one.sub }),
        ...(one?.row !== undefined && { row: one.row }),
        ...(one?.baselineOf !== undefined && { baselineOf: one.baselineOf }),
        kind: 'number',
        role: one?.role ?? 'score',
      };
    }),
  ];
  const rows = runs.map(({ record, board }, i): Cell[] => [
    record.run,
    record.name,
    record.created,
    record.gitCommit?.slice(0, 10) ?? null,
    record.fingerprint.slice(0, 10),
    board?.rows[0]?.name ?? null,
    ...names.map((name) => parameters[i].get(name) ?? null),
    ...scored.map((id) => scores[i].get(id)?.value ?? null),
  ]);
  return { columns, rows, total: records.length };
}

/** Newest first. */
function recordsOf(index: StoreIndex, { experiment, runs }: CompareQuery): readonly RunRecord[] {
  const wanted = runs && new Set(runs);
  return index.all('SELECT record FROM runs ORDER BY created DESC, run DESC').flatMap(({ record }) => {
    const parsed = runRecord.safeParse(JSON.parse(String(record)));
    if (!parsed.success) return [];
    const isWanted = wanted
      ? wanted.has(parsed.data.run)
      : experimentPathOf(parsed.data, index.store.root) === experiment;
    return isWanted ? [parsed.data] : [];
  });
}

function boardOf(index: StoreIndex, run: string): Leaderboard | undefined {
  const row = index.get(
    `SELECT result FROM results r JOIN trials t ON t.run = r.run AND t.trial = r.trial
     WHERE r.run = ? AND t.kind = 'report' ORDER BY t.plan DESC, r.attempt DESC LIMIT 1`,
    run,
  );
  const parsed = leaderboard.safeParse(row && JSON.parse(String(row.result)));
  return parsed.success ? parsed.data : undefined;
}

/** What an experiment says, by path: `models.net.dropout`. Lists of plain values are one value. */
function valuesOf({ experiment }: RunRecord): ReadonlyMap<string, string | number> {
  const values = new Map<string, string | number>();
  const walk = (path: string, value: unknown): void => {
    if (value === null || value === undefined) return;
    if (typeof value === 'number' || typeof value === 'string') values.set(path, value);
    else if (typeof value === 'boolean') values.set(path, String(value));
    else if (Array.isArray(value)) walkList(path, value);
    else if (typeof value === 'object') {
      for (const [key, one] of Object.entries(value)) walk(within(path, key), one);
    }
  };
  const walkList = (path: string, list: readonly unknown[]): void => {
    const named = list.map((one) => nameOf.safeParse(one).data);
    if (list.length === 0) return;
    if (named.every((one) => one === undefined)) {
      values.set(
        path,
        list.map((one) => (typeof one === 'object' ? JSON.stringify(one) : String(one))).join(', '),
      );
      return;
    }
    list.forEach((one, i) => {
      walk(`${path}.${named[i]?.name ?? named[i]?.id ?? i}`, one);
    });
  };
  walk('', experiment);
  for (const name of [...values.keys()]) if (/\.(name|id)$/.test(name)) values.delete(name);
  return values;
}

/** As in the file, where the hyperparameters of a model stand beside its kind. */
function within(path: string, key: string): string {
  if (path === '') return key;
  return key === 'parameters' && /^models\.[^.]+$/.test(path) ? path : `${path}.${key}`;
}

const nameOf = z.union([
  z.object({ name: z.string(), id: z.optional(z.string()) }),
  z.object({ id: z.string(), name: z.optional(z.string()) }),
]);

interface Scored {
  readonly label: string;
  readonly sub?: string;
  readonly row?: string;
  readonly baselineOf?: string;
  readonly role: 'score' | 'cost';
  readonly value: number | null;
}

/** Mean skill and cost of every row, and every task's score of it; the best row's first. */
function scoresOf(board: Leaderboard): ReadonlyMap<string, Scored> {
  const values = new Map<string, Scored>();
  const [best] = board.rows;
  if (best) values.set('best mean', { label: 'Best', sub: 'mean skill', role: 'score', value: best.mean });
  for (const { name, mean, baselineOf } of board.rows) {
    values.set(`mean:${name}`, {
      label: name,
      row: name,
      ...(baselineOf !== undefined && !name.endsWith(' (pooled)') && { baselineOf }),
      sub: 'mean skill',
      role: 'score',
      value: mean,
    });
  }
  for (const { id, primary } of board.tasks) {
    for (const { name, role, scores } of board.rows) {
      if (role === 'baseline') continue;
      const value = scores[id]?.[primary] ?? null;
      values.set(`${name}:${id}`, { label: `${name}, ${id}`, row: name, sub: primary, role: 'score', value });
    }
  }
  for (const { name, cpuSeconds } of board.rows) {
    values.set(`cpu:${name}`, { label: name, row: name, sub: 'CPU s', role: 'cost', value: cpuSeconds });
  }
  return values;
}

function union(lists: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(lists.flat())];
}
