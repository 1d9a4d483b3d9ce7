/** A cell of a grid, from 0; row −1 is its head. */
export interface Place {
  readonly row: number;
  readonly column: number;
}

/** Where a key leads from a cell; undefined: it is no key that moves. `page`: rows that a page key goes over. */
export function reached(
  { key, ctrlKey }: { readonly key: string; readonly ctrlKey: boolean },
  { row, column }: Place,
  { rows, columns, page }: { readonly rows: number; readonly columns: number; readonly page: number },
): Place | undefined {
  const to: Readonly<Record<string, readonly [number, number]>> = {
    ArrowDown: [row + 1, column],
    ArrowUp: [row - 1, column],
    ArrowRight: [row, column + 1],
    ArrowLeft: [row, column - 1],
    PageDown: [row + page, column],
    PageUp: [row - page, column],
    Home: ctrlKey ? [-1, 0] : [row, 0],
    End: ctrlKey ? [rows - 1, columns - 1] : [row, columns - 1],
  };
  if (!(key in to)) return undefined;
  const [r, c] = to[key];
  return { row: Math.max(-1, Math.min(rows - 1, r)), column: Math.max(0, Math.min(columns - 1, c)) };
}
