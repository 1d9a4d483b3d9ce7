import type { PlotSeries, PlotSpec } from './spec';

/**
 * The smallest x from which a plot has to be drawn anew when `now` comes after `before`: all of it (−∞) where lines came
 * or went or look otherwise, nothing (∞) where all is the same. Lines that only grew change from their last point on.
 */
export function changedFrom(before: PlotSpec, now: PlotSpec): number {
  if (before.series.length !== now.series.length) return Number.NEGATIVE_INFINITY;
  if ((before.bands ?? []).length + (now.bands ?? []).length > 0) return Number.NEGATIVE_INFINITY;
  let from = Number.POSITIVE_INFINITY;
  const steps = new Same();
  for (let s = 0; s < now.series.length; s++) {
    const [a, b] = [before.series[s], now.series[s]];
    if (!looksSame(a, b)) return Number.NEGATIVE_INFINITY;
    if (a.y === b.y && a.x === b.x) continue;
    let common = Math.min(steps.of(a.x, b.x), commonPrefix(a.y, b.y));
    if (common === a.y.length && common === b.y.length) continue;
    while (common > 0 && b.y[common - 1] === null) common--;
    if (common === 0) return Number.NEGATIVE_INFINITY;
    from = Math.min(from, b.x[common - 1]);
  }
  return from;
}

function looksSame(a: PlotSeries, b: PlotSeries): boolean {
  return (
    a.key === b.key &&
    a.color === b.color &&
    a.dash === b.dash &&
    a.thick === b.thick &&
    a.faint === b.faint &&
    a.points === b.points
  );
}

/** Common beginnings of lists of steps; lines often share theirs, so the last answer is kept. */
class Same {
  private a: readonly number[] = [];
  private b: readonly number[] = [];
  private length = 0;

  of(a: readonly number[], b: readonly number[]): number {
    if (a !== this.a || b !== this.b) {
      this.a = a;
      this.b = b;
      this.length = a === b ? a.length : commonPrefix(a, b);
    }
    return this.length;
  }
}

function commonPrefix(a: readonly unknown[], b: readonly unknown[]): number {
  if (a === b) return a.length;
  const length = Math.min(a.length, b.length);
  let i = 0;
  while (i < length && a[i] === b[i]) i++;
  return i;
}
