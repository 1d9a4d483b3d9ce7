/** A rectangle of a plot, in its units; y grows downwards. */
export interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** A dot with its name. */
export interface Named {
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

export interface PlacedLabel extends Named {
  /** Where the text is anchored, on its base line. */
  readonly anchor: { readonly x: number; readonly y: number; readonly side: 'start' | 'end' };
  readonly box: Box;
}

/** Of a letter of small labels. */
const LETTER = 5.5;
const [ABOVE_LINE, BELOW_LINE] = [9, 2];
/** Base lines below the dot, the nearest first; beside it, below, above, and further off. */
const DROPS = [4, 13, -7, 26, -20, 39, -33];

/**
 * Places of names beside their dots: the first that is within the frame and lies over no obstacle and no name placed
 * before. A name without such a place is left out.
 */
export function placeLabels(
  points: readonly Named[],
  frame: Box,
  obstacles: readonly Box[],
): readonly PlacedLabel[] {
  const placed: PlacedLabel[] = [];
  for (const point of points) {
    const taken = [...obstacles, ...placed.map(({ box }) => box)];
    const label = candidates(point).find(
      ({ box }) => isWithin(box, frame) && !taken.some((one) => overlap(box, one)),
    );
    if (label) placed.push(label);
  }
  return placed;
}

function candidates(point: Named): PlacedLabel[] {
  const width = LETTER * point.text.length;
  return DROPS.flatMap((drop) =>
    (['start', 'end'] as const).map((side) => {
      const x = point.x + (side === 'start' ? 8 : -8);
      const y = point.y + drop;
      const [left, right] = side === 'start' ? [x, x + width] : [x - width, x];
      const box = { left, right, top: y - ABOVE_LINE, bottom: y + BELOW_LINE };
      return { ...point, anchor: { x, y, side }, box };
    }),
  );
}

function isWithin(box: Box, frame: Box): boolean {
  return (
    box.left >= frame.left && box.right <= frame.right && box.top >= frame.top && box.bottom <= frame.bottom
  );
}

export function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
