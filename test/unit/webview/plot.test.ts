import { describe, expect, it } from 'vitest';
import { align } from '../../../webview/plot/align';
import { csvOf, markdownOf, plotCsv } from '../../../webview/plot/csv';
import { COLORS, steadyColors } from '../../../webview/plot/palette';
import { smooth } from '../../../webview/plot/smooth';
import { type PlotSpec, unshownOnLog, WHOLE } from '../../../webview/plot/spec';
import { plotSvg } from '../../../webview/plot/svg';

const spec = (part: Partial<PlotSpec> = {}): PlotSpec => ({
  key: 'p',
  title: 'Loss of "a" & b',
  xLabel: 'step',
  yLabel: 'loss',
  series: [
    { key: 'one', label: 'fold 1', color: 0, x: [0, 1, 2], y: [1, null, 0.25] },
    { key: 'two', label: 'fold 2', color: 'ink', x: [1, 3], y: [4, -2] },
  ],
  summary: 'in words',
  ...part,
});

describe('lines over a common x', () => {
  it('have the union of their steps, with gaps where a line has none', () => {
    expect(align(spec())).toEqual({
      x: [0, 1, 2, 3],
      y: [
        [1, null, 0.25, null],
        [null, 4, null, -2],
      ],
    });
  });

  it('leave out what a log axis cannot show, and count it', () => {
    const log = spec({ logX: true, logY: true });
    expect(align(log)).toEqual({
      x: [1, 2, 3],
      y: [
        [null, 0.25, null],
        [4, null, null],
      ],
    });
    expect(unshownOnLog(log)).toBe(2);
    expect(unshownOnLog(spec())).toBe(0);
  });
});

describe('smoothing', () => {
  it('is the debiased exponential average: of a constant the constant, of a step what the closed form says', () => {
    const x = Array.from({ length: 50 }, (_, i) => i);
    expect(
      smooth(
        x,
        x.map(() => 3),
        7,
      ).map((value) => Number(value?.toFixed(12))),
    ).toEqual(x.map(() => 3));
    const decay = Math.exp(-1 / 5);
    const y = x.map((_, i) => (i === 0 ? 1 : 0));
    smooth(x, y, 5).forEach((value, i) => {
      const weights = Array.from({ length: i + 1 }, (_, k) =>
        k === 0 ? decay ** i : (1 - decay) * decay ** (i - k),
      );
      expect(value).toBeCloseTo(decay ** i / weights.reduce((sum, weight) => sum + weight, 0), 12);
    });
  });

  it('forgets by the distance in x: points far apart are hardly smoothed, missing ones change nothing', () => {
    expect(smooth([0, 1000], [5, 9], 10)[1]).toBeCloseTo(9, 6);
    expect(smooth([0, 1, 2], [4, null, 8], 0)).toEqual([4, null, 8]);
    const gap = smooth([0, 1, 2], [4, null, 8], 2);
    expect(gap[1]).toBeNull();
    expect(gap[2]).toBeCloseTo(Number(smooth([0, 2], [4, 8], 2)[1]), 12);
  });
});

describe('colours', () => {
  it('stay with their key while others come after it, and differ while there are enough', () => {
    const keys = Array.from({ length: COLORS }, (_, i) => `run-${i}`);
    const all = steadyColors(keys);
    expect(new Set(all.values()).size).toBe(COLORS);
    const few = steadyColors(keys.slice(0, 5));
    for (const key of keys.slice(0, 5)) expect(few.get(key)).toBe(all.get(key));
    expect(steadyColors([...keys, 'one more']).size).toBe(COLORS + 1);
  });
});

describe('a plot that is taken away', () => {
  it('is CSV with a column a line, quoted where it must be', () => {
    expect(plotCsv(spec({ series: [{ ...spec().series[0], label: 'fold 1, "raw"' }] }))).toBe(
      'step,"fold 1, ""raw"""\r\n0,1\r\n1,\r\n2,0.25\r\n',
    );
    expect(csvOf([['a\nb', null, 1]])).toBe('"a\nb",,1\r\n');
  });

  it('is a Markdown table whose bars are escaped', () => {
    expect(
      markdownOf([
        ['model', 'R²'],
        ['a|b', 0.5],
      ]),
    ).toBe('| model | R² |\n| --- | ---: |\n| a\\|b | 0.5 |\n');
  });

  it('is an SVG of its own: escaped, clipped to what is looked at, gaps bridged, colours resolved', () => {
    const style = {
      width: 400,
      height: 300,
      ink: '#111',
      muted: '#222',
      grid: '#333',
      background: '#444',
      font: 'serif',
      resolve: (color: string) => (color.includes('blue') ? '#00f' : color),
    };
    const svg = plotSvg(spec(), WHOLE, style);
    expect(svg).toContain('Loss of &quot;a&quot; &amp; b');
    expect(svg).not.toMatch(/NaN|var\(/);
    // x runs from 0 at 64 to 3 at 384; y from −2.3 at 254 to 4.3 at 34.
    expect(svg).toContain('<path d="M64 144L277.33 169" stroke="#00f"');
    const zoomed = plotSvg(spec(), { x: { min: 0, max: 1 }, y: { min: 0, max: 4 } }, style);
    expect(zoomed).toContain('M384 34');
  });
});
