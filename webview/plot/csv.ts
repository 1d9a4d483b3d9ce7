import { t } from '../../src/protocol/l10n';
import { align } from './align';
import type { PlotSpec } from './spec';

/** The points of a plot as CSV: the x, then a column a line. Faint twins of smoothed lines are what was recorded. */
export function plotCsv(spec: PlotSpec): string {
  const bands = spec.bands ?? [];
  const { x, y } = align({ ...spec, logX: false, logY: false });
  const names = [
    spec.xLabel,
    ...spec.series.map(({ label, faint }) => (faint ? t('{0} (recorded)', label) : label)),
    ...bands.flatMap(({ label }) => [t('{0} (high)', label), t('{0} (low)', label)]),
  ];
  const rows = x.map((value, i) => [value, ...y.map((values) => values[i])]);
  return csvOf([names, ...rows]);
}

/** Rows as CSV (RFC 4180); no value is an empty cell. */
export function csvOf(rows: readonly (readonly (string | number | null)[])[]): string {
  return `${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}

function cell(value: string | number | null): string {
  if (value === null) return '';
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Rows as a Markdown table; the first is the head. Columns of numbers stand to the right. */
export function markdownOf(rows: readonly (readonly (string | number | null)[])[]): string {
  const [head, ...body] = rows;
  const line = (cells: readonly (string | number | null)[]) =>
    `| ${cells.map((value) => (value === null ? '' : String(value).replaceAll('|', '\\|').replaceAll('\n', ' '))).join(' | ')} |`;
  const rule = head.map((_, c) => (body.some((row) => typeof row[c] === 'number') ? '---:' : '---'));
  return `${[line(head), `| ${rule.join(' | ')} |`, ...body.map(line)].join('\n')}\n`;
}
