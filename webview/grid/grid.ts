import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  type VirtualItem,
  Virtualizer,
} from '@tanstack/virtual-core';
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { repeat } from 'lit/directives/repeat.js';
import { score } from '../../src/protocol/words';
import { icon } from '../controls';
import { send } from '../host';
import type { MenuItem } from '../menu';
import { type GridColumn, textOf } from './columns';
import { GridModel, type GridRow, widthOf } from './gridModel';
import { columnItems, gridToolbar, rowCopies } from './gridTools';

const HEAD_HEIGHT = 40;

/**
 * A grid of thousands of rows and hundreds of columns, of which only what is seen is in the document. Arrows, Home, End
 * and pages walk its cells (WAI-ARIA grid); Enter on a head sorts, Shift+Enter adds to the sorting, the menu key or
 * Shift+F10 on a head offers the rest. Emits `pick` with a row.
 */
@customElement('taskweave-grid')
export class Grid extends LitElement {
  // biome-ignore lint/suspicious/noExplicitAny: an element cannot be generic in the type of its rows
  @property({ attribute: false }) columns: readonly GridColumn<any>[] = [];
  @property({ attribute: false }) rows: readonly unknown[] = [];
  @property({ attribute: false }) keyOf: (row: unknown) => string = String;
  /** Of the grid, for people who do not see it; also the name of files saved. */
  @property({ attribute: false }) label = '';
  @property({ attribute: false }) rowHeight = 24;
  @property({ attribute: false }) height = 420;
  /** What a row's state is called in the style sheet. */
  @property({ attribute: false }) rowClass: (row: unknown) => string = () => '';
  /** What can be done with a row besides picking it. */
  @property({ attribute: false }) rowItems: (row: unknown) => readonly MenuItem[] = () => [];
  @property({ attribute: false }) tools: TemplateResult | typeof nothing = nothing;
  @state() private at = { row: -1, column: 0 };
  /** The column, or the row, whose menu is open. */
  @state() private openMenu: string | number | undefined;
  private readonly model = new GridModel<unknown>(
    (row) => this.keyOf(row),
    () => this.requestUpdate(),
  );
  private vertical: Virtualizer<HTMLElement, HTMLElement> | undefined;
  private horizontal: Virtualizer<HTMLElement, HTMLElement> | undefined;
  private clean: (() => void)[] = [];

  protected override createRenderRoot(): this {
    return this;
  }

