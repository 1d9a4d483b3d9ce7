import type { ColumnSummary, DatasetSummary } from '../dataset';

/** The tables an experiment reads, as far as they could be read. */
export interface TaskTables {
  /** Of each task, in the order of the tasks. */
  readonly byTask: readonly (DatasetSummary | undefined)[];
  /** Each table once. */
  readonly all: readonly DatasetSummary[];
  /** Every table was read, so that a column that is not found does not exist. */
  readonly complete: boolean;
}

export function findColumn(table: DatasetSummary | undefined, name: string): ColumnSummary | undefined {
  return table?.columns.find((column) => column.name === name);
}

/** A column of that name in any of the tables. */
export function findAnywhere({ all }: TaskTables, name: string): ColumnSummary | undefined {
  for (const table of all) {
    const column = findColumn(table, name);
    if (column !== undefined) return column;
  }
  return undefined;
}

export function columnNames({ all }: TaskTables): string[] {
  return [...new Set(all.flatMap((table) => table.columns.map((column) => column.name)))];
}

/** Values of a column with their rows, where its summary lists them all. */
export function listedValues(column: ColumnSummary): { value: string; rows: number }[] | undefined {
  if (column.kind === 'numeric') {
    return column.values?.map(({ value, rows }) => ({ value: String(value), rows }));
  }
  const present = column.categories?.filter(({ rows }) => rows > 0);
  return present?.length === column.distinct ? [...present] : undefined;
}
