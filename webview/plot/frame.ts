import uPlot from 'uplot';
import { axis } from './axis';
import { nearest } from './nearest';
import { Painter } from './painter';
import type { PlotTheme } from './plotTheme';
import { type Extents, extentsOf, fits } from './scale';
import { type Extent, type PlotSpec, type View, WHOLE } from './spec';

export interface FrameOptions {
  readonly spec: PlotSpec;
  readonly view: View;
  readonly holder: HTMLElement;
  readonly height: number;
  readonly sync: string | undefined;
  readonly theme: PlotTheme;
  isDimmed(key: string): boolean;
  /** @param mine whether the pointer or the keyboard is at this plot, and not at one that moves with it */
  onCursor(x: number | undefined, mine: boolean): void;
  onView(view: View): void;
  /** The x's that the keyboard reads at, ascending. */
  steps(): readonly number[];
}

/** A point that is read: where, and in which colour of the palette. */
export interface Mark {
  readonly x: number;
  readonly y: number;
  readonly color: number | 'ink';
}

/**
 * Axes, cursor and zooming by uPlot, which is given no more than the corners of what is looked at; the lines by a painter
 * on a canvas of their own. So one more point a line moves no axis, and draws no more than that point.
 */
export class Frame {
  private readonly painter: Painter;
  private readonly marks: HTMLCanvasElement;
  private readonly plot: uPlot;
  private spec: PlotSpec;
  private view: View;
  private extents: Extents;
  private isMine = false;

  constructor(private readonly options: FrameOptions) {
    this.spec = options.spec;
    this.view = options.view;
    this.extents = extentsOf(this.spec, this.view);
    this.painter = new Painter(options.theme);
    this.marks = document.createElement('canvas');
    this.marks.className = 'plot-lines';
    this.plot = new uPlot(this.settings(), this.corners(), options.holder);
    this.plot.over.prepend(this.painter.canvas, this.marks);
    options.holder.addEventListener('pointerleave', this.onLeave);
    this.plot.over.addEventListener('wheel', this.onWheel, { passive: false });
  }

  destroy(): void {
    this.options.holder.removeEventListener('pointerleave', this.onLeave);
    this.plot.destroy();
  }

  resize(width: number): void {
    this.plot.setSize({ width, height: this.options.height });
  }

  /** Draws what is new: where the axes can stay, only what is right of `from`. */
  update(spec: PlotSpec, view: View, from: number): void {
    const isSameView = view === this.view;
    this.spec = spec;
    this.view = view;
    const wanted = extentsOf(spec, view);
    if (isSameView && (isSame(wanted, this.extents) || fits(wanted, this.extents, this.width))) {
      if (from < Number.POSITIVE_INFINITY) this.paint(from);
      return;
    }
    this.extents = wanted;
    // At once: what was painted by other axes must not be seen under these.
    this.plot.batch(() => this.plot.setData(this.corners(), true));
  }

  show(view: View): void {
    this.update(this.spec, view, Number.NEGATIVE_INFINITY);
  }

  mark(points: readonly Mark[]): void {
    const { canvas } = this.painter;
    if (this.marks.width !== canvas.width) this.marks.width = canvas.width;
    if (this.marks.height !== canvas.height) this.marks.height = canvas.height;
    Object.assign(this.marks.style, { width: canvas.style.width, height: canvas.style.height });
    const context = this.marks.getContext('2d');
    if (!context) return;
    context.setTransform(uPlot.pxRatio, 0, 0, uPlot.pxRatio, 0, 0);
    context.clearRect(0, 0, this.marks.width, this.marks.height);
    for (const { x, y, color } of points) {
      context.fillStyle = this.options.theme.color(color);
      context.beginPath();
      context.arc(this.plot.valToPos(x, 'x'), this.plot.valToPos(y, 'y'), 3, 0, 2 * Math.PI);
      context.fill();
    }
  }

  /** Left edge of the cursor in the plot's element, pixels. */
  cursorLeft(): number {
    return (this.plot.cursor.left ?? 0) + this.plot.over.offsetLeft;
  }

  /** x under the cursor; undefined while it is elsewhere. */
  cursorX(): number | undefined {
    const { left = -1 } = this.plot.cursor;
    return left < 0 ? undefined : this.plot.posToVal(left, 'x');
  }

  /** @returns whether the key meant something here */
  key({ key, shiftKey }: KeyboardEvent): boolean {
    const { min, max } = this.extents.x;
    const step = (max - min) / 8;
    switch (key) {
      case '+':
      case '=':
        this.zoomBy(0.5, (min + max) / 2);
        return true;
      case '-':
        this.zoomBy(2, (min + max) / 2);
        return true;
      case 'ArrowLeft':
      case 'ArrowRight': {
        const sign = key === 'ArrowLeft' ? -1 : 1;
        if (shiftKey) this.move({ min: min + sign * step, max: max + sign * step });
        else this.readBeside(sign);
        return true;
      }
      case 'Home':
      case 'End':
        this.readAt(key === 'Home' ? 0 : this.options.steps().length - 1);
        return true;
      default:
        return false;
    }
  }

