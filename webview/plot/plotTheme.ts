import { COLORS, colorOf } from './palette';
import { resolver } from './resolve';

export interface PlotTheme {
  readonly ink: string;
  readonly grid: string;
  readonly font: string;
  color(number: number | 'ink'): string;
}

/** The colours and the font of the theme, resolved: a canvas knows no variables. */
export function readTheme(host: HTMLElement): PlotTheme {
  const resolve = resolver(host);
  // All at once: what resolves them is gone by the next frame, and lines of other colours come later.
  const colors = Array.from({ length: COLORS }, (_, number) => resolve(colorOf(number)));
  const ink = resolve('var(--chart-ink)');
  return {
    ink,
    grid: resolve('var(--chart-grid)'),
    font: `11px ${getComputedStyle(host).fontFamily}`,
    color: (number) => (number === 'ink' ? ink : colors[number % COLORS]),
  };
}
