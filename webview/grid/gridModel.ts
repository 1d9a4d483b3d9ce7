import {
  type Column,
  type ColumnDef,
  createTable,
  getCoreRowModel,
  getExpandedRowModel,
  getFilteredRowModel,
  getGroupedRowModel,
  getSortedRowModel,
  type Row,
  type SortingState,
  type Table,
  type TableState,
  type VisibilityState,
} from '@tanstack/table-core';
import { type CellValue, type GridColumn, textOf } from './columns';
import { type Filter, parseFilter, passes } from './filter';

const WIDTH = { text: 130, number: 92 } as const;
const NO_FILTER: Filter = { words: [], conditions: [], mistakes: [] };

/**
 * A table of rows as one arranges it: sorted by several columns, filtered, grouped, with columns pinned, hidden, moved,
 * or only those that tell rows apart. Keeps its arrangement while rows come and change.
 */
export class GridModel<R> {
  private readonly table: Table<R>;
  private columns: readonly GridColumn<R>[] = [];
  private byId: ReadonlyMap<string, GridColumn<R>> = new Map();
  private rows: R[] = [];
  private state: TableState;
  private parsed: Filter = NO_FILTER;
  private onlyDiffering = false;
  private chosen: VisibilityState = {};

  constructor(
    private readonly keyOf: (row: R) => string,
    private readonly onChange: () => void,
  ) {
    this.table = createTable<R>({
      data: this.rows,
      columns: [],
      state: {},
      onStateChange: () => {},
      renderFallbackValue: null,
      getRowId: (row) => this.keyOf(row),
      globalFilterFn: (row) => passes(row.original, this.parsed, this.columns),
      getColumnCanGlobalFilter: () => true,
      autoResetExpanded: false,
      groupedColumnMode: 'reorder',
      getCoreRowModel: getCoreRowModel(),
      getFilteredRowModel: getFilteredRowModel(),
      getGroupedRowModel: getGroupedRowModel(),
      getSortedRowModel: getSortedRowModel(),
      getExpandedRowModel: getExpandedRowModel(),
    });
    this.state = { ...this.table.initialState, expanded: true };
    this.apply();
  }

  setColumns(columns: readonly GridColumn<R>[]): void {
    if (this.columns === columns) return;
    const isSame = sameIds(this.columns, columns);
    this.columns = columns;
    this.byId = new Map(columns.map((column) => [column.id, column]));
    this.table.setOptions((options) => ({ ...options, columns: columns.map(definition) }));
    if (!isSame) {
      const left = columns.filter(({ pinned }) => pinned).map(({ id }) => id);
      this.state = {
        ...this.state,
        columnPinning: { left, right: [] },
        columnOrder: columns.map(({ id }) => id),
      };
      this.applyVisibility();
    }
    this.apply();
  }

  setRows(rows: readonly R[]): void {
    if (this.rows === rows) return;
    this.rows = [...rows];
    this.table.setOptions((options) => ({ ...options, data: this.rows }));
    if (this.onlyDiffering) this.applyVisibility();
    this.apply();
  }

  get filter(): Filter {
    return this.parsed;
  }

  get filterText(): string {
    return String(this.state.globalFilter ?? '');
  }

  setFilter(text: string): void {
    this.parsed = parseFilter(text, this.columns);
    this.update({ globalFilter: text });
  }

  /** Rows to show, in order: those of closed groups left out. */
  shownRows(): readonly Row<R>[] {
    return this.table.getRowModel().rows;
  }

  /** Rows that pass the filter, whatever their groups. */
  get passing(): number {
    return this.table.getFilteredRowModel().rows.length;
  }

  get total(): number {
    return this.rows.length;
  }

  /** Columns to show, pinned ones first. */
  shownColumns(): readonly GridColumn<R>[] {
    const shown = [...this.table.getLeftVisibleLeafColumns(), ...this.table.getCenterVisibleLeafColumns()];
    return shown.map(({ id }) => this.column(id));
  }

  get pinnedCount(): number {
    return this.table.getLeftVisibleLeafColumns().length;
  }

  get allColumns(): readonly GridColumn<R>[] {
    return this.columns;
  }

  sortOf(id: string): { readonly direction: 'asc' | 'desc'; readonly place: number } | undefined {
    const place = this.state.sorting.findIndex((one) => one.id === id);
    if (place < 0) return undefined;
    return { direction: this.state.sorting[place].desc ? 'desc' : 'asc', place: place + 1 };
  }

  /** Best first (numbers falling, text rising), then the other way, then not at all. */
  toggleSort(id: string, isAdded: boolean): void {
    const firstDesc = this.column(id).kind === 'number';
    const known = this.state.sorting.find((one) => one.id === id);
    const next: SortingState =
      known === undefined
        ? [{ id, desc: firstDesc }]
        : known.desc === firstDesc
          ? [{ id, desc: !firstDesc }]
          : [];
    const others = isAdded ? this.state.sorting.filter((one) => one.id !== id) : [];
    this.update({ sorting: [...others, ...next] });
  }

  setSort(id: string, desc: boolean): void {
    this.update({ sorting: [{ id, desc }] });
  }

