/** Labels of the λ that a path marks, a line each above the plot, placed so that no mark's line goes through a label. */

export interface Mark {
  readonly x: number;
  readonly label: string;
  readonly kind: 'chosen' | 'one-standard-error' | 'best';
}

export interface PathMark extends Mark {
  /** Which end of the label stands at the line. */
  readonly anchor: 'start' | 'end';
}

/** Pixels between a line and its label. */
export const LABEL_GAP = 4;

/**
 * Of all orders and sides the one with the fewest labels cut off or crossed; what is equal stays as it is told, labels
 * to the right of their lines. The first stands highest, and its line goes down past the labels of the others.
 *
 * @param marks few: every order is tried
 * @param width of the drawing, in pixels
 */
export function placeMarks(marks: readonly Mark[], width: number): readonly PathMark[] {
  let best: readonly PathMark[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (const order of orders(marks)) {
    for (let sides = 0; sides < 2 ** order.length; sides++) {
      const placed = order.map(
        (mark, i): PathMark => ({ ...mark, anchor: (sides >> i) & 1 ? 'end' : 'start' }),
      );
      const cost = costOf(placed, width);
      if (cost < least) [best, least] = [placed, cost];
    }
  }
  return best;
}

/** A crossing is worse than an unusual side, a label cut off worse than both. */
function costOf(placed: readonly PathMark[], width: number): number {
  return placed.reduce((cost, mark, i) => {
    const [from, to] = extentOf(mark);
    const crossed = placed.slice(0, i).filter(({ x }) => x > from && x < to).length;
    const cut = Math.max(0, -from) + Math.max(0, to - width);
    return cost + 1000 * cut + 10 * crossed + (mark.anchor === 'end' ? 1 : 0);
  }, 0);
}

function extentOf({ x, label, anchor }: PathMark): readonly [number, number] {
  const width = widthOf(label);
  return anchor === 'end' ? [x - LABEL_GAP - width, x - LABEL_GAP] : [x + LABEL_GAP, x + LABEL_GAP + width];
}

/** Of a label of 11 pixels, a little too wide rather than too narrow. */
function widthOf(label: string): number {
  return [...label].reduce((sum, letter) => sum + (letter > '\u2e7f' ? 11.5 : 7), 0);
}

/** As they are told first. */
function orders(marks: readonly Mark[]): readonly (readonly Mark[])[] {
  if (marks.length < 2) return [marks];
  return marks.flatMap((mark, i) =>
    orders(marks.filter((_, other) => other !== i)).map((rest) => [mark, ...rest]),
  );
}
