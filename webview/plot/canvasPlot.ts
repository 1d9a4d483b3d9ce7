import uPlot from 'uplot';
import { colorOf } from './palette';
import { resolver } from './resolve';
import { type Extent, type PlotSeries, type PlotSpec, type View, WHOLE } from './spec';

export interface PlotTheme {
  readonly ink: string;
  readonly grid: string;
  readonly font: string;
  color(number: number | 'ink'): string;
}

export interface CanvasPlotOptions {
  readonly spec: PlotSpec;
  readonly data: uPlot.AlignedData;
  /** What the plot was built for: with another, it is built anew. */
  readonly shape: string;
  readonly view: View;
  readonly holder: HTMLElement;
  readonly height: number;
  readonly sync: string | undefined;
  readonly theme: PlotTheme;
  dimmed(key: string): boolean;
  /** @param mine whether the pointer or the keyboard is at this plot, and not at one that moves with it */
  onCursor(index: number | undefined, mine: boolean): void;
  onView(view: View): void;
}

export interface DrawnPlot {
  readonly plot: uPlot;
  readonly shape: string;
  setData(data: uPlot.AlignedData, view: View): void;
  show(view: View): void;
  /** Left edge of the cursor in the plot's element, pixels. */
  cursorLeft(): number;
  /** @returns whether the key meant something here */
  key(event: KeyboardEvent): boolean;
}

/** The colours and the font of the theme, resolved: a canvas knows no variables. */
export function readTheme(host: HTMLElement): PlotTheme {
  const resolve = resolver(host);
  const color = (number: number | 'ink') => resolve(number === 'ink' ? 'var(--chart-ink)' : colorOf(number));
  return {
    ink: resolve('var(--chart-ink)'),
    grid: resolve('var(--chart-grid)'),
    font: `11px ${getComputedStyle(host).fontFamily}`,
    color,
  };
}

export function canvasPlot(options: CanvasPlotOptions): DrawnPlot {
  const { spec, holder } = options;
  let isMine = false;
  const wholeX = (plot: uPlot): Extent => {
    const x = plot.data[0];
    return { min: x[0] ?? 0, max: x[x.length - 1] ?? 1 };
  };
  let zoomed: View = options.view;

  const plot = new uPlot(
    {
      width: Math.max(60, Math.floor(holder.clientWidth)),
      height: options.height,
      legend: { show: false },
      scales: {
        x: { time: false, distr: spec.logX ? 3 : 1, range: (_, min, max) => xRange(min, max, zoomed.x) },
        y: {
          distr: spec.logY ? 3 : 1,
          range: (_, min, max) => yRange(min, max, zoomed.y, spec.logY === true),
        },
      },
      cursor: {
        y: false,
        drag: { x: true, y: true, setScale: false, uni: 24 },
        points: { size: 5 },
        ...(options.sync && { sync: { key: options.sync, scales: ['x', null] } }),
        bind: {
          mousedown: (u, _, handler) => (event) => (event.shiftKey ? pan(u, event) : handler(event)),
          dblclick: () => () => {
            look(WHOLE);
            return null;
          },
        },
      },
      axes: [axis(options.theme, spec.xLabel, 'x'), axis(options.theme, spec.yLabel, 'y')],
      series: [
        {},
        ...spec.series.map((one) => seriesOf(one, options)),
        ...(spec.bands ?? []).flatMap(() => [edge(), edge()]),
      ],
      bands: (spec.bands ?? []).map((band, b) => {
        const first = spec.series.length + 1 + 2 * b;
        return { series: [first, first + 1], fill: withAlpha(options.theme.color(band.color), band.opacity) };
      }),
      hooks: {
        ready: [(u) => u.over.addEventListener('pointerenter', () => (isMine = true))],
        setCursor: [(u) => options.onCursor(u.cursor.idx ?? undefined, isMine)],
        setSelect: [
          (u) => {
            const { left, top, width, height } = u.select;
            if (width < 3 && height < 3) return;
            const hasHeight = height > 3 && height < u.over.clientHeight - 1;
            const x =
              width > 3 ? { min: u.posToVal(left, 'x'), max: u.posToVal(left + width, 'x') } : zoomed.x;
            const y = hasHeight ? { min: u.posToVal(top + height, 'y'), max: u.posToVal(top, 'y') } : null;
            u.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
            look({ x, y });
          },
        ],
      },
    },
    options.data,
    holder,
  );
  holder.addEventListener('pointerleave', () => {
    isMine = false;
    options.onCursor(undefined, true);
  });
  plot.over.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      zoomBy(event.deltaY < 0 ? 0.8 : 1.25, plot.posToVal(event.offsetX, 'x'));
    },
    { passive: false },
  );

  /** Scales are made anew from the data, or from what is looked at. */
  function show(view: View, data: uPlot.AlignedData = plot.data): void {
    zoomed = view;
    plot.setData(data, true);
  }

  function look(view: View): void {
    show(view);
    options.onView(view);
  }

  function zoomBy(factor: number, around: number): void {
    const { min = 0, max = 1 } = plot.scales.x;
    move({ min: around - (around - min) * factor, max: around + (max - around) * factor });
  }

  /** Never out of what there is. */
  function move(wanted: Extent): void {
    const whole = wholeX(plot);
    const width = Math.min(wanted.max - wanted.min, whole.max - whole.min);
    const min = Math.min(Math.max(wanted.min, whole.min), whole.max - width);
    look({ x: width >= whole.max - whole.min ? null : { min, max: min + width }, y: zoomed.y });
  }

  function pan(u: uPlot, start: MouseEvent): null {
    const { min = 0, max = 1 } = u.scales.x;
    const perPixel = (max - min) / u.over.clientWidth;
    const drag = (event: MouseEvent) => {
      const by = (event.clientX - start.clientX) * perPixel;
      move({ min: min - by, max: max - by });
    };
    const end = () => {
      document.removeEventListener('mousemove', drag);
      document.removeEventListener('mouseup', end);
    };
    document.addEventListener('mousemove', drag);
    document.addEventListener('mouseup', end);
    return null;
  }

  function readAt(index: number): void {
    const x = plot.data[0][index];
    if (x === undefined) return;
    isMine = true;
    plot.setCursor({ left: plot.valToPos(x, 'x'), top: 1 });
  }

  function key({ key: name, shiftKey }: KeyboardEvent): boolean {
    const { min = 0, max = 1 } = plot.scales.x;
    const middle = (min + max) / 2;
    const step = (max - min) / 8;
    const index = plot.cursor.idx;
    const last = plot.data[0].length - 1;
    switch (name) {
      case '+':
      case '=':
        zoomBy(0.5, middle);
        return true;
      case '-':
        zoomBy(2, middle);
        return true;
      case 'ArrowLeft':
      case 'ArrowRight': {
        const sign = name === 'ArrowLeft' ? -1 : 1;
        if (shiftKey) move({ min: min + sign * step, max: max + sign * step });
        else readAt(Math.max(0, Math.min(last, (index ?? (sign > 0 ? -1 : last + 1)) + sign)));
        return true;
      }
      case 'Home':
      case 'End':
        readAt(name === 'Home' ? 0 : last);
        return true;
      default:
        return false;
    }
  }

  return {
    plot,
    shape: options.shape,
    setData: (data, view) => show(view, data),
    show,
    cursorLeft: () => (plot.cursor.left ?? 0) + plot.over.offsetLeft,
    key,
  };
}

