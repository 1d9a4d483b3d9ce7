/** A small line chart as an SVG image, for hovers, where no script and no theme variable reaches. */

export interface Sparkline {
  /** In order; null and NaN are gaps. */
  readonly values: readonly (number | null)[];
  readonly color: string;
  /** Index of a point to mark. */
  readonly mark?: number;
}

const WIDTH = 280;
const HEIGHT = 56;
const MARGIN = 4;

/** Undefined where fewer than two values can be drawn. */
export function sparkline({ values, color, mark }: Sparkline): string | undefined {
  const points = values.flatMap((value, i) =>
    value !== null && Number.isFinite(value) ? [{ i, value }] : [],
  );
  if (points.length < 2) return undefined;
  const low = Math.min(...points.map(({ value }) => value));
  const high = Math.max(...points.map(({ value }) => value));
  const x = (i: number) => round(MARGIN + (i / (values.length - 1)) * (WIDTH - 2 * MARGIN));
  const y = (value: number) =>
    round(HEIGHT - MARGIN - (high > low ? (value - low) / (high - low) : 0.5) * (HEIGHT - 2 * MARGIN));
  const line = points.map(({ i, value }) => `${x(i)},${y(value)}`).join(' ');
  const marked = points.find(({ i }) => i === mark);
  const dot = marked ? `<circle cx="${x(marked.i)}" cy="${y(marked.value)}" r="3.5" fill="${color}"/>` : '';
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}" viewBox="0 0 ${WIDTH} ${HEIGHT}">` +
    `<polyline points="${line}" fill="none" stroke="${color}" stroke-width="1.5" stroke-linejoin="round"/>${dot}</svg>`
  );
}

/** As a Markdown image. */
export function markdownImage(svg: string, alt: string): string {
  const text = alt.replace(/[[\]\\]/g, '');
  return `![${text}](data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')})`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
