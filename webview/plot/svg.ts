import { t } from '../../src/protocol/l10n';
import { decadeTicks, linearTicks, tickDecimals } from '../scales';
import { colorOf } from './palette';
import { type Extent, extentOf, type PlotSeries, type PlotSpec, type Value, type View } from './spec';

export interface SvgStyle {
  readonly width: number;
  readonly height: number;
  readonly ink: string;
  readonly muted: string;
  readonly grid: string;
  readonly background: string;
  readonly font: string;
  /** From a CSS colour of the theme to one that stands by itself. */
  resolve(color: string): string;
}

interface Scale {
  at(value: number): number;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

const LEGEND_LINE = 16;
const MOST_NAMED = 24;

/** A plot as an SVG document that needs nothing else: the part that is looked at, its axes, its legend, its note. */
export function plotSvg(spec: PlotSpec, view: View, style: SvgStyle): string {
  const named = spec.series.filter(({ faint }) => !faint);
  const legend = named.slice(0, MOST_NAMED);
  const box = { left: 64, right: style.width - 16, top: 34, bottom: style.height - 46 };
  const height = style.height + LEGEND_LINE * (legend.length + (named.length > legend.length ? 1 : 0)) + 8;
  const xs =
    view.x ??
    extentOf(
      spec.series
        .concat()
        .map(({ x }) => x)
        .concat((spec.bands ?? []).map(({ x }) => x)),
      spec.logX === true,
    );
  const ys =
    view.y ??
    extentOf(
      [...spec.series.map(({ y }) => y), ...(spec.bands ?? []).flatMap(({ low, high }) => [low, high])],
      spec.logY === true,
    );
  const x = scaleOf(xs, spec.logX === true, box.left, box.right, 8);
  const y = scaleOf(
    ys && view.y === null ? padded(ys, spec.logY === true) : ys,
    spec.logY === true,
    box.bottom,
    box.top,
    6,
  );
  const color = (number: number | 'ink') => (number === 'ink' ? style.ink : style.resolve(colorOf(number)));
  const parts = [
    `<rect width="${style.width}" height="${height}" fill="${style.background}"/>`,
    `<text x="${box.left}" y="20" fill="${style.ink}" font-size="14">${escapeXml(spec.title)}</text>`,
    ...y.ticks.map(
      ({ at, label }) =>
        `<line x1="${box.left}" x2="${box.right}" y1="${at}" y2="${at}" stroke="${style.grid}"/><text x="${box.left - 6}" y="${at + 4}" text-anchor="end" fill="${style.muted}">${label}</text>`,
    ),
    ...x.ticks.map(
      ({ at, label }) =>
        `<line x1="${at}" x2="${at}" y1="${box.bottom}" y2="${box.bottom + 4}" stroke="${style.muted}"/><text x="${at}" y="${box.bottom + 17}" text-anchor="middle" fill="${style.muted}">${label}</text>`,
    ),
    `<line x1="${box.left}" x2="${box.right}" y1="${box.bottom}" y2="${box.bottom}" stroke="${style.muted}"/>`,
    `<text x="${(box.left + box.right) / 2}" y="${box.bottom + 34}" text-anchor="middle" fill="${style.muted}">${escapeXml(spec.xLabel)}</text>`,
    `<text transform="translate(14 ${(box.top + box.bottom) / 2}) rotate(-90)" text-anchor="middle" fill="${style.muted}">${escapeXml(spec.yLabel)}</text>`,
    `<clipPath id="box"><rect x="${box.left}" y="${box.top}" width="${box.right - box.left}" height="${box.bottom - box.top}"/></clipPath>`,
    `<g clip-path="url(#box)" fill="none">`,
    ...(spec.bands ?? []).map((band) => {
      const there = pathOf(band.x, band.high, x, y, spec);
      const back = pathOf([...band.x].reverse(), [...band.low].reverse(), x, y, spec).replace(/^M/, 'L');
      return `<path d="${there}${back}Z" fill="${color(band.color)}" fill-opacity="${band.opacity}"/>`;
    }),
    ...spec.series.map((series) => seriesSvg(series, x, y, spec, color(series.color))),
    '</g>',
    ...legend.map((series, i) => {
      const top = style.height + LEGEND_LINE * i + 4;
      return `<line x1="${box.left}" x2="${box.left + 22}" y1="${top}" y2="${top}" stroke="${color(series.color)}" stroke-width="2"${series.dash ? ' stroke-dasharray="5 4"' : ''}/><text x="${box.left + 30}" y="${top + 4}" fill="${style.ink}">${escapeXml(series.label)}</text>`;
    }),
    ...(named.length > legend.length
      ? [
          `<text x="${box.left + 30}" y="${style.height + LEGEND_LINE * legend.length + 8}" fill="${style.muted}">${t('and {0} more', named.length - legend.length)}</text>`,
        ]
      : []),
    ...(spec.note
      ? [
          `<text x="${box.right}" y="20" text-anchor="end" fill="${style.muted}">${escapeXml(spec.note)}</text>`,
        ]
      : []),
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${style.width}" height="${height}" viewBox="0 0 ${style.width} ${height}" font-family="${escapeXml(style.font)}" font-size="11"><title>${escapeXml(spec.summary)}</title>${parts.join('')}</svg>\n`;
}

function seriesSvg(series: PlotSeries, x: Scale, y: Scale, spec: PlotSpec, color: string): string {
  if (series.points) {
    const dots = series.x.flatMap((value, i) => {
      const at = series.y[i];
      return at === null || !shows(value, at, spec)
        ? []
        : [`<circle cx="${round(x.at(value))}" cy="${round(y.at(at))}" r="3" fill="${color}"/>`];
    });
    return dots.join('');
  }
  const width = series.thick ? 2.5 : 1.25;
  return `<path d="${pathOf(series.x, series.y, x, y, spec)}" stroke="${color}" stroke-width="${width}"${series.dash ? ' stroke-dasharray="5 4"' : ''}${series.faint ? ' stroke-opacity="0.25"' : ''}/>`;
}

function pathOf(xs: readonly number[], ys: readonly Value[], x: Scale, y: Scale, spec: PlotSpec): string {
  let path = '';
  for (let i = 0; i < xs.length; i++) {
    const value = ys[i];
    if (value === null || !shows(xs[i], value, spec)) continue;
    path += `${path === '' ? 'M' : 'L'}${round(x.at(xs[i]))} ${round(y.at(value))}`;
  }
  return path;
}

function shows(x: number, y: number, { logX, logY }: PlotSpec): boolean {
  return Number.isFinite(y) && !(logX && x <= 0) && !(logY && y <= 0);
}

function scaleOf(extent: Extent | null, log: boolean, from: number, to: number, wanted: number): Scale {
  const { min, max } = extent ?? { min: log ? 1 : 0, max: log ? 10 : 1 };
  const value = log ? Math.log10 : (v: number) => v;
  const [low, high] = [value(min), value(max) === value(min) ? value(min) + 1 : value(max)];
  const at = (v: number) => round(from + ((value(v) - low) / (high - low)) * (to - from));
  if (log && high - low >= 1) {
    const decades = decadeTicks({ min: low, max: high }, wanted);
    return { at, ticks: decades.map((exponent) => ({ at: at(10 ** exponent), label: tenTo(exponent) })) };
  }
  const ticks = linearTicks(log ? { min, max: 10 ** high } : { min: low, max: high }, wanted);
  const decimals = tickDecimals(ticks);
  return {
    at,
    ticks: ticks
      .filter((tick) => !log || tick > 0)
      .map((tick) => ({ at: at(tick), label: tick.toFixed(decimals) })),
  };
}

function padded({ min, max }: Extent, log: boolean): Extent {
  if (log) return { min: min / 1.2, max: max * 1.2 };
  const by = 0.05 * (max - min || Math.abs(max) || 1);
  return { min: min - by, max: max + by };
}

function tenTo(exponent: number): string {
  return Math.abs(exponent) <= 3 ? String(Number((10 ** exponent).toPrecision(1))) : `1e${exponent}`;
}

const round = (value: number) => Math.round(value * 100) / 100;

function escapeXml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