/** A single step gets a range of its own. */
function xRange(min: number | null, max: number | null, zoomed: Extent | null): uPlot.Range.MinMax {
  if (zoomed) return [zoomed.min, zoomed.max];
  if (min === null || max === null) return [0, 1];
  return min === max ? [min - 0.5, max + 0.5] : [min, max];
}

function yRange(
  min: number | null,
  max: number | null,
  zoomed: Extent | null,
  log: boolean,
): uPlot.Range.MinMax {
  if (zoomed) return [zoomed.min, zoomed.max];
  if (min === null || max === null) return log ? [0.1, 1] : [0, 1];
  if (log) return [min / 1.2, max * 1.2];
  const by = 0.05 * (max - min || Math.abs(max) || 1);
  return [min - by, max + by];
}

function axis({ ink, grid, font }: PlotTheme, label: string, which: 'x' | 'y'): uPlot.Axis {
  const lines = { stroke: grid, width: 1 };
  const common = {
    stroke: ink,
    grid: lines,
    ticks: lines,
    font,
    label,
    labelFont: font,
    labelSize: 18,
    labelGap: 0,
  };
  const values = (_: uPlot, ticks: readonly (number | null)[]) =>
    ticks.map((tick) => (tick === null ? '' : String(Number(tick.toPrecision(4)))));
  // A log axis of less than a decade has no power of ten to name: all its ticks are named then.
  const filter: uPlot.Axis.Filter = (plot, ticks) => {
    const { min = 1, max = 1, distr } = plot.scales[which];
    if (distr !== 3 || max / min < 10) return ticks;
    return ticks.map((tick) => (Number.isInteger(Math.round(Math.log10(tick) * 1e6) / 1e6) ? tick : null));
  };
  return which === 'x'
    ? { ...common, size: 26, space: 60, values, filter }
    : { ...common, size: 50, values, filter };
}

function seriesOf(series: PlotSeries, { theme, dimmed }: CanvasPlotOptions): uPlot.Series {
  const color = theme.color(series.color);
  const alpha = series.faint ? 0.3 : dimmed(series.key) ? 0.18 : 1;
  return {
    label: series.label,
    stroke: withAlpha(color, alpha),
    width: series.points ? 0 : series.thick ? 2.5 : 1.25,
    ...(series.dash && { dash: [5, 4] }),
    points: {
      show: series.points ? true : (plot: uPlot) => plot.data[0].length < 3,
      size: 7,
      fill: withAlpha(color, alpha),
      stroke: withAlpha(color, alpha),
    },
    spanGaps: true,
  };
}

function edge(): uPlot.Series {
  return { stroke: 'transparent', width: 0, points: { show: false }, spanGaps: true };
}

/** An `rgb(…)` or `color(…)` as `getComputedStyle` gives it, more transparent. */
function withAlpha(color: string, alpha: number): string {
  return alpha === 1 ? color : `color-mix(in srgb, ${color} ${Math.round(alpha * 100)}%, transparent)`;
}
