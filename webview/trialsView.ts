import './grid/grid';
import { html, nothing, type TemplateResult } from 'lit';
import { t } from '../src/protocol/l10n';
import type { RunTable } from '../src/protocol/tables';
import type { GridColumn } from './grid/columns';
import { gridColumns, type TableRow } from './tableColumns';

const made = new WeakMap<RunTable['columns'], readonly GridColumn<TableRow>[]>();

/** Every fit of a run: configurations by folds, with hyperparameters, scores and times. */
export function trialsView(table: RunTable | undefined): TemplateResult {
  if (!table) return html`<p class="empty">${t('Reading the fits …')}</p>`;
  if (table.rows.length === 0) return html`<p class="empty">${t('No fit has begun yet.')}</p>`;
  let columns = made.get(table.columns);
  if (!columns) {
    columns = gridColumns(table.columns, ['model']);
    made.set(table.columns, columns);
  }
  return html`<taskweave-grid
      id="trials-grid"
      .label=${t('Fits')}
      .columns=${columns}
      .rows=${table.rows}
      .height=${560}
      .keyOf=${(row: TableRow) => row.slice(0, 4).join(' ')}
    ></taskweave-grid>
    ${table.total > table.rows.length ? html`<p class="muted">${t('{0} of {1} fits.', table.rows.length.toLocaleString('en'), table.total.toLocaleString('en'))}</p>` : nothing}`;
}
