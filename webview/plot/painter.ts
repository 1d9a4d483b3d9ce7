import type { PlotTheme } from './plotTheme';
import { type Extents, pixel, type Scale, scaleOf } from './scale';
import type { PlotBand, PlotSeries, PlotSpec } from './spec';
import { before, shows, trace } from './trace';

/** With more lines than this each is a hair: wide ones would hide one another, and take ten times as long. */
const MOST_WIDE = 24;
/** Points of lines that are drawn anew in full without asking what changed. */
const FEW_POINTS = 20_000;
const DASH = [5, 4];

/** Draws the lines of a plot on a canvas of its own, over the axes: all of them, or what is right of an x. */
export class Painter {
  readonly canvas = document.createElement('canvas');
  private readonly context = this.canvas.getContext('2d');
  private width = 0;
  private height = 0;
  private ratio = 1;

  constructor(private readonly theme: PlotTheme) {
    this.canvas.className = 'plot-lines';
  }

  /** @returns whether what was drawn is gone */
  resize(width: number, height: number, ratio: number): boolean {
    if (width === this.width && height === this.height && ratio === this.ratio) return false;
    this.width = width;
    this.height = height;
    this.ratio = ratio;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    this.canvas.style.width = `${width}px`;
    this.canvas.style.height = `${height}px`;
    return true;
  }

  /** @param from the x from which on something changed; −∞: all of it */
  paint(spec: PlotSpec, extents: Extents, isDimmed: (key: string) => boolean, from: number): void {
    const { context } = this;
    if (!context || this.width === 0) return;
    const x = scaleOf(extents.x, spec.logX === true, 0, this.width);
    const y = scaleOf(extents.y, spec.logY === true, this.height, 0);
    const isPart = from > Number.NEGATIVE_INFINITY && countPoints(spec) > FEW_POINTS;
    const left = isPart ? Math.max(0, Math.floor(pixel(x, from) - 2)) : 0;
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.clearRect(left, 0, this.width - left, this.height);
    context.save();
    context.beginPath();
    context.rect(left, 0, this.width - left, this.height);
    context.clip();
    for (const band of spec.bands ?? []) this.band(context, band, x, y);
    for (const series of spec.series) {
      const alpha = series.faint ? 0.3 : isDimmed(series.key) ? 0.18 : 1;
      context.globalAlpha = alpha;
      this.series(context, series, x, y, { left, isMany: spec.series.length > MOST_WIDE });
    }
    context.restore();
  }

  private series(
    context: CanvasRenderingContext2D,
    series: PlotSeries,
    x: Scale,
    y: Scale,
    { left, isMany }: { readonly left: number; readonly isMany: boolean },
  ): void {
    const color = this.theme.color(series.color);
    if (series.points || series.x.length < 3) {
      context.fillStyle = color;
      dots(context, series, x, y);
      if (series.points) return;
    }
    context.strokeStyle = color;
    context.lineWidth = series.thick ? 2.5 : isMany ? 1 / this.ratio : 1.25;
    context.lineJoin = 'bevel';
    context.setLineDash(series.dash ? DASH : []);
    context.beginPath();
    trace(context, series.x, series.y, x, y, left === 0 ? 0 : before(series.x, x, left), 1 / this.ratio);
    context.stroke();
  }

  private band(context: CanvasRenderingContext2D, band: PlotBand, x: Scale, y: Scale): void {
    context.globalAlpha = band.opacity;
    context.fillStyle = this.theme.color(band.color);
    context.beginPath();
    trace(context, band.x, band.high, x, y, 0, 0);
    for (let i = band.x.length - 1; i >= 0; i--) {
      const value = band.low[i];
      if (value !== null && shows(band.x[i], value, x, y))
        context.lineTo(pixel(x, band.x[i]), pixel(y, value));
    }
    context.fill();
  }
}

function dots(context: CanvasRenderingContext2D, series: PlotSeries, x: Scale, y: Scale): void {
  context.beginPath();
  for (let i = 0; i < series.x.length; i++) {
    const value = series.y[i];
    if (value === null || !shows(series.x[i], value, x, y)) continue;
    const px = pixel(x, series.x[i]);
    const py = pixel(y, value);
    context.moveTo(px + 3.5, py);
    context.arc(px, py, 3.5, 0, 2 * Math.PI);
  }
  context.fill();
}

function countPoints({ series }: PlotSpec): number {
  let count = 0;
  for (const { x } of series) count += x.length;
  return count;
}
