import { curvesDelta, rowsDelta } from '../../protocol/deltas';
import type { CurvesPart, HostMessage, TablePart } from '../../protocol/panel';

type Message<K extends HostMessage['kind']> = Extract<HostMessage, { kind: K }>;
type TableMessage = Message<'trials'> | Message<'compare'>;
type Small = Message<'overview'> | Message<'paths'> | Message<'problem'>;
export type Part = Small['kind'] | 'curves' | TablePart;

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

  constructor(private readonly post: (message: HostMessage) => void) {}

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

  sendTable(now: Omit<Message<'trials'>, 'generation'> | Omit<Message<'compare'>, 'generation'>): void {
    const before = this.tables.get(now.kind);
    const isOther = before === undefined || runOf(before.message) !== runOf(now);
    const delta = isOther ? undefined : rowsDelta(before.message, now);
    if (isOther || delta === undefined) {
      const message = { ...now, generation: ++this.generation };
      this.tables.set(now.kind, { message, generation: message.generation, sequence: 0 });
      this.post(message);
      return;
    }
    if (delta === null) return;
    const { generation } = before;
    const sequence = before.sequence + 1;
    this.tables.set(now.kind, { message: { ...now, generation }, generation, sequence });
    this.post({ kind: 'rowsDelta', part: now.kind, generation, sequence, ...delta });
  }
}

function runOf(message: object): unknown {
  return 'run' in message ? message.run : undefined;
}
