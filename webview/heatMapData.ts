/** A matrix to be drawn. */
export interface HeatMap {
  readonly title: string;
  /** What a cell says: `correlation of errors`. */
  readonly of: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** values[row][column]; null: unknown, drawn empty. */
  readonly values: readonly (readonly (number | null)[])[];
  /** Values at which a colour is full; below 0 another colour. */
  readonly full: number;
  /** Rows (and columns) after which a cluster ends. */
  readonly breaks?: readonly number[];
  readonly note?: string;
}
