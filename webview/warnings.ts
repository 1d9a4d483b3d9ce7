import { html, nothing, type TemplateResult } from 'lit';
import { t } from '../src/protocol/l10n';
import { icon } from './controls';
import { groupedWarnings, type Warning } from './warningsData';

/** Warnings that are shown at once: what the panel is for must stay in sight. */
const MOST = 3;

/** The first few, and the rest behind a click. */
export function warningsView(warnings: readonly string[]): TemplateResult | typeof nothing {
  const all = groupedWarnings(warnings);
  if (all.length === 0) return nothing;
  const line = ({ words, fits }: Warning) =>
    html`<p class="warn" title=${fits.join(', ') || nothing}>${icon('warning')} ${words}</p>`;
  const rest = all.slice(MOST);
  return html`${all.slice(0, MOST).map(line)}
    ${
      rest.length === 0
        ? nothing
        : html`<details class="warn">
            <summary>${t('and {0} more warnings', rest.length)}</summary>
            ${rest.map(line)}
          </details>`
    }`;
}
