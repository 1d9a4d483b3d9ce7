import { withCurves, withPaths, withRows } from '../src/protocol/deltas';
import type { HostMessage, PanelMessage } from '../src/protocol/panel';
import type { CurvesPart, PathsPart, TablePart } from '../src/protocol/parts';

type Delta = Extract<HostMessage, { kind: 'curvesDelta' | 'pathsDelta' | 'rowsDelta' }>;
type Part = Extract<PanelMessage, { kind: 'resync' }>['part'];
type Table = Extract<HostMessage, { kind: TablePart }>;
/** A message as the views take it: whole. */
export type WholeMessage = Exclude<HostMessage, Delta>;

interface Held<M> {
  readonly message: M;
  readonly sequence: number;
}

/**
 * Puts together what comes in pieces: holds the last snapshot of each part and applies the deltas that follow it. A
 * delta of another generation, or one that does not follow the last, is dropped and a snapshot is asked for, once.
 */
export class Received {
  private curves: Held<CurvesPart> | undefined;
  private paths: Held<PathsPart> | undefined;
  private readonly tables = new Map<TablePart, Held<Table>>();
  private readonly asked = new Set<Part>();

  constructor(private readonly send: (message: PanelMessage) => void) {}

  /** @returns the part as it is now; undefined where a snapshot has to come first */
  take(message: HostMessage): WholeMessage | undefined {
    switch (message.kind) {
      case 'curves':
        this.curves = { message, sequence: 0 };
        this.asked.delete('curves');
        return message;
      case 'paths':
        this.paths = { message, sequence: 0 };
        this.asked.delete('paths');
        return message;
      case 'trials':
      case 'compare':
        this.tables.set(message.kind, { message, sequence: 0 });
        this.asked.delete(message.kind);
        return message;
      case 'curvesDelta': {
        if (!follows(this.curves, message)) return this.ask('curves');
        const whole = withCurves(this.curves.message, message);
        this.curves = { message: whole, sequence: message.sequence };
        return whole;
      }
      case 'pathsDelta': {
        if (!follows(this.paths, message)) return this.ask('paths');
        const whole = withPaths(this.paths.message, message);
        this.paths = { message: whole, sequence: message.sequence };
        return whole;
      }
      case 'rowsDelta': {
        const held = this.tables.get(message.part);
        if (!follows(held, message)) return this.ask(message.part);
        const whole = { ...held.message, table: withRows(held.message.table, message) };
        this.tables.set(message.part, { message: whole, sequence: message.sequence });
        return whole;
      }
      default:
        return message;
    }
  }

  private ask(part: Part): undefined {
    if (this.asked.has(part)) return;
    this.asked.add(part);
    this.send({ kind: 'resync', part });
  }
}

function follows<M extends { readonly generation: number }>(
  held: Held<M> | undefined,
  { generation, sequence }: Delta,
): held is Held<M> {
  return held !== undefined && held.message.generation === generation && sequence === held.sequence + 1;
}
