import { pixel, type Scale } from './scale';
import type { Value } from './spec';

/**
 * A line through its points. Where several fall in one column of pixels, it goes there through the lowest and the highest
 * of them in the order they come: at most two points a column, and no spike is lost.
 * @param first index of the point it starts at
 * @param column width of a column, pixels; 0: every point is drawn
 */
export function trace(
  path: { moveTo(x: number, y: number): void; lineTo(x: number, y: number): void },
  xs: readonly number[],
  ys: readonly Value[],
  x: Scale,
  y: Scale,
  first: number,
  column: number,
): void {
  let begun = false;
  const to = (px: number, py: number): void => {
    if (begun) path.lineTo(px, py);
    else path.moveTo(px, py);
    begun = true;
  };
  let open = Number.NaN;
  let lowX = 0;
  let low = 0;
  let highX = 0;
  let high = 0;
  const close = (): void => {
    if (Number.isNaN(open)) return;
    if (lowX <= highX) {
      to(lowX, low);
      if (low !== high) to(highX, high);
    } else {
      to(highX, high);
      to(lowX, low);
    }
    open = Number.NaN;
  };
  for (let i = first; i < xs.length; i++) {
    const value = ys[i];
    if (value === null || !shows(xs[i], value, x, y)) continue;
    const px = pixel(x, xs[i]);
    const py = pixel(y, value);
    if (column === 0) {
      to(px, py);
      continue;
    }
    const at = Math.floor(px / column);
    if (at !== open) {
      close();
      open = at;
      lowX = highX = px;
      low = high = py;
    } else if (py < low) {
      low = py;
      lowX = px;
    } else if (py > high) {
      high = py;
      highX = px;
    }
  }
  close();
}

export function shows(xValue: number, yValue: number, x: Scale, y: Scale): boolean {
  return Number.isFinite(yValue) && !(x.log && xValue <= 0) && !(y.log && yValue <= 0);
}

/** The last point left of a pixel: where a line that goes on to the right of it starts. */
export function before(xs: readonly number[], x: Scale, left: number): number {
  let low = 0;
  let high = xs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (pixel(x, xs[middle]) < left) low = middle + 1;
    else high = middle;
  }
  return Math.max(0, low - 2);
}
