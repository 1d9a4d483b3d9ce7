import { html, nothing, render, type TemplateResult } from 'lit';
import { score } from '../../src/protocol/words';
import { icon } from '../controls';
import { type GridColumn, textOf } from './columns';
import type { GridModel, GridRow } from './gridModel';
import { Ring, type Span } from './window';

/** What the rows show: set anew whenever anything but the place scrolled to has changed. */
export interface BodyContent {
  readonly model: GridModel<unknown>;
  readonly rows: readonly GridRow<unknown>[];
  readonly pinned: readonly GridColumn<unknown>[];
  readonly free: readonly GridColumn<unknown>[];
  /** Left edges of the pinned columns, and of the free ones from the grid's own left. */
  readonly pinnedEdges: readonly number[];
  readonly freeEdges: readonly number[];
  readonly rowHeight: number;
  readonly headHeight: number;
  /** Of the whole row. */
  readonly width: number;
  /** The cell that the keyboard is at. */
  readonly at: { readonly row: number; readonly column: number };
  /** Identity of that cell, for who follows the keyboard by sound. */
  readonly atId: string;
  rowClass(row: unknown): string;
}

interface Cell {
  readonly element: HTMLElement;
  /** As it was last written: styles are set by script, which the content policy allows, and not as attributes. */
  style: string;
  readonly text: Text;
  /** Holds what is richer than text; made when first needed. */
  rich: HTMLElement | undefined;
}

interface Row {
  readonly element: HTMLElement;
  style: string;
  readonly pinned: Ring<Cell>;
  readonly free: Ring<Cell>;
}

/**
 * The rows of a grid that are seen. Scrolling gives the elements that went out of sight to the rows and columns that
 * came into it, and writes their texts: nothing is made, and no template is gone through.
 */
export class GridBody {
  private content: BodyContent | undefined;
  private across: Span = { from: 0, to: 0 };
  private readonly rows: Ring<Row>;

  constructor(holder: HTMLElement) {
    this.rows = new Ring<Row>(
      newRow,
      ({ element }, before) => holder.insertBefore(element, before?.element ?? null),
      ({ element }) => element.remove(),
    );
  }

  /** Writes every row that is seen anew. */
  update(content: BodyContent, down: Span, across: Span): void {
    this.content = content;
    this.across = across;
    this.rows.move(down);
    for (let index = down.from; index < down.to; index++) this.writeRow(index, content);
  }

  scroll(down: Span, across: Span): void {
    const { content } = this;
    if (!content) return;
    const isWider = across.from !== this.across.from || across.to !== this.across.to;
    this.across = across;
    const changed = new Set(this.rows.move(down));
    for (const index of changed) this.writeRow(index, content);
    if (!isWider) return;
    for (let index = down.from; index < down.to; index++)
      if (!changed.has(index)) this.writeFree(index, content, false);
  }

  /** Which row and column an element belongs to. */
  placeOf(target: EventTarget | null): { readonly row: number; readonly column: number } | undefined {
    const cell = target instanceof Element ? target.closest<HTMLElement>('.grid-cell') : null;
    const row = cell?.closest<HTMLElement>('.grid-row');
    if (!cell || !row) return undefined;
    return {
      row: Number(row.getAttribute('aria-rowindex')) - 2,
      column: Number(cell.getAttribute('aria-colindex')) - 1,
    };
  }

  private writeRow(index: number, content: BodyContent): void {
    const view = this.rows.at(index);
    const row = content.rows[index];
    if (!view || !row) return;
    const { element } = view;
    const { rowHeight, headHeight, width, pinned, pinnedEdges } = content;
    const isGroup = row.getIsGrouped();
    setAttribute(element, 'aria-rowindex', String(index + 2));
    setAttribute(element, 'class', `grid-row ${isGroup ? 'group' : content.rowClass(row.original)}`);
    setStyle(
      view,
      `transform:translateY(${index * rowHeight + headHeight}px);height:${rowHeight}px;width:${width}px`,
    );
    view.pinned.move({ from: 0, to: pinned.length });
    for (let c = 0; c < pinned.length; c++) {
      const cell = view.pinned.at(c);
      const style = `position:sticky;left:${pinnedEdges[c]}px;width:${pinnedEdges[c + 1] - pinnedEdges[c]}px`;
      if (cell) this.writeCell(cell, { row, index, column: pinned[c], c, style, isPinned: true }, content);
    }
    this.writeFree(index, content, true);
  }