  private get width(): number {
    return this.plot.bbox.width / uPlot.pxRatio;
  }

  private corners(): uPlot.AlignedData {
    const { x, y } = this.extents;
    return [
      [x.min, x.max],
      [y.min, y.max],
    ];
  }

  private paint(from: number): void {
    const { width, height } = this.plot.bbox;
    const isGone = this.painter.resize(width / uPlot.pxRatio, height / uPlot.pxRatio, uPlot.pxRatio);
    const start = isGone ? Number.NEGATIVE_INFINITY : from;
    this.painter.paint(this.spec, this.extents, this.options.isDimmed, start);
  }

  private look(view: View): void {
    this.show(view);
    this.options.onView(view);
  }

  private zoomBy(factor: number, around: number): void {
    const { min, max } = this.extents.x;
    this.move({ min: around - (around - min) * factor, max: around + (max - around) * factor });
  }

  /** Never out of what there is. */
  private move(wanted: Extent): void {
    const whole = extentsOf(this.spec, WHOLE).x;
    const width = Math.min(wanted.max - wanted.min, whole.max - whole.min);
    const min = Math.min(Math.max(wanted.min, whole.min), whole.max - width);
    this.look({ x: width >= whole.max - whole.min ? null : { min, max: min + width }, y: this.view.y });
  }

  private readBeside(sign: 1 | -1): void {
    const steps = this.options.steps();
    const at = this.cursorX();
    if (at === undefined) this.readAt(sign > 0 ? 0 : steps.length - 1);
    else this.readAt(Math.max(0, Math.min(steps.length - 1, nearest(steps, at) + sign)));
  }

  private readAt(index: number): void {
    const x = this.options.steps()[index];
    if (x === undefined) return;
    this.isMine = true;
    this.plot.setCursor({ left: this.plot.valToPos(x, 'x'), top: 1 });
  }

  private pan(start: MouseEvent): null {
    const { min, max } = this.extents.x;
    const perPixel = (max - min) / this.plot.over.clientWidth;
    const drag = (event: MouseEvent) => {
      const by = (event.clientX - start.clientX) * perPixel;
      this.move({ min: min - by, max: max - by });
    };
    const end = () => {
      document.removeEventListener('mousemove', drag);
      document.removeEventListener('mouseup', end);
    };
    document.addEventListener('mousemove', drag);
    document.addEventListener('mouseup', end);
    return null;
  }

  private readonly onLeave = (): void => {
    this.isMine = false;
    this.options.onCursor(undefined, true);
  };

  private readonly onWheel = (event: WheelEvent): void => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.zoomBy(event.deltaY < 0 ? 0.8 : 1.25, this.plot.posToVal(event.offsetX, 'x'));
  };

  private select(plot: uPlot): void {
    const { left, top, width, height } = plot.select;
    if (width < 3 && height < 3) return;
    const hasHeight = height > 3 && height < plot.over.clientHeight - 1;
    const x =
      width > 3 ? { min: plot.posToVal(left, 'x'), max: plot.posToVal(left + width, 'x') } : this.view.x;
    const y = hasHeight ? { min: plot.posToVal(top + height, 'y'), max: plot.posToVal(top, 'y') } : null;
    plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
    this.look({ x, y });
  }

  private settings(): uPlot.Options {
    const { spec, holder, height, theme, sync } = this.options;
    const range = (which: 'x' | 'y') => (): uPlot.Range.MinMax => [
      this.extents[which].min,
      this.extents[which].max,
    ];
    return {
      width: Math.max(60, Math.floor(holder.clientWidth)),
      height,
      legend: { show: false },
      scales: {
        x: { time: false, distr: spec.logX ? 3 : 1, range: range('x') },
        y: { distr: spec.logY ? 3 : 1, range: range('y') },
      },
      cursor: {
        y: false,
        drag: { x: true, y: true, setScale: false, uni: 24 },
        points: { show: false },
        ...(sync && { sync: { key: sync, scales: ['x', null] } }),
        bind: {
          mousedown: (_u, _target, handler) => (event) => (event.shiftKey ? this.pan(event) : handler(event)),
          dblclick: () => () => {
            this.look(WHOLE);
            return null;
          },
        },
      },
      axes: [axis(theme, spec.xLabel, 'x'), axis(theme, spec.yLabel, 'y')],
      series: [{}, { width: 0, points: { show: false }, paths: () => null }],
      hooks: {
        ready: [(u) => u.over.addEventListener('pointerenter', () => (this.isMine = true))],
        draw: [() => this.paint(Number.NEGATIVE_INFINITY)],
        setCursor: [(u) => this.tellCursor(u)],
        setSelect: [(u) => this.select(u)],
      },
    };
  }

  private tellCursor(plot: uPlot): void {
    const { left = -1 } = plot.cursor;
    this.options.onCursor(left < 0 ? undefined : plot.posToVal(left, 'x'), this.isMine);
  }
}

function isSame(a: Extents, b: Extents): boolean {
  return a.x.min === b.x.min && a.x.max === b.x.max && a.y.min === b.y.min && a.y.max === b.y.max;
}
