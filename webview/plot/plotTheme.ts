import { colorOf } from './palette';
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
  const known = new Map<number | 'ink', string>();
  const color = (number: number | 'ink') => {
    let value = known.get(number);
    if (value === undefined) {
      value = resolve(number === 'ink' ? 'var(--chart-ink)' : colorOf(number));
      known.set(number, value);
    }
    return value;
  };
  return {
    ink: resolve('var(--chart-ink)'),
    grid: resolve('var(--chart-grid)'),
    font: `11px ${getComputedStyle(host).fontFamily}`,
    color,
  };
}
