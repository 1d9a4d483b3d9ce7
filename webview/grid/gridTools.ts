import { html, nothing, type TemplateResult } from 'lit';
import { t } from '../../src/protocol/l10n';
import { count } from '../../src/protocol/words';
import { checkbox, dropdown, textField } from '../controls';
import { send } from '../host';
import { type MenuItem, menu } from '../menu';
import { csvOf, markdownOf } from '../plot/csv';
import { fileName, saveText } from '../plot/saveMenu';
import { type GridColumn, textOf } from './columns';
import type { GridModel } from './gridModel';

const NOT_GROUPED = '';

export interface ToolbarOptions {
  readonly id: string;
  readonly label: string;
  /** More controls, of the view that the grid is in. */
  readonly tools: TemplateResult | typeof nothing;
}

/** What is above a grid: filter, grouping, columns, copies, and how many rows there are. */
export function gridToolbar<R>(model: GridModel<R>, { id, label, tools }: ToolbarOptions): TemplateResult {
  const { mistakes } = model.filter;
  const all = count(model.total, 'row');
  const shown =
    model.passing === model.total ? all : t('{0} of {1}', model.passing.toLocaleString('en'), all);
  const hidden = model.allColumns.filter(({ id: column }) => !model.isVisible(column)).length;
  const groupable = model.allColumns.filter(({ kind }) => kind === 'text');
  return html`<div class="toolbar grid-tools">
      ${textField({
        id: `filter-${id || 'grid'}`,
        label: t('Filter'),
        value: model.filterText,
        placeholder: t('words, model:net, λ<0.1'),
        ...(mistakes.length > 0 && { mistake: mistakes.join('; ') }),
        onInput: (text) => model.setFilter(text),
      })}
      ${
        groupable.length > 1
          ? dropdown({
              label: t('Group by'),
              options: [
                { value: NOT_GROUPED, label: t('nothing') },
                ...groupable.map((column) => ({ value: column.id, label: column.label })),
              ],
              value: model.groupedBy ?? NOT_GROUPED,
              onChange: (column) => model.groupBy(column === NOT_GROUPED ? undefined : column),
            })
          : nothing
      }
      ${checkbox(t('Only columns that differ'), model.showsOnlyDiffering, (isOnly) => model.setOnlyDiffering(isOnly))}
      ${tools}
      ${menu({ label: t('Columns of {0}', label), icon: 'list-selection', items: visibilityItems(model) })}
      ${menu({ label: t('Copy or save {0}', label), icon: 'desktop-download', items: copyItems(model, label) })}
      <span class="muted" role="status">${shown}${hidden > 0 ? ` · ${t('{0} hidden', count(hidden, 'column'))}` : nothing}</span>
    </div>
    ${mistakes.length > 0 ? html`<p class="mistake">${mistakes.join('; ')}</p>` : nothing}`;
}

/** What can be done with a column. */
export function columnItems<R>(
  model: GridModel<R>,
  column: GridColumn<R>,
  label: string,
): readonly MenuItem[] {
  const act = (words: string, onPick: () => void): MenuItem => ({ label: words, onPick });
  return [
    act(t('Sort ascending'), () => model.setSort(column.id, false)),
    act(t('Sort descending'), () => model.setSort(column.id, true)),
    act(model.isPinned(column.id) ? t('Unpin') : t('Pin to the left'), () => model.togglePin(column.id)),
    act(t('Move left'), () => model.move(column.id, -1)),
    act(t('Move right'), () => model.move(column.id, 1)),
    ...(column.kind === 'text' ? [act(t('Group by this'), () => model.groupBy(column.id))] : []),
    act(t('Hide'), () => model.setVisible(column.id, false)),
    ...copyItems(model, label),
  ];
}

/** A cell, its row, or everything that is shown. */
export function rowCopies<R>(model: GridModel<R>, row: R, at: number, label: string): readonly MenuItem[] {
  const columns = model.shownColumns();
  const column = columns[at] ?? columns[0];
  const copy = (text: string) => () => send({ kind: 'copy', text });
  const cells = [columns.map((one) => one.label), columns.map((one) => one.value(row))];
  return [
    { label: t('Copy {0}', column.label), onPick: copy(textOf(column, row)) },
    { label: t('Copy row as CSV'), onPick: copy(csvOf(cells)) },
    ...copyItems(model, label),
  ];
}

function copyItems<R>(model: GridModel<R>, label: string): readonly MenuItem[] {
  const name = fileName(label);
  return [
    { label: t('Copy all as CSV'), onPick: () => send({ kind: 'copy', text: csvOf(model.cells()) }) },
    {
      label: t('Copy all as Markdown'),
      onPick: () => send({ kind: 'copy', text: markdownOf(model.cells()) }),
    },
    { label: t('Save all as CSV …'), onPick: () => saveText(name, 'csv', csvOf(model.cells())) },
    { label: t('Save all as Markdown …'), onPick: () => saveText(name, 'md', markdownOf(model.cells())) },
  ];
}

function visibilityItems<R>(model: GridModel<R>): readonly MenuItem[] {
  return model.allColumns.map(({ id, label, sub }) => ({
    label: sub ? `${label} ${sub}` : label,
    checked: model.isVisible(id),
    onPick: () => model.setVisible(id, !model.isVisible(id)),
  }));
}