  /** @param isAll whether the cells that stay are of another row now */
  private writeFree(index: number, content: BodyContent, isAll: boolean): void {
    const view = this.rows.at(index);
    const row = content.rows[index];
    if (!view || !row) return;
    const { free, freeEdges, pinned } = content;
    const changed = view.free.move(this.across);
    const write = (f: number): void => {
      const cell = view.free.at(f);
      const column = free[f];
      if (!cell || !column) return;
      const style = `position:absolute;left:${freeEdges[f]}px;width:${freeEdges[f + 1] - freeEdges[f]}px`;
      this.writeCell(cell, { row, index, column, c: pinned.length + f, style, isPinned: false }, content);
    };
    if (isAll) for (let f = this.across.from; f < this.across.to; f++) write(f);
    else for (const f of changed) write(f);
  }

  private writeCell(cell: Cell, place: CellPlace, content: BodyContent): void {
    const { row, index, column, c, style, isPinned } = place;
    const isHere = content.at.row === index && content.at.column === c;
    const { element } = cell;
    setAttribute(element, 'role', c === 0 ? 'rowheader' : 'gridcell');
    setAttribute(element, 'aria-colindex', String(c + 1));
    setAttribute(
      element,
      'class',
      `grid-cell ${column.kind}${isPinned ? ' pinned' : ''}${isHere ? ' here' : ''}`,
    );
    setStyle(cell, style);
    if (isHere) element.id = content.atId;
    else if (element.id !== '') element.removeAttribute('id');
    const shown = row.getIsGrouped()
      ? groupCell(content.model, row, column, c)
      : (column.view?.(row.original) ?? textOf(column, row.original));
    if (typeof shown === 'string') setText(cell, shown);
    else setRich(cell, shown);
  }
}

interface CellPlace {
  readonly row: GridRow<unknown>;
  readonly index: number;
  readonly column: GridColumn<unknown>;
  /** Among all columns that are shown. */
  readonly c: number;
  readonly style: string;
  readonly isPinned: boolean;
}

function newRow(): Row {
  const element = document.createElement('div');
  element.setAttribute('role', 'row');
  const free = ringOf(element, () => null);
  // Pinned cells come first, as they are read.
  const pinned = ringOf(element, () => free.all[0]?.element ?? null);
  return { element, style: '', pinned, free };
}

function ringOf(row: HTMLElement, end: () => HTMLElement | null): Ring<Cell> {
  return new Ring<Cell>(
    newCell,
    ({ element }, before) => row.insertBefore(element, before?.element ?? end()),
    ({ element }) => element.remove(),
  );
}

function newCell(): Cell {
  const element = document.createElement('div');
  const text = document.createTextNode('');
  element.append(text);
  return { element, style: '', text, rich: undefined };
}

function setText(cell: Cell, text: string): void {
  if (cell.rich) {
    render(nothing, cell.rich);
    cell.rich.remove();
    cell.rich = undefined;
  }
  if (cell.text.data !== text) cell.text.data = text;
}

function setRich(cell: Cell, view: TemplateResult): void {
  cell.text.data = '';
  if (!cell.rich) {
    cell.rich = document.createElement('span');
    cell.element.append(cell.rich);
  }
  render(view, cell.rich);
}

function setStyle(one: { readonly element: HTMLElement; style: string }, style: string): void {
  if (one.style === style) return;
  one.style = style;
  one.element.style.cssText = style;
}

function setAttribute(element: HTMLElement, name: string, value: string): void {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

function groupCell(
  model: GridModel<unknown>,
  row: GridRow<unknown>,
  column: GridColumn<unknown>,
  c: number,
): TemplateResult | string {
  if (c === 0) {
    const name = String(row.groupingValue ?? '–');
    return html`${icon(model.isOpen(row) ? 'chevron-down' : 'chevron-right')} ${name}
      <span class="muted">${row.getLeafRows().length}</span>`;
  }
  const mean = column.kind === 'number' ? model.groupMean(row, column) : null;
  return mean === null ? '' : `⌀ ${score(mean)}`;
}
