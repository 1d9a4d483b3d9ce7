import type { TemplateResult } from 'lit';

export type CellValue = string | number | null;

/** A column of a grid over rows of type `R`. */
export interface GridColumn<R> {
  /** Steady identity; what filters name it by. */
  readonly id: string;
  readonly label: string;
  /** Second line of the head: a metric, a unit. */
  readonly sub?: string;
  /** Said of the column when one stays over its head. */
  readonly title?: string;
  readonly kind: 'text' | 'number';
  /** Pixels. */
  readonly width?: number;
  /** What is sorted, filtered, grouped and copied. */
  value(row: R): CellValue;
  /** What is shown; absent: the value. */
  text?(row: R): string;
  /** Richer than text. */
  view?(row: R): TemplateResult;
  /** Hidden until it is asked for. */
  readonly hidden?: boolean;
  /** Stays at the left. */
  readonly pinned?: boolean;
}

export function textOf<R>(column: GridColumn<R>, row: R): string {
  if (column.text) return column.text(row);
  const value = column.value(row);
  if (value === null) return '–';
  return typeof value === 'number' ? String(Number(value.toPrecision(6))) : value;
}
