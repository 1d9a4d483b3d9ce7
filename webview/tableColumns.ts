import { t } from '../src/protocol/l10n';
import { rowName } from '../src/protocol/names';
import type { RunTable } from '../src/protocol/tables';
import { lambda, metricName, score, startedAt } from '../src/protocol/words';
import type { CellValue, GridColumn } from './grid/columns';

export type TableRow = readonly CellValue[];

const WIDTHS: Readonly<Record<string, number>> = { run: 224, fold: 60, seconds: 84 };
/** Pixels of a letter of a head, and of what is left and right of it. */
const LETTER = 7.5;
const SIDES = 24;
const MOST_WIDTH = 260;
const LEAST_WIDTH = { text: 120, number: 90 } as const;

/** Columns of a grid over the rows of a table that the host sent. */
export function gridColumns(
  columns: RunTable['columns'],
  pinned: readonly string[],
): readonly GridColumn<TableRow>[] {
  return columns.map((column, at): GridColumn<TableRow> => {
    const { id, sub, kind, role } = column;
    const label = columnLabel(column);
    const value = (row: TableRow) => row[at] ?? null;
    return {
      id,
      label,
      ...(sub && { sub: metricName(sub) }),
      title: role === 'parameter' ? id : label,
      kind,
      value,
      ...textFor(id, role, value),
      width: WIDTHS[id] ?? widthOf(label, kind),
      pinned: pinned.includes(id),
    };
  });
}

/** Wide enough for the head, which says what the numbers below are. */
function widthOf(label: string, kind: 'text' | 'number'): number {
  return Math.min(MOST_WIDTH, Math.max(LEAST_WIDTH[kind], Math.round(LETTER * label.length + SIDES)));
}

function textFor(
  id: string,
  role: RunTable['columns'][number]['role'],
  value: (row: TableRow) => CellValue,
): Pick<GridColumn<TableRow>, 'text'> {
  const number = (digits: number) => (row: TableRow) => {
    const one = value(row);
    return typeof one === 'number' ? score(one, digits) : '–';
  };
  if (id === 'lambda') {
    return {
      text: (row) => {
        const one = value(row);
        return typeof one === 'number' ? lambda(one) : '–';
      },
    };
  }
  if (id === 'state' || id === 'scope') return { text: (row) => t(String(value(row) ?? '–')) };
  if (id === 'best') return { text: (row) => rowName(String(value(row) ?? '–')) };
  if (id === 'created') return { text: (row) => startedAt(String(value(row))) };
  if (role === 'score') return { text: number(3) };
  if (role === 'cost') return { text: number(2) };
  return {};
}

/** What a column is called: hyperparameters are called as in the file. */
export function columnLabel({
  label,
  role,
  row,
}: Pick<RunTable['columns'][number], 'label' | 'role' | 'row'>): string {
  if (row !== undefined) return `${rowName(row)}${label.slice(row.length)}`;
  return role === 'parameter' ? label : t(label);
}

/** Place of a column by its id; undefined where the table has none of that name. */
export function placeOf({ columns }: RunTable, id: string): number | undefined {
  const at = columns.findIndex((column) => column.id === id);
  return at < 0 ? undefined : at;
}
