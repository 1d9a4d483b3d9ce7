import { html, LitElement, nothing, type PropertyValues, render, type TemplateResult } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import { ref } from 'lit/directives/ref.js';
import { t } from '../../src/protocol/l10n';
import { send } from '../host';
import type { MenuItem } from '../menu';
import { type GridColumn, textOf } from './columns';
import { type BodyContent, GridBody } from './gridBody';
import { headCells } from './gridHead';
import { GridModel, type GridRow, widthOf } from './gridModel';
import { columnItems, gridToolbar, rowCopies } from './gridTools';
import { reached } from './keys';
import { columnSpan, edgesOf, isOtherSpan, rowSpan, type Span, scrolledTo } from './window';

const HEAD_HEIGHT = 40;
/** Rows and columns that are kept beyond those that are seen. */
const ROWS_OVER = 4;
const COLUMNS_OVER = 1;
const NONE: Span = { from: 0, to: 0 };
let grids = 0;

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
  private readonly atId = `grid-cell-${++grids}`;
  private scroller: HTMLElement | undefined;
  private head: HTMLElement | undefined;
  private body: GridBody | undefined;
  private content: BodyContent | undefined;
  private down = NONE;
  private across = NONE;
  private size = { width: 0, height: 0 };
  private readonly observer = new ResizeObserver(() => {
    if (!this.scroller) return;
    this.size = { width: this.scroller.clientWidth, height: this.scroller.clientHeight };
    this.place();
  });

  protected override createRenderRoot(): this {
    return this;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    // Back in the document after it was moved: what it watched is watched again.
    this.requestUpdate();
  }

  override disconnectedCallback(): void {
    this.observer.disconnect();
    this.scroller = undefined;
    super.disconnectedCallback();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has('columns')) this.model.setColumns(this.columns);
    if (changed.has('rows')) this.model.setRows(this.rows);
  }

  protected override updated(): void {
    const scroller = this.querySelector<HTMLElement>('.grid');
    const holder = this.querySelector<HTMLElement>('.grid-body');
    if (!scroller || !holder) return;
    if (this.scroller !== scroller) {
      this.scroller = scroller;
      holder.replaceChildren();
      this.body = new GridBody(holder);
      this.observer.observe(scroller);
      this.size = { width: scroller.clientWidth, height: scroller.clientHeight };
    }
    this.content = this.contentNow();
    [this.down, this.across] = this.spans(this.content);
    this.body?.update(this.content, this.down, this.across);
    this.renderHead(this.content);
    this.followKeyboard();
  }

  protected override render(): TemplateResult {
    const { model } = this;
    const columns = model.shownColumns();
    const rows = model.shownRows();
    const width = columns.reduce((sum, column) => sum + widthOf(column), 0);
    const openRow = typeof this.openMenu === 'number' ? rows[this.openMenu] : undefined;
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
        @scroll=${this.onScroll}
        @click=${this.onClick}
        @contextmenu=${this.onContextMenu}
        @focus=${() => {
          if (this.at.column >= columns.length) this.at = { row: -1, column: 0 };
        }}
      >
        <div
          class="grid-space"
          role="presentation"
          .style=${`width:${width}px;height:${rows.length * this.rowHeight + HEAD_HEIGHT}px`}
        >
          <div
            class="grid-head"
            role="row"
            aria-rowindex="1"
            .style=${`height:${HEAD_HEIGHT}px;width:${width}px`}
            ${ref((element) => {
              this.head = element instanceof HTMLElement ? element : undefined;
            })}
          ></div>
          <div class="grid-body" role="presentation"></div>
          ${openRow && !openRow.getIsGrouped() ? this.menuOfRow(openRow, Number(this.openMenu)) : nothing}
        </div>
      </div>
    `;
  }

  private contentNow(): BodyContent {
    const columns = this.model.shownColumns();
    const pinned = columns.slice(0, this.model.pinnedCount);
    const free = columns.slice(this.model.pinnedCount);
    const pinnedEdges = edgesOf(pinned.map(widthOf));
    const left = pinnedEdges[pinned.length];
    const freeEdges = edgesOf(free.map(widthOf)).map((edge) => left + edge);
    return {
      model: this.model,
      rows: this.model.shownRows(),
      pinned,
      free,
      pinnedEdges,
      freeEdges,
      rowHeight: this.rowHeight,
      headHeight: HEAD_HEIGHT,
      width: freeEdges[free.length],
      at: this.at,
      atId: this.atId,
      rowClass: (row) => this.rowClass(row),
    };
  }

  /** Rows and free columns that are seen. */
  private spans({ rows, pinned, pinnedEdges, freeEdges }: BodyContent): [Span, Span] {
    const { scrollTop = 0, scrollLeft = 0 } = this.scroller ?? {};
    const { width, height } = this.size;
    const covered = pinnedEdges[pinned.length];
    return [
      rowSpan(scrollTop, height - HEAD_HEIGHT, this.rowHeight, rows.length, ROWS_OVER),
      columnSpan(freeEdges, scrollLeft + covered, width - covered, COLUMNS_OVER),
    ];
  }

  private readonly onScroll = (): void => this.place();

  private place(): void {
    const { content, down, across } = this;
    if (!content) return;
    [this.down, this.across] = this.spans(content);
    const isOther = isOtherSpan(across, this.across);
    if (!isOther && !isOtherSpan(down, this.down)) return;
    this.body?.scroll(this.down, this.across);
    if (isOther) this.renderHead(content);
    this.followKeyboard();
  }

  /** The head is gone through on its own: its cells change with the columns that are seen, and the rest does not. */
  private renderHead(content: BodyContent): void {
    if (!this.head) return;
    const cells = headCells(content, this.across, {
      model: this.model,
      openMenu: this.openMenu,
      menuOf: (column) =>
        this.menuView(t('Column {0}', column.label), columnItems(this.model, column, this.label), ''),
      onPick: (column, c, isAdded) => {
        this.at = { row: -1, column: c };
        this.model.toggleSort(column, isAdded);
      },
      onMenu: (column) => {
        this.openMenu = column;
      },
    });
    render(cells, this.head, { host: this });
  }

  /** Who listens to the grid hears the cell that the arrows have reached. */
  private followKeyboard(): void {
    const isSeen = this.querySelector(`#${this.atId}`) !== null;
    if (isSeen) this.scroller?.setAttribute('aria-activedescendant', this.atId);
    else this.scroller?.removeAttribute('aria-activedescendant');
  }

  private menuOfRow({ original }: GridRow<unknown>, index: number): TemplateResult {
    const columns = this.model.shownColumns();
    const left = columns.slice(0, this.at.column).reduce((sum, one) => sum + widthOf(one), 0);
    const top = (index + 1) * this.rowHeight + HEAD_HEIGHT;
    const items = [
      ...this.rowItems(original),
      ...rowCopies(this.model, original, this.at.column, this.label),
    ];
    return this.menuView(t('Row {0}', this.keyOf(original)), items, `left:${left}px;top:${top}px`);
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

  private readonly onClick = ({ target }: Event): void => {
    const place = this.body?.placeOf(target);
    const row = place && this.model.shownRows()[place.row];
    if (place && row) this.pick(row, place.row, place.column);
  };

  private readonly onContextMenu = (event: Event): void => {
    const place = this.body?.placeOf(event.target);
    if (!place) return;
    event.preventDefault();
    this.at = place;
    this.openMenu = place.row;
  };

  private pick(row: GridRow<unknown>, index: number, column: number): void {
    this.at = { row: index, column };
    if (row.getIsGrouped()) this.model.toggleGroup(row);
    else this.dispatchEvent(new CustomEvent('pick', { detail: row.original }));
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget) return;
    const rows = this.model.shownRows();
    const columns = this.model.shownColumns();
    const { row, column } = this.at;
    const page = Math.max(1, Math.floor(this.height / this.rowHeight) - 2);
    const to = reached(event, this.at, { rows: rows.length, columns: columns.length, page });
    if (to) {
      this.goTo(to.row, to.column);
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
    const { scroller, content } = this;
    if (!scroller || !content) return;
    const { pinned, pinnedEdges, freeEdges } = content;
    if (row >= 0) {
      const rows = { from: row * this.rowHeight, to: (row + 1) * this.rowHeight };
      scroller.scrollTop = scrolledTo(scroller.scrollTop, this.size.height, rows, HEAD_HEIGHT);
    }
    const free = column - pinned.length;
    if (free < 0) return;
    const covered = pinnedEdges[pinned.length];
    const columns = { from: freeEdges[free] - covered, to: freeEdges[free + 1] - covered };
    scroller.scrollLeft = scrolledTo(scroller.scrollLeft, this.size.width, columns, covered);
  }
}
