/** A plot as data: what is drawn on the panel's canvas, saved as SVG or PNG, and exported as CSV. */

export type Value = number | null;

export interface PlotSeries {
  /** Identity: steady while data arrive. */
  readonly key: string;
  readonly label: string;
  /** Which of the palette's colours; `ink` is the text's own. */
  readonly color: number | 'ink';
  readonly dash?: boolean;
  /** Thick lines are the ones to look at first. */
  readonly thick?: boolean;
  /** A faint line of a series whose smoothed self is drawn over it; not in the legend. */
  readonly faint?: boolean;
  /** Points without lines between them. */
  readonly points?: boolean;
  readonly x: readonly number[];
  readonly y: readonly Value[];
}

/** An area between two lines over shared x. */
export interface PlotBand {
  readonly key: string;
  readonly label: string;
  readonly color: number;
  /** 0 to 1. */
  readonly opacity: number;
  readonly x: readonly number[];
  readonly low: readonly Value[];
  readonly high: readonly Value[];
}

/** What a colour stands for, where it is not one line's own. */
export interface PlotKey {
  readonly label: string;
  readonly color: number | 'ink';
  readonly dash?: boolean;
  /** Of an area: 0 to 1. */
  readonly opacity?: number;
}

export interface PlotSpec {
  readonly key: string;
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly PlotSeries[];
  readonly bands?: readonly PlotBand[];
  /** Told below the plot, besides its lines. */
  readonly keys?: readonly PlotKey[];
  readonly logX?: boolean;
  readonly logY?: boolean;
  /** `2,000 of 100,000 points, extremes kept`: never left out where points are. */
  readonly note?: string;
  /** The plot in words, for people who do not see it. */
  readonly summary: string;
}

/** Part of an axis that is looked at; null: all of it. */
export interface Extent {
  readonly min: number;
  readonly max: number;
}

export interface View {
  readonly x: Extent | null;
  readonly y: Extent | null;
}

export const WHOLE: View = { x: null, y: null };

/** Smallest extent around what is drawn; on a log axis around the positive values. Null where there is none. */
export function extentOf(lists: Iterable<readonly Value[]>, log: boolean): Extent | null {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const list of lists) {
    for (const value of list) {
      if (value === null || !Number.isFinite(value) || (log && value <= 0)) continue;
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  return min > max ? null : { min, max };
}

/** Values that a log axis cannot show. */
export function unshownOnLog(spec: PlotSpec): number {
  let count = 0;
  for (const { x, y, faint } of spec.series) {
    if (faint) continue;
    for (let i = 0; i < y.length; i++) {
      const value = y[i];
      if (value !== null && ((spec.logY && value <= 0) || (spec.logX && x[i] <= 0))) count++;
    }
  }
  return count;
}