  isPinned(id: string): boolean {
    return this.state.columnPinning.left?.includes(id) ?? false;
  }

  togglePin(id: string): void {
    const left = this.state.columnPinning.left ?? [];
    const changed = left.includes(id) ? left.filter((one) => one !== id) : [...left, id];
    this.update({ columnPinning: { left: changed, right: [] } });
  }

  isVisible(id: string): boolean {
    return this.state.columnVisibility[id] !== false;
  }

  setVisible(id: string, isVisible: boolean): void {
    this.chosen = { ...this.chosen, [id]: isVisible };
    this.applyVisibility();
    this.apply();
    this.onChange();
  }

  get showsOnlyDiffering(): boolean {
    return this.onlyDiffering;
  }

  /** Columns that have one value in all rows tell nothing apart. */
  setOnlyDiffering(isOnly: boolean): void {
    this.onlyDiffering = isOnly;
    this.applyVisibility();
    this.apply();
    this.onChange();
  }

  /** Moves a column among those shown beside it. */
  move(id: string, by: -1 | 1): void {
    const shown = this.shownColumns().map((column) => column.id);
    const to = shown[shown.indexOf(id) + by];
    if (to === undefined) return;
    const order = this.state.columnOrder.filter((one) => one !== id);
    order.splice(order.indexOf(to) + (by > 0 ? 1 : 0), 0, id);
    const left = this.state.columnPinning.left ?? [];
    const pinned = left.includes(id) && left.includes(to) ? order.filter((one) => left.includes(one)) : left;
    this.update({ columnOrder: order, columnPinning: { left: pinned, right: [] } });
  }

  get groupedBy(): string | undefined {
    return this.state.grouping[0];
  }

  groupBy(id: string | undefined): void {
    this.update({ grouping: id === undefined ? [] : [id], expanded: true });
  }

  toggleGroup(row: Row<R>): void {
    const { expanded } = this.state;
    const open =
      expanded === true ? Object.fromEntries(this.groupRows().map(({ id }) => [id, true])) : { ...expanded };
    if (open[row.id]) delete open[row.id];
    else open[row.id] = true;
    this.update({ expanded: open });
  }

  isOpen(row: Row<R>): boolean {
    return this.state.expanded === true || this.state.expanded[row.id] === true;
  }

  /** The mean of a column's numbers over the rows of a group. */
  groupMean(row: Row<R>, column: GridColumn<R>): number | null {
    const values = row.getLeafRows().flatMap(({ original }) => {
      const value = column.value(original);
      return typeof value === 'number' && Number.isFinite(value) ? [value] : [];
    });
    return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
  }

  /** What is shown as plain cells, the head first: for CSV and Markdown. */
  cells(): readonly (readonly CellValue[])[] {
    const columns = this.shownColumns();
    const head = columns.map(({ label, sub }) => (sub ? `${label} ${sub}` : label));
    const rows = this.table.getSortedRowModel().flatRows.filter((row) => !row.getIsGrouped());
    return [head, ...rows.map((row) => columns.map((column) => column.value(row.original)))];
  }

  private column(id: string): GridColumn<R> {
    const column = this.byId.get(id);
    if (column === undefined) throw new RangeError(`There is no column ${id}.`);
    return column;
  }

  private groupRows(): readonly Row<R>[] {
    return this.table.getGroupedRowModel().rows.filter((row) => row.getIsGrouped());
  }

  private applyVisibility(): void {
    const visibility: VisibilityState = {};
    for (const column of this.columns) {
      const isHidden =
        column.hidden === true || (this.onlyDiffering && column.pinned !== true && !this.differs(column));
      visibility[column.id] = this.chosen[column.id] ?? !isHidden;
    }
    this.state = { ...this.state, columnVisibility: visibility };
  }

  private differs(column: GridColumn<R>): boolean {
    const [first] = this.rows;
    if (first === undefined) return true;
    const value = column.value(first);
    return this.rows.some((row) => column.value(row) !== value);
  }

  private update(change: Partial<TableState>): void {
    this.state = { ...this.state, ...change };
    this.apply();
    this.onChange();
  }

  private apply(): void {
    const { state } = this;
    this.table.setOptions((options) => ({ ...options, state }));
  }
}

export type GridRow<R> = Row<R>;
export type GridTableColumn<R> = Column<R>;

export function widthOf<R>({ width, kind }: GridColumn<R>): number {
  return width ?? WIDTH[kind];
}

/** Missing values come last, however one sorts. */
function definition<R>(column: GridColumn<R>): ColumnDef<R, unknown> {
  return {
    id: column.id,
    accessorFn: (row) => column.value(row) ?? undefined,
    sortUndefined: 'last',
    sortingFn: (a, b, id) => compare(a.getValue(id), b.getValue(id)),
    getGroupingValue: (row) => textOf(column, row),
  };
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b), 'en', { numeric: true });
}

function sameIds<R>(a: readonly GridColumn<R>[], b: readonly GridColumn<R>[]): boolean {
  return a.length === b.length && a.every(({ id }, i) => id === b[i].id);
}
