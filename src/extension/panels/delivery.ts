import { curvesDelta, rowsDelta, withRows } from '../../protocol/deltas';
import type { CurvesPart, HostMessage, RowsDelta, TablePart } from '../../protocol/panel';

type Message<K extends HostMessage['kind']> = Extract<HostMessage, { kind: K }>;
type TableMessage = Message<'trials'> | Message<'compare'>;
type Small = Message<'overview'> | Message<'paths'> | Message<'problem'>;
export type Part = Small['kind'] | 'curves' | TablePart;

/** Cells that are sent at once: the editor serialises a message while the host waits, and there are others to serve. */
const MOST_CELLS = 15_000;

/** What a part was last sent as, and the numbers that it was sent under. */
interface Sent<M> {
  readonly message: M;
  readonly generation: number;
  readonly sequence: number;
}

/**
 * Sends a panel what it does not have: of curves and tables a snapshot, then what came after it; of the small parts all
 * of them when they changed. Generations grow over the panel's life, so that no delta meets a snapshot it is not of.
 */
export class Delivery {
  private readonly small = new Map<Part, string>();
  private curves: Sent<CurvesPart> | undefined;
  private readonly tables = new Map<TablePart, Sent<TableMessage>>();
  private generation = 0;

  /** @param later runs something once others had their turn */
  constructor(
    private readonly post: (message: HostMessage) => void,
    private readonly later: (action: () => void) => void = (action) => void setImmediate(action),
  ) {}

  has(part: Part): boolean {
    if (part === 'curves') return this.curves !== undefined;
    return part === 'trials' || part === 'compare' ? this.tables.has(part) : this.small.has(part);
  }

  /** The panel begins anew: it has nothing. */
  clear(): void {
    this.small.clear();
    this.tables.clear();
    this.curves = undefined;
  }

  /** The panel goes on to another run, and keeps nothing of the one before. */
  clearRun(): void {
    this.small.delete('paths');
    this.tables.delete('trials');
    this.curves = undefined;
  }

  /** The next of a part is a snapshot. */
  forget(part: 'curves' | TablePart): void {
    if (part === 'curves') this.curves = undefined;
    else this.tables.delete(part);
  }

  sendSmall(message: Small): void {
    const text = JSON.stringify(message);
    if (this.small.get(message.kind) === text) return;
    // No problem is the beginning.
    if (message.kind === 'problem' && message.message === null && !this.small.has('problem')) return;
    this.small.set(message.kind, text);
    this.post(message);
  }

  sendCurves(now: Omit<CurvesPart, 'generation'>): void {
    const before = this.curves;
    const delta = before && curvesDelta(before.message, { ...now, generation: before.generation });
    if (before === undefined || delta === undefined) {
      const message = { ...now, generation: ++this.generation };
      this.curves = { message, generation: message.generation, sequence: 0 };
      this.post(message);
      return;
    }
    if (delta === null) return;
    const { generation } = before;
    const sequence = before.sequence + 1;
    this.curves = { message: { ...now, generation }, generation, sequence };
    this.post({ kind: 'curvesDelta', generation, sequence, ...delta });
  }

  /** A large table goes in pieces: the first rows, then the others as deltas, with time for others between them. */
  sendTable(now: Omit<Message<'trials'>, 'generation'> | Omit<Message<'compare'>, 'generation'>): void {
    const before = this.tables.get(now.kind);
    const isOther = before === undefined || runOf(before.message) !== runOf(now);
    const delta = isOther ? undefined : rowsDelta(before.message, now);
    const atOnce = Math.max(1, Math.floor(MOST_CELLS / Math.max(1, now.table.columns.length)));
    if (isOther || delta === undefined) {
      const table = { ...now.table, rows: now.table.rows.slice(0, atOnce) };
      const message = { ...now, table, generation: ++this.generation };
      const sent = { message, generation: message.generation, sequence: 0 };
      this.tables.set(now.kind, sent);
      this.post(message);
      const rows = now.table.rows.slice(atOnce).map((row, i) => ({ at: atOnce + i, row }));
      if (rows.length > 0) this.sendRest(sent, { rows, total: now.table.total }, atOnce);
    } else if (delta !== null) this.sendRows(before, delta, atOnce);
  }

  private sendRows(
    before: Sent<TableMessage>,
    delta: Pick<RowsDelta, 'rows' | 'total'>,
    atOnce: number,
  ): void {
    const part = before.message.kind;
    const { generation } = before;
    const sequence = before.sequence + 1;
    const rows = delta.rows.slice(0, atOnce);
    const message = { kind: 'rowsDelta', part, generation, sequence, rows, total: delta.total } as const;
    const table = withRows(before.message.table, message);
    const sent = { message: { ...before.message, table }, generation, sequence };
    this.tables.set(part, sent);
    this.post(message);
    if (delta.rows.length > atOnce) this.sendRest(sent, { ...delta, rows: delta.rows.slice(atOnce) }, atOnce);
  }

  /** In a while, unless the panel was sent something newer by then, or has to be sent all of it. */
  private sendRest(sent: Sent<TableMessage>, delta: Pick<RowsDelta, 'rows' | 'total'>, atOnce: number): void {
    this.later(() => {
      if (this.tables.get(sent.message.kind) === sent) this.sendRows(sent, delta, atOnce);
    });
  }
}

function runOf(message: object): unknown {
  return 'run' in message ? message.run : undefined;
}
