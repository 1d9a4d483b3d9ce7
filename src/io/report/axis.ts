import { html, type Markup } from './markup';

/** Pixels of a value. */
export interface Scale {
  (value: number): number;
  readonly ticks: readonly number[];
}

export function linearScale(low: number, high: number, from: number, to: number, wanted = 4): Scale {
  const [a, b] = high > low ? [low, high] : [low - 0.5, high + 0.5];
  const at = (value: number) => from + ((value - a) / (b - a)) * (to - from);
  return Object.assign(at, { ticks: niceTicks(a, b, wanted) });
}

/** Ends above 0. */
export function logScale(low: number, high: number, from: number, to: number, wanted = 4): Scale {
  const [a, b] =
    high > low ? [Math.log10(low), Math.log10(high)] : [Math.log10(low) - 0.5, Math.log10(low) + 0.5];
  const at = (value: number) => from + ((Math.log10(value) - a) / (b - a)) * (to - from);
  return Object.assign(at, { ticks: logTicks(a, b, wanted) });
}

/** Powers of ten, or 1, 2 and 5 times them where these are too few; thinned to about `wanted`. */
function logTicks(a: number, b: number, wanted: number): number[] {
  const within = (factors: readonly number[]): number[] => {
    const ticks: number[] = [];
    for (let p = Math.floor(a); p <= b; p++) {
      for (const factor of factors) {
        const exponent = p + Math.log10(factor);
        if (exponent >= a - 1e-9 && exponent <= b + 1e-9) ticks.push(factor * 10 ** p);
      }
    }
    return ticks;
  };
  const powers = within([1]);
  if (powers.length < 2) return within([1, 2, 5]);
  const step = Math.max(1, Math.ceil(powers.length / wanted));
  return powers.filter((_, i) => i % step === 0);
}

/** Multiples of 1, 2 or 5 times a power of ten between the ends. */
export function niceTicks(low: number, high: number, wanted: number): number[] {
  const rough = (high - low) / wanted;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= 0.7 * rough) ?? 10 * power;
  const ticks: number[] = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++)
    ticks.push(k === 0 ? 0 : k * step);
  return ticks;
}

/** `0.25`, `−1.5`, `1e−4`: short, with a true minus sign. */
export function tickText(value: number): string {
  const size = Math.abs(value);
  const text =
    size !== 0 && (size < 1e-3 || size >= 1e5)
      ? value.toExponential(0).replace('e+', 'e')
      : String(Number(value.toPrecision(4)));
  return text.replaceAll('-', '−');
}

export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Grid lines, tick texts and titles of a plot whose area is the frame's inside. */
export function axes(frame: Frame, x: Scale, y: Scale, xTitle: string, yTitle: string): Markup {
  const { width, height, left, right, top, bottom } = frame;
  const floor = height - bottom;
  return html`${y.ticks.map(
    (
      tick,
    ) => html`<line class="grid" x1="${left}" x2="${width - right}" y1="${px(y(tick))}" y2="${px(y(tick))}"/>
<text class="tick" x="${left - 5}" y="${px(y(tick) + 3.5)}" text-anchor="end">${tickText(tick)}</text>`,
  )}${x.ticks.map(
    (tick) => html`<line class="grid" x1="${px(x(tick))}" x2="${px(x(tick))}" y1="${top}" y2="${floor}"/>
<text class="tick" x="${px(x(tick))}" y="${floor + 13}" text-anchor="middle">${tickText(tick)}</text>`,
  )}<text class="title" x="${(left + width - right) / 2}" y="${height - 3}" text-anchor="middle">${xTitle}</text>
<text class="title" x="${left}" y="${top - 7}">${yTitle}</text>`;
}

/** An image with its description for those who do not see it. */
export function svg(width: number, height: number, label: string, content: Markup): Markup {
  return html`<svg viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${label}">${content}</svg>`;
}

/** A coordinate to a tenth of a pixel. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}
