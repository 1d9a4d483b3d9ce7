import { describe, expect, it } from 'vitest';
import { changedFrom } from '../../../webview/plot/changes';
import { nearest } from '../../../webview/plot/nearest';
import { extentsOf, fits, pixel, scaleOf } from '../../../webview/plot/scale';
import { type PlotSeries, type PlotSpec, WHOLE } from '../../../webview/plot/spec';
import { trace } from '../../../webview/plot/trace';

const line = (part: Partial<PlotSeries> = {}): PlotSeries => ({
  key: 'a',
  label: 'a',
  color: 0,
  x: [0, 1, 2, 3],
  y: [4, 3, null, 1],
  ...part,
});
const spec = (...series: PlotSeries[]): PlotSpec => ({
  key: 'p',
  title: 'p',
  xLabel: 'step',
  yLabel: 'loss',
  series,
  summary: '',
});

describe('what of a plot has to be drawn anew', () => {
  it('is nothing where its points are the same, whoever made the lists', () => {
    expect(changedFrom(spec(line()), spec(line({ x: [0, 1, 2, 3], y: [4, 3, null, 1] })))).toBe(
      Number.POSITIVE_INFINITY,
    );
  });

  it('begins at the last point that stays, of the line that changes first', () => {
    const before = spec(line(), line({ key: 'b' }));
    const grown = spec(line({ x: [0, 1, 2, 3, 4], y: [4, 3, null, 1, 0] }), line({ key: 'b' }));
    expect(changedFrom(before, grown)).toBe(3);
    const other = spec(
      line({ x: [0, 1, 2, 3, 4], y: [4, 3, null, 1, 0] }),
      line({ key: 'b', y: [4, 3, null, 2] }),
    );
    // The point before the change is none: the line comes from the one before that.
    expect(changedFrom(before, other)).toBe(1);
  });

  it('is all of it where lines come, go, or look otherwise', () => {
    const all = Number.NEGATIVE_INFINITY;
    expect(changedFrom(spec(line()), spec(line(), line({ key: 'b' })))).toBe(all);
    expect(changedFrom(spec(line()), spec(line({ color: 1 })))).toBe(all);
    expect(changedFrom(spec(line()), spec(line({ y: [5, 3, null, 1] })))).toBe(all);
  });
});

describe('the axes of a plot', () => {
  it('span all there is with a margin, or what is looked at', () => {
    const { x, y } = extentsOf(spec(line()), WHOLE);
    expect(x).toEqual({ min: 0, max: 3 });
    expect(y.min).toBeCloseTo(0.85, 12);
    expect(y.max).toBeCloseTo(4.15, 12);
    // Zoomed in x, the height is that of what is seen.
    expect(extentsOf(spec(line()), { x: { min: 0, max: 1 }, y: null }).y.min).toBeCloseTo(2.95, 12);
    expect(extentsOf(spec(line({ x: [5], y: [2] })), WHOLE).x).toEqual({ min: 4.5, max: 5.5 });
    const dots = extentsOf(spec(line({ x: [0, 50, 100], points: true })), WHOLE);
    expect(dots.x).toEqual({ min: -2, max: 102 });
    const log = extentsOf({ ...spec(line({ x: [0, 10, 1] })), logX: true, logY: true }, WHOLE);
    expect(log.x).toEqual({ min: 1, max: 10 });
    expect(log.y.max).toBeCloseTo(4.8, 12);
  });

  it('stay while what comes is less than half a pixel wide and no higher', () => {
    const shown = { x: { min: 0, max: 1000 }, y: { min: 0, max: 1 } };
    const wanted = (max: number, top = 1) => ({ x: { min: 0, max }, y: { min: 0, max: top } });
    expect(fits(wanted(1001), shown, 500)).toBe(true);
    expect(fits(wanted(1002), shown, 500)).toBe(false);
    expect(fits(wanted(1001, 1.1), shown, 500)).toBe(false);
    expect(fits(wanted(1001, 0.5), shown, 500)).toBe(false);
  });

  it('place values, and logarithms, between two pixels', () => {
    const linear = scaleOf({ min: 10, max: 20 }, false, 0, 100);
    expect([10, 15, 20].map((value) => pixel(linear, value))).toEqual([0, 50, 100]);
    const log = scaleOf({ min: 1, max: 100 }, true, 200, 0);
    expect([1, 10, 100].map((value) => pixel(log, value))).toEqual([200, 100, 0]);
  });
});

describe('a line on the canvas', () => {
  const drawn = (x: readonly number[], y: readonly (number | null)[], column: number) => {
    const points: [number, number][] = [];
    const path = {
      moveTo: (...at: [number, number]) => points.push(at),
      lineTo: (...at: [number, number]) => points.push(at),
    };
    const same = { log: false, factor: 1, shift: 0 };
    trace(path, x, y, same, same, 0, column);
    return points;
  };

  it('goes through every point where they are apart, over those that are missing', () => {
    expect(drawn([0, 1, 2, 3], [4, null, 2, 1], 1)).toEqual([
      [0, 4],
      [2, 2],
      [3, 1],
    ]);
  });

  it('has at most two points in a column of pixels, and both of its extremes, in their order', () => {
    const x = Array.from({ length: 1000 }, (_, i) => i / 100);
    const y = x.map((_, i) => (Math.sin(i * 12.9898) * 43758.5453) % 1);
    const points = drawn(x, y, 1);
    for (let column = 0; column < 10; column++) {
      const inside = points.filter(([at]) => Math.floor(at) === column).map(([, value]) => value);
      const all = y.slice(100 * column, 100 * column + 100);
      expect(inside.length).toBeLessThanOrEqual(2);
      expect([Math.min(...inside), Math.max(...inside)]).toEqual([Math.min(...all), Math.max(...all)]);
    }
    expect(points.map(([at]) => at)).toEqual(points.map(([at]) => at).toSorted((a, b) => a - b));
  });
});

describe('reading a value', () => {
  it('is at the nearest step', () => {
    expect([-5, 0.4, 0.6, 2.9, 99].map((at) => nearest([0, 1, 3], at))).toEqual([0, 0, 1, 2, 2]);
    expect(nearest([7], 3)).toBe(0);
  });
});
