import type { Extent, PlotSpec, Value, View } from './spec';

/** A scale of the axis: pixels are `factor · value + shift`, of the value or of its logarithm. */
export interface Scale {
  readonly log: boolean;
  readonly factor: number;
  readonly shift: number;
}

export interface Extents {
  readonly x: Extent;
  readonly y: Extent;
}

/** @param from pixel of the extent's smallest value; @param to of its largest */
export function scaleOf({ min, max }: Extent, log: boolean, from: number, to: number): Scale {
  const [low, high] = log ? [Math.log10(min), Math.log10(max)] : [min, max];
  const factor = (to - from) / (high - low || 1);
  return { log, factor, shift: from - factor * low };
}

export function pixel({ log, factor, shift }: Scale, value: number): number {
  return factor * (log ? Math.log10(value) : value) + shift;
}

/** What a plot's axes span: the part that is looked at, else all there is with a margin above and below. */
export function extentsOf(spec: PlotSpec, { x: lookedX, y: lookedY }: View): Extents {
  const range = new Range();
  for (const { x, points } of spec.series) range.addSteps(x, spec.logX === true, points === true);
  for (const { x } of spec.bands ?? []) range.addSteps(x, spec.logX === true, false);
  const x = lookedX ?? range.orElse(spec.logX ? { min: 1, max: 10 } : { min: 0, max: 1 });
  const shown = widened(x, spec.logX === true);
  const hasDots = lookedX === null && spec.series.some(({ points }) => points === true);
  return {
    x: hasDots ? roomForDots(shown, spec.logX === true) : shown,
    y: lookedY ?? heightOf(spec, lookedX),
  };
}

/** Part of the width left and right of dots: at the very end of an axis half of one would be cut off. */
const DOT_MARGIN = 0.02;

function roomForDots({ min, max }: Extent, log: boolean): Extent {
  if (log) return { min: min * (min / max) ** DOT_MARGIN, max: max * (max / min) ** DOT_MARGIN };
  return { min: min - DOT_MARGIN * (max - min), max: max + DOT_MARGIN * (max - min) };
}

function heightOf(spec: PlotSpec, within: Extent | null): Extent {
  const log = spec.logY === true;
  const range = new Range();
  for (const { x, y } of spec.series) range.addWithin(x, y, within, log);
  for (const { x, low, high } of spec.bands ?? []) {
    range.addWithin(x, low, within, log);
    range.addWithin(x, high, within, log);
  }
  const { min, max } = range.orElse(log ? { min: 0.1, max: 1 } : { min: 0, max: 1 });
  if (log) return { min: min / 1.2, max: max * 1.2 };
  const by = 0.05 * (max - min || Math.abs(max) || 1);
  return { min: min - by, max: max + by };
}

/** A single value gets a range of its own. */
function widened({ min, max }: Extent, log: boolean): Extent {
  if (min < max) return { min, max };
  return log ? { min: min / 2, max: max * 2 } : { min: min - 0.5, max: max + 0.5 };
}

/**
 * Extents that may stay as they are for a while: `wanted` is seen in `shown` but for half a pixel to the right, and does
 * not leave most of its height empty. A plot that only grew need then not be drawn anew.
 */
export function fits(wanted: Extents, shown: Extents, width: number): boolean {
  const pixelWide = (shown.x.max - shown.x.min) / Math.max(1, width);
  return (
    wanted.x.min === shown.x.min &&
    wanted.x.max >= shown.x.max &&
    wanted.x.max <= shown.x.max + pixelWide / 2 &&
    wanted.y.min >= shown.y.min &&
    wanted.y.max <= shown.y.max &&
    wanted.y.max - wanted.y.min > 0.7 * (shown.y.max - shown.y.min)
  );
}

class Range {
  private min = Number.POSITIVE_INFINITY;
  private max = Number.NEGATIVE_INFINITY;

  /** The steps of a line ascend, so its ends are enough; points by themselves stand anywhere. */
  addSteps(x: readonly number[], log: boolean, isScattered: boolean): void {
    if (x.length === 0) return;
    if (!log && !isScattered) {
      this.add(x[0]);
      this.add(x[x.length - 1]);
      return;
    }
    for (const value of x) if (!log || value > 0) this.add(value);
  }

  addWithin(x: readonly number[], y: readonly Value[], within: Extent | null, log: boolean): void {
    let { min, max } = this;
    for (let i = 0; i < y.length; i++) {
      const value = y[i];
      if (value === null || (log && value <= 0) || !Number.isFinite(value)) continue;
      if (within !== null && (x[i] < within.min || x[i] > within.max)) continue;
      if (value < min) min = value;
      if (value > max) max = value;
    }
    this.min = min;
    this.max = max;
  }

  orElse(other: Extent): Extent {
    return this.min > this.max ? other : { min: this.min, max: this.max };
  }

  private add(value: number): void {
    if (!Number.isFinite(value)) return;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
  }
}
