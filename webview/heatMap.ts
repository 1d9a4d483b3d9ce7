import { html, svg, type TemplateResult } from 'lit';
import { t } from '../src/protocol/l10n';
import { score } from '../src/protocol/words';
import type { HeatMap } from './heatMapData';
import { send } from './host';
import { menu } from './menu';
import { csvOf } from './plot/csv';
import { fileName, saveText } from './plot/saveMenu';

const CELL = 38;
const MOST_LABELLED = 40;
const MOST_NUMBERED = 14;
const LONGEST = 18;

/** A matrix as a picture, blue above 0 and orange below, with its numbers as a table for those who read. */
export function heatMap(map: HeatMap): TemplateResult {
  const n = Math.max(map.rows.length, map.columns.length, 1);
  const cell = n > MOST_LABELLED ? Math.max(3, Math.floor(900 / n)) : CELL;
  const isLabelled = n <= MOST_LABELLED;
  const isNumbered = n <= MOST_NUMBERED;
  const left = isLabelled ? 8 + 7 * Math.min(LONGEST, longest(map.rows)) : 8;
  const top = isLabelled ? 8 + 5.2 * Math.min(LONGEST, longest(map.columns)) : 8;
  const width = left + map.columns.length * cell + (isLabelled ? 60 : 8);
  const height = top + map.rows.length * cell + 8;
  const table = () => csvOf([['', ...map.columns], ...map.values.map((row, r) => [map.rows[r], ...row])]);
  return html`<figure>
    <figcaption>
      <span class="title">${map.title}</span>
      <span class="muted">${map.note ?? ''}</span>
      <span class="tools">
        ${menu({
          label: t('Save {0}', map.title),
          icon: 'desktop-download',
          items: [
            { label: t('Copy as CSV'), onPick: () => send({ kind: 'copy', text: table() }) },
            { label: t('Save as CSV …'), onPick: () => saveText(fileName(map.title), 'csv', table()) },
          ],
        })}
      </span>
    </figcaption>
    <div class="scroll" tabindex="0" role="region" aria-label=${map.title}>
      <svg class="heat" width=${width} height=${height} role="img" aria-label=${summaryOf(map)}>
        ${map.values.map((row, r) =>
          row.map(
            (
              value,
              c,
            ) => svg`<rect x=${left + c * cell} y=${top + r * cell} width=${cell - 1} height=${cell - 1}
              fill=${colorOf(value)} fill-opacity=${strength(value, map.full)}>
              <title>${map.rows[r]} – ${map.columns[c]}: ${score(value)}</title></rect>${
                isNumbered && value !== null
                  ? svg`<text x=${left + (c + 0.5) * cell - 0.5} y=${top + (r + 0.5) * cell + 3} text-anchor="middle" class="heat-value">${shortNumber(value)}</text>`
                  : ''
              }`,
          ),
        )}
        ${
          isLabelled
            ? [
                map.rows.map(
                  (label, r) =>
                    svg`<text x=${left - 5} y=${top + (r + 0.5) * cell + 4} text-anchor="end">${short(label)}</text>`,
                ),
                map.columns.map(
                  (label, c) =>
                    svg`<text transform=${`translate(${left + (c + 0.5) * cell} ${top - 5}) rotate(-40)`}>${short(label)}</text>`,
                ),
              ]
            : ''
        }
        ${(map.breaks ?? []).map((at) => {
          const x = left + at * cell - 0.5;
          const y = top + at * cell - 0.5;
          return svg`<line class="break" x1=${x} x2=${x} y1=${top} y2=${height - 8}></line>
            <line class="break" x1=${left} x2=${left + map.columns.length * cell} y1=${y} y2=${y}></line>`;
        })}
      </svg>
    </div>
  </figure>`;
}

function colorOf(value: number | null): string {
  if (value === null) return 'transparent';
  return value >= 0 ? 'var(--vscode-charts-blue)' : 'var(--chart-orange)';
}

function strength(value: number | null, full: number): number {
  if (value === null || full <= 0) return 0;
  return Math.round(Math.min(1, Math.abs(value) / full) * 60) / 100;
}

/** The strongest pairs, in words. */
function summaryOf({ title, of, rows, columns, values }: HeatMap): string {
  const pairs = values.flatMap((row, r) =>
    row.flatMap((value, c) => (value === null || rows[r] === columns[c] ? [] : [{ r, c, value }])),
  );
  if (pairs.length === 0) return t('{0}: nothing to show', title);
  const high = pairs.reduce((a, b) => (b.value > a.value ? b : a));
  const low = pairs.reduce((a, b) => (b.value < a.value ? b : a));
  const words = ({ r, c, value }: typeof high) =>
    t('{0} between {1} and {2}', score(value), rows[r], columns[c]);
  return t('{0}: {1}, highest {2}, lowest {3}', title, of, words(high), words(low));
}

function shortNumber(value: number): string {
  const text = value.toFixed(2).replace(/^(-?)0\./, '$1.');
  return text.replace('-', '−');
}

function longest(labels: readonly string[]): number {
  return labels.reduce((length, label) => Math.max(length, label.length), 0);
}

function short(label: string): string {
  return label.length <= LONGEST ? label : `${label.slice(0, LONGEST - 1)}…`;
}
