import { html, nothing, type TemplateResult } from 'lit';
import { icon } from '../controls';
import type { GridColumn } from './columns';
import type { BodyContent } from './gridBody';
import type { GridModel } from './gridModel';
import type { Span } from './window';

type Column = GridColumn<unknown>;

export interface HeadActions {
  readonly model: GridModel<unknown>;
  /** The column whose menu is open, by its id. */
  readonly openMenu: string | number | undefined;
  menuOf(column: Column): TemplateResult;
  /** @param isAdded whether it is sorted by besides what it is sorted by already */
  onPick(column: string, index: number, isAdded: boolean): void;
  onMenu(column: string): void;
}

/** Heads of the pinned columns, and of the others that are seen. */
export function headCells(
  { pinned, free, pinnedEdges, freeEdges, at, atId }: BodyContent,
  { from, to }: Span,
  actions: HeadActions,
): readonly TemplateResult[] {
  const cell = (column: Column, c: number, place: string): TemplateResult =>
    headCell(column, c, place, at.row === -1 && at.column === c ? atId : undefined, actions);
  return [
    ...pinned.map((column, c) =>
      cell(
        column,
        c,
        `position:sticky;left:${pinnedEdges[c]}px;width:${pinnedEdges[c + 1] - pinnedEdges[c]}px`,
      ),
    ),
    ...free.slice(from, to).map((column, i) => {
      const f = from + i;
      const width = freeEdges[f + 1] - freeEdges[f];
      return cell(column, pinned.length + f, `position:absolute;left:${freeEdges[f]}px;width:${width}px`);
    }),
  ];
}

function headCell(
  column: Column,
  c: number,
  place: string,
  id: string | undefined,
  { model, openMenu, menuOf, onPick, onMenu }: HeadActions,
): TemplateResult {
  const sort = model.sortOf(column.id);
  return html`<div
    role="columnheader"
    aria-colindex=${c + 1}
    aria-sort=${sort ? (sort.direction === 'asc' ? 'ascending' : 'descending') : 'none'}
    id=${id ?? nothing}
    class="grid-cell ${column.kind} ${model.isPinned(column.id) ? 'pinned' : ''} ${id ? 'here' : ''}"
    title=${column.title ?? nothing}
    draggable="true"
    .style=${place}
    @click=${(event: MouseEvent) => onPick(column.id, c, event.shiftKey)}
    @contextmenu=${(event: Event) => {
      event.preventDefault();
      onMenu(column.id);
    }}
    @dragstart=${(event: DragEvent) => event.dataTransfer?.setData('text/column', column.id)}
    @dragover=${(event: DragEvent) => event.preventDefault()}
    @drop=${(event: DragEvent) => drop(event, column.id, model)}
  >
    <span class="grid-label"
      >${column.label}${sort ? icon(sort.direction === 'asc' ? 'arrow-small-up' : 'arrow-small-down') : nothing}${
        sort && sort.place > 1 ? html`<sub>${sort.place}</sub>` : nothing
      }</span
    >
    ${column.sub ? html`<span class="sub">${column.sub}</span>` : nothing}
    ${openMenu === column.id ? menuOf(column) : nothing}
  </div>`;
}

/** A column that is dropped on another goes to its place. */
function drop(event: DragEvent, onto: string, model: GridModel<unknown>): void {
  const id = event.dataTransfer?.getData('text/column');
  const shown = model.shownColumns().map((column) => column.id);
  if (!id || id === onto || !shown.includes(id)) return;
  event.preventDefault();
  const by = shown.indexOf(onto) > shown.indexOf(id) ? 1 : -1;
  for (let steps = Math.abs(shown.indexOf(onto) - shown.indexOf(id)); steps > 0; steps--) model.move(id, by);
}