  override disconnectedCallback(): void {
    for (const one of this.clean.splice(0)) one();
    this.vertical = undefined;
    this.horizontal = undefined;
    super.disconnectedCallback();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('columns')) this.model.setColumns(this.columns);
    if (changed.has('rows')) this.model.setRows(this.rows);
  }

  protected override updated(): void {
    if (!this.vertical) this.measure();
    for (const one of [this.vertical, this.horizontal]) one?._willUpdate();
  }

  protected override render(): TemplateResult {
    const { model } = this;
    const columns = model.shownColumns();
    const rows = model.shownRows();
    const pinned = columns.slice(0, model.pinnedCount);
    const free = columns.slice(model.pinnedCount);
    this.retarget(rows.length, free);
    const pinnedWidth = pinned.reduce((sum, column) => sum + widthOf(column), 0);
    const items = this.vertical?.getVirtualItems() ?? [];
    const across = this.horizontal?.getVirtualItems() ?? [];
    const width = pinnedWidth + (this.horizontal?.getTotalSize() ?? 0);
    const height = this.vertical?.getTotalSize() ?? 0;
    return html`
      ${gridToolbar(model, { id: this.id, label: this.label, tools: this.tools })}
      <div
        class="grid"
        role="grid"
        aria-label=${this.label}
        aria-rowcount=${rows.length + 1}
        aria-colcount=${columns.length}
        tabindex="0"
        .style=${`max-height:${this.height}px`}
        @keydown=${this.onKey}
        @focus=${() => {
          if (this.at.column >= columns.length) this.at = { row: -1, column: 0 };
        }}
      >
        <div class="grid-space" role="presentation" .style=${`width:${width}px;height:${height + HEAD_HEIGHT}px`}>
          <div class="grid-head" role="row" aria-rowindex="1" .style=${`height:${HEAD_HEIGHT}px;width:${width}px`}>
            ${this.pinnedCells(pinned, (column, c, left) => this.headCell(column, c, left, true))}
            ${across.map((item) => this.headCell(free[item.index], pinned.length + item.index, pinnedWidth + item.start, false))}
          </div>
          ${repeat(
            items,
            (item) => rows[item.index]?.id ?? item.index,
            (item) => this.rowView(rows[item.index], item, pinned, free, across, pinnedWidth, width),
          )}
        </div>
      </div>
    `;
  }

  private pinnedCells(
    pinned: readonly GridColumn<unknown>[],
    cell: (column: GridColumn<unknown>, at: number, left: number) => TemplateResult,
  ): readonly TemplateResult[] {
    let left = 0;
    return pinned.map((column, c) => {
      const view = cell(column, c, left);
      left += widthOf(column);
      return view;
    });
  }

  private headCell(column: GridColumn<unknown>, c: number, left: number, isPinned: boolean): TemplateResult {
    const sort = this.model.sortOf(column.id);
    const isHere = this.at.row === -1 && this.at.column === c;
    const place = isPinned ? `position:sticky;left:${left}px` : `position:absolute;left:${left}px`;
    return html`<div
      role="columnheader"
      aria-colindex=${c + 1}
      aria-sort=${sort ? (sort.direction === 'asc' ? 'ascending' : 'descending') : 'none'}
      class="grid-cell ${column.kind} ${isPinned ? 'pinned' : ''} ${isHere ? 'here' : ''}"
      title=${column.title ?? nothing}
      draggable="true"
      .style=${`${place};width:${widthOf(column)}px`}
      @click=${(event: MouseEvent) => {
        this.at = { row: -1, column: c };
        this.model.toggleSort(column.id, event.shiftKey);
      }}
      @contextmenu=${(event: Event) => {
        event.preventDefault();
        this.openMenu = column.id;
      }}
      @dragstart=${(event: DragEvent) => event.dataTransfer?.setData('text/column', column.id)}
      @dragover=${(event: DragEvent) => event.preventDefault()}
      @drop=${(event: DragEvent) => this.drop(event, column.id)}
    >
      <span class="grid-label"
        >${column.label}${sort ? icon(sort.direction === 'asc' ? 'arrow-small-up' : 'arrow-small-down') : nothing}${
          sort && sort.place > 1 ? html`<sub>${sort.place}</sub>` : nothing
        }</span
      >
      ${column.sub ? html`<span class="sub">${column.sub}</span>` : nothing}
      ${this.openMenu === column.id ? this.menuView(`Column ${column.label}`, columnItems(this.model, column, this.label), '') : nothing}
    </div>`;
  }

  private menuOfRow({ original }: GridRow<unknown>): TemplateResult {
    const columns = this.model.shownColumns();
    const left = columns.slice(0, this.at.column).reduce((sum, one) => sum + widthOf(one), 0);
    const items = [
      ...this.rowItems(original),
      ...rowCopies(this.model, original, this.at.column, this.label),
    ];
    return this.menuView(`Row ${this.keyOf(original)}`, items, `left:${left}px`);
  }

  private menuView(label: string, items: readonly MenuItem[], style: string): TemplateResult {
    return html`<taskweave-menu
      .style=${style}
      .options=${{ label, items }}
      .startsOpen=${true}
      @closed=${() => {
        this.openMenu = undefined;
        this.querySelector<HTMLElement>('.grid')?.focus();
      }}
      @click=${(event: Event) => event.stopPropagation()}
    ></taskweave-menu>`;
  }

  private rowView(
    row: GridRow<unknown> | undefined,
    item: VirtualItem,
    pinned: readonly GridColumn<unknown>[],
    free: readonly GridColumn<unknown>[],
    across: readonly VirtualItem[],
    pinnedWidth: number,
    width: number,
  ): TemplateResult | typeof nothing {
    if (!row) return nothing;
    const isGroup = row.getIsGrouped();
    const cell = (
      column: GridColumn<unknown>,
      c: number,
      left: number,
      isPinned: boolean,
    ): TemplateResult => {
      const isHere = this.at.row === item.index && this.at.column === c;
      const place = isPinned ? `position:sticky;left:${left}px` : `position:absolute;left:${left}px`;
      return html`<div
        role=${c === 0 ? 'rowheader' : 'gridcell'}
        aria-colindex=${c + 1}
        class="grid-cell ${column.kind} ${isPinned ? 'pinned' : ''} ${isHere ? 'here' : ''}"
        .style=${`${place};width:${widthOf(column)}px`}
        @click=${() => this.pick(row, item.index, c)}
        @contextmenu=${(event: Event) => {
          event.preventDefault();
          this.at = { row: item.index, column: c };
          this.openMenu = item.index;
        }}
      >
        ${isGroup ? this.groupCell(row, column, c) : (column.view?.(row.original) ?? textOf(column, row.original))}
      </div>`;
    };
    return html`<div
      role="row"
      aria-rowindex=${item.index + 2}
      class="grid-row ${isGroup ? 'group' : this.rowClass(row.original)}"
      .style=${`top:${item.start + HEAD_HEIGHT}px;height:${item.size}px;width:${width}px`}
    >
      ${this.pinnedCells(pinned, (column, c, left) => cell(column, c, left, true))}
      ${across.map((one) => cell(free[one.index], pinned.length + one.index, pinnedWidth + one.start, false))}
      ${this.openMenu === item.index && !isGroup ? this.menuOfRow(row) : nothing}
    </div>`;
  }

  private groupCell(row: GridRow<unknown>, column: GridColumn<unknown>, c: number): TemplateResult | string {
    if (c === 0) {
      const name = String(row.groupingValue ?? '–');
      return html`${icon(this.model.isOpen(row) ? 'chevron-down' : 'chevron-right')} ${name}
        <span class="muted">${row.getLeafRows().length}</span>`;
    }
    const mean = column.kind === 'number' ? this.model.groupMean(row, column) : null;
    return mean === null ? '' : `⌀ ${score(mean)}`;
  }

  private pick(row: GridRow<unknown>, index: number, column: number): void {
    this.at = { row: index, column };
    if (row.getIsGrouped()) this.model.toggleGroup(row);
    else this.dispatchEvent(new CustomEvent('pick', { detail: row.original }));
  }

  private drop(event: DragEvent, onto: string): void {
    const id = event.dataTransfer?.getData('text/column');
    const shown = this.model.shownColumns().map((column) => column.id);
    if (!id || id === onto || !shown.includes(id)) return;
    event.preventDefault();
    const by = shown.indexOf(onto) > shown.indexOf(id) ? 1 : -1;
    for (let steps = Math.abs(shown.indexOf(onto) - shown.indexOf(id)); steps > 0; steps--)
      this.model.move(id, by);
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget) return;
    const rows = this.model.shownRows();
    const columns = this.model.shownColumns();
    const { row, column } = this.at;
    const page = Math.max(1, Math.floor(this.height / this.rowHeight) - 2);
    const to: Record<string, [number, number]> = {
      ArrowDown: [row + 1, column],
      ArrowUp: [row - 1, column],
      ArrowRight: [row, column + 1],
      ArrowLeft: [row, column - 1],
      PageDown: [row + page, column],
      PageUp: [row - page, column],
      Home: event.ctrlKey ? [-1, 0] : [row, 0],
      End: event.ctrlKey ? [rows.length - 1, columns.length - 1] : [row, columns.length - 1],
    };
    if (event.key in to) {
      const [r, c] = to[event.key];
      this.goTo(Math.max(-1, Math.min(rows.length - 1, r)), Math.max(0, Math.min(columns.length - 1, c)));
    } else if (event.key === 'Enter' || event.key === ' ') {
      if (row < 0) this.model.toggleSort(columns[column].id, event.shiftKey);
      else if (rows[row]) this.pick(rows[row], row, column);
    } else if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) {
      if (row >= 0) this.openMenu = row;
      else if (columns[column]) this.openMenu = columns[column].id;
    } else if (event.key === 'c' && (event.ctrlKey || event.metaKey) && rows[row]) {
      send({ kind: 'copy', text: textOf(columns[column], rows[row].original) });
    } else return;
    event.preventDefault();
  };

  private goTo(row: number, column: number): void {
    this.at = { row, column };
    if (row >= 0) this.vertical?.scrollToIndex(row, { align: 'auto' });
    const free = column - this.model.pinnedCount;
    if (free >= 0) this.horizontal?.scrollToIndex(free, { align: 'auto' });
  }

  /** The virtualisers know how many rows and which widths there are now. */
  private retarget(rows: number, free: readonly GridColumn<unknown>[]): void {
    this.vertical?.setOptions({ ...this.vertical.options, count: rows, estimateSize: () => this.rowHeight });
    const { horizontal } = this;
    if (!horizontal) return;
    const widths = free.map(widthOf);
    const isOther =
      horizontal.options.count !== free.length ||
      widths.some((one, i) => one !== horizontal.options.estimateSize(i));
    horizontal.setOptions({ ...horizontal.options, count: free.length, estimateSize: (i) => widths[i] ?? 0 });
    if (isOther) horizontal.measure();
  }

  private measure(): void {
    const scroller = this.querySelector<HTMLElement>('.grid');
    if (!scroller) return;
    const common = {
      getScrollElement: () => scroller,
      scrollToFn: elementScroll,
      observeElementRect,
      observeElementOffset,
      onChange: () => this.requestUpdate(),
    };
    this.vertical = new Virtualizer({
      ...common,
      count: this.model.shownRows().length,
      estimateSize: () => this.rowHeight,
      overscan: 6,
      scrollPaddingStart: HEAD_HEIGHT,
    });
    this.horizontal = new Virtualizer({
      ...common,
      horizontal: true,
      count: 0,
      estimateSize: () => 0,
      overscan: 2,
    });
    for (const one of [this.vertical, this.horizontal]) this.clean.push(one._didMount());
    this.requestUpdate();
  }
}
