import {
  type CurvesChange,
  curvesDelta,
  type PathsChange,
  pathsDelta,
  type RowsChange,
  rowsDelta,
  withCurves,
  withPaths,
  withRows,
} from '../../protocol/deltas';
import type { HostMessage } from '../../protocol/panel';
import type { CurvesPart, PathsPart, TablePart } from '../../protocol/parts';
import { Stream, type StreamKind } from './stream';

type Message<K extends HostMessage['kind']> = Extract<HostMessage, { kind: K }>;
type TableMessage = Message<TablePart>;
type Small = Message<'overview'> | Message<'problem'>;
type Whole<M> = M extends unknown ? Omit<M, 'generation'> : never;
type StreamedPart = 'curves' | 'paths' | TablePart;
export type Part = Small['kind'] | StreamedPart;

/** Cells that are sent at once: serialising a message takes the host's time. */
const MOST_CELLS = 15_000;

/**
 * Sends a panel what it does not have: of curves, paths and tables a snapshot, then what came after it; of the small parts
 * all of them when they changed. Generations grow over the panel's life, so that no delta meets a snapshot it is not of.
 */
export class Delivery {
  private readonly small = new Map<Small['kind'], string>();
  private readonly curves: Stream<CurvesPart, CurvesChange>;
  private readonly paths: Stream<PathsPart, PathsChange>;
  private readonly tables: Readonly<Record<TablePart, Stream<TableMessage, RowsChange>>>;
  private generation = 0;

  /** @param later runs something once others had their turn */
  constructor(
    private readonly post: (message: HostMessage) => void,
    later: (action: () => void) => void = (action) => void setImmediate(action),
  ) {
    const stream = <M extends HostMessage & { readonly generation: number }, D>(kind: StreamKind<M, D>) =>
      new Stream(kind, post, later, () => ++this.generation);
    this.curves = stream(CURVES);
    this.paths = stream(PATHS);
    this.tables = { trials: stream(TABLE), compare: stream(TABLE) };
  }

  has(part: Part): boolean {
    return part === 'overview' || part === 'problem' ? this.small.has(part) : this.streamOf(part).has;
  }

  /** The panel begins anew: it has nothing. */
  clear(): void {
    this.small.clear();
    for (const part of ['curves', 'paths', 'trials', 'compare'] as const) this.forget(part);
  }

  /** The panel goes on to another run, and keeps nothing of the one before. */
  clearRun(): void {
    for (const part of ['curves', 'paths', 'trials'] as const) this.forget(part);
  }

  /** The next of a part is a snapshot. */
  forget(part: StreamedPart): void {
    this.streamOf(part).forget();
  }

  sendSmall(message: Small): void {
    const text = JSON.stringify(message);
    if (this.small.get(message.kind) === text) return;
    // No problem is the beginning.
    if (message.kind === 'problem' && message.message === null && !this.small.has('problem')) return;
    this.small.set(message.kind, text);
    this.post(message);
  }

  sendCurves(now: Whole<CurvesPart>): void {
    this.curves.send((generation) => ({ ...now, generation }));
  }

  sendPaths(now: Whole<PathsPart>): void {
    this.paths.send((generation) => ({ ...now, generation }));
  }

  sendTable(now: Whole<TableMessage>): void {
    this.tables[now.kind].send((generation) => ({ ...now, generation }));
  }

  private streamOf(part: StreamedPart): { readonly has: boolean; forget(): void } {
    return part === 'curves' ? this.curves : part === 'paths' ? this.paths : this.tables[part];
  }
}

const CURVES: StreamKind<CurvesPart, CurvesChange> = {
  delta: curvesDelta,
  apply: withCurves,
  first: (now) => now,
  split: (_, delta) => [delta, undefined],
  message: (_, delta, generation, sequence) => ({ kind: 'curvesDelta', generation, sequence, ...delta }),
};

const TABLE: StreamKind<TableMessage, RowsChange> = {
  delta: (before, now) => (runOf(before) === runOf(now) ? rowsDelta(before, now) : undefined),
  apply: (before, delta) => ({ ...before, table: withRows(before.table, delta) }),
  first: (now) => ({ ...now, table: { ...now.table, rows: now.table.rows.slice(0, rowsAtOnce(now)) } }),
  split(now, delta) {
    const most = rowsAtOnce(now);
    const { rows, total } = delta;
    return [
      { rows: rows.slice(0, most), total },
      rows.length > most ? { rows: rows.slice(most), total } : undefined,
    ];
  },
  message: ({ kind: part }, delta, generation, sequence) => ({
    kind: 'rowsDelta',
    part,
    generation,
    sequence,
    ...delta,
  }),
};

function rowsAtOnce({ table }: TableMessage): number {
  return Math.max(1, Math.floor(MOST_CELLS / Math.max(1, table.columns.length)));
}

function runOf(message: object): unknown {
  return 'run' in message ? message.run : undefined;
}

const PATHS: StreamKind<PathsPart, PathsChange> = {
  delta: pathsDelta,
  apply: withPaths,
  first(now) {
    let room = pointsAtOnce(now);
    const paths = now.paths.map((path) => {
      const points = path.points.slice(0, room);
      room -= points.length;
      return { ...path, points };
    });
    return { ...now, paths };
  },
  split(now, { paths }) {
    let room = pointsAtOnce(now);
    const parts = paths.map(({ points, ...head }) => {
      const some = points.slice(0, room);
      room -= some.length;
      return [
        { ...head, points: some },
        { ...head, head: null, points: points.slice(some.length) },
      ] as const;
    });
    const rest = parts.map(([, left]) => left).filter(({ points }) => points.length > 0);
    return [{ paths: parts.map(([some]) => some) }, rest.length > 0 ? { paths: rest } : undefined];
  },
  message: (_, delta, generation, sequence) => ({ kind: 'pathsDelta', generation, sequence, ...delta }),
};

/** A point has a score and its error a task, and as much of all. */
function pointsAtOnce({ paths }: PathsPart): number {
  const tasks = Math.max(0, ...paths.map(({ points }) => points[0]?.tasks.length ?? 0));
  return Math.max(1, Math.floor(MOST_CELLS / (3 * (1 + tasks))));
}
