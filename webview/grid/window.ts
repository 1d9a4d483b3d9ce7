/** Which of many rows, or columns, are seen: from `from`, up to but not `to`. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export function isOtherSpan(a: Span, b: Span): boolean {
  return a.from !== b.from || a.to !== b.to;
}

/** Rows of one height that are seen between two pixels, with some more above and below. */
export function rowSpan(top: number, height: number, rowHeight: number, count: number, over: number): Span {
  const from = Math.max(0, Math.floor(top / rowHeight) - over);
  const to = Math.min(count, Math.ceil((top + height) / rowHeight) + over);
  return { from: Math.min(from, to), to };
}

/** Left edges of columns beside each other, and their right end. */
export function edgesOf(widths: readonly number[]): readonly number[] {
  const edges = [0];
  for (const width of widths) edges.push(edges[edges.length - 1] + width);
  return edges;
}

/** Columns that are seen between two pixels, with some more on either side. */
export function columnSpan(edges: readonly number[], left: number, width: number, over: number): Span {
  const count = edges.length - 1;
  const from = Math.max(0, columnAt(edges, left) - over);
  const to = Math.min(count, columnAt(edges, left + width) + 1 + over);
  return { from: Math.min(from, to), to };
}

/** Where to scroll so that a stretch is seen: as little as it takes. `before` is covered by what stays in place. */
export function scrolledTo(at: number, size: number, { from, to }: Span, before: number): number {
  if (from < at) return from;
  if (to > at + size - before) return to - size + before;
  return at;
}

/** The last column whose left edge is at or before a pixel. */
function columnAt(edges: readonly number[], pixel: number): number {
  let low = 0;
  let high = edges.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (edges[middle] <= pixel) low = middle;
    else high = middle - 1;
  }
  return Math.min(low, Math.max(0, edges.length - 2));
}

/**
 * Keeps a list of things, one an index of a span, while the span moves: those that fall out at one end come in again at
 * the other, so that their order in the document stays that of the indices.
 */
export class Ring<T> {
  private items: T[] = [];
  private span: Span = { from: 0, to: 0 };

  constructor(
    private readonly make: () => T,
    /** Puts one into the document before another, or last. */
    private readonly place: (item: T, before: T | undefined) => void,
    private readonly remove: (item: T) => void,
  ) {}

  get all(): readonly T[] {
    return this.items;
  }

  get first(): number {
    return this.span.from;
  }

  at(index: number): T | undefined {
    return this.items[index - this.span.from];
  }

  /** @returns the indices whose thing was not there before, or stood for another index */
  move(to: Span): readonly number[] {
    const before = this.span;
    this.span = to;
    const [from, until] = [Math.max(before.from, to.from), Math.min(before.to, to.to)];
    if (from >= until) return this.replace(to);
    const free: T[] = [
      ...this.items.splice(until - before.from),
      ...this.items.splice(0, from - before.from),
    ];
    const changed: number[] = [];
    const take = (): T => free.pop() ?? this.make();
    for (let i = from - 1; i >= to.from; i--) {
      const item = take();
      this.place(item, this.items[0]);
      this.items.unshift(item);
      changed.push(i);
    }
    for (let i = until; i < to.to; i++) {
      const item = take();
      this.place(item, undefined);
      this.items.push(item);
      changed.push(i);
    }
    for (const item of free) this.remove(item);
    return changed;
  }

  private replace({ from, to }: Span): readonly number[] {
    while (this.items.length > to - from) {
      const item = this.items.pop();
      if (item !== undefined) this.remove(item);
    }
    while (this.items.length < to - from) {
      const item = this.make();
      this.place(item, undefined);
      this.items.push(item);
    }
    return Array.from({ length: to - from }, (_, i) => from + i);
  }
}
