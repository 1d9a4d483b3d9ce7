import type { HostMessage } from '../../protocol/panel';

/** How a part of the panel is sent: what of it is whole, and what changed of it. */
export interface StreamKind<M extends { readonly generation: number }, D> {
  /** Undefined: it cannot be told, or is of something else. Null: nothing changed. */
  delta(before: M, now: M): D | null | undefined;
  apply(before: M, delta: D): M;
  /** What a snapshot is sent as at first, the rest of it as deltas. */
  first(now: M): M;
  /** What of a delta is sent at once, and the rest. */
  split(now: M, delta: D): readonly [atOnce: D, rest: D | undefined];
  message(now: M, delta: D, generation: number, sequence: number): HostMessage;
}

/** What a part was last sent as, and the numbers that it was sent under. */
interface Sent<M> {
  readonly message: M;
  readonly sequence: number;
}

/**
 * One part on its way to the panel: a snapshot, then what came after it. What is large goes in pieces, with time for others
 * between them: the editor serialises a message while the host waits, and there are others to serve.
 */
export class Stream<M extends HostMessage & { readonly generation: number }, D> {
  private sent: Sent<M> | undefined;

  /** @param later runs something once others had their turn */
  constructor(
    private readonly kind: StreamKind<M, D>,
    private readonly post: (message: HostMessage) => void,
    private readonly later: (action: () => void) => void,
    private readonly nextGeneration: () => number,
  ) {}

  get has(): boolean {
    return this.sent !== undefined;
  }

  /** The next is a snapshot. */
  forget(): void {
    this.sent = undefined;
  }

  /** @param whole makes the message under a generation */
  send(whole: (generation: number) => M): void {
    const before = this.sent;
    const now = whole(before?.message.generation ?? 0);
    const delta = before && this.kind.delta(before.message, now);
    if (delta === null) return;
    if (before !== undefined && delta !== undefined) {
      this.sendDelta(before, now, delta);
      return;
    }
    const message = whole(this.nextGeneration());
    const first = this.kind.first(message);
    this.sent = { message: first, sequence: 0 };
    this.post(first);
    this.sendLater(this.sent, message, this.kind.delta(first, message));
  }

  private sendDelta(before: Sent<M>, now: M, delta: D): void {
    const [atOnce, rest] = this.kind.split(now, delta);
    const sequence = before.sequence + 1;
    const message = this.kind.apply(before.message, atOnce);
    this.sent = { message, sequence };
    this.post(this.kind.message(message, atOnce, message.generation, sequence));
    this.sendLater(this.sent, now, rest);
  }

  /** In a while, unless the panel was sent something newer by then, or has to be sent all of it. */
  private sendLater(sent: Sent<M>, now: M, rest: D | null | undefined): void {
    if (rest === null || rest === undefined) return;
    this.later(() => {
      if (this.sent === sent) this.sendDelta(sent, now, rest);
    });
  }
}
