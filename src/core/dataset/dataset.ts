/** A column of numbers. `values[i]` is NaN where row i has no value. */
export interface NumericColumn {
  readonly kind: 'numeric';
  readonly name: string;
  /** All of them; of a column that has `read`, a new array whenever they are asked for: see `gatherValues`. */
  readonly values: Float64Array;
  /** There where the numbers are in a file: fills `out` with those of the rows from `first` on. */
  readonly read?: (first: number, out: Float64Array) => void;
}

/**
 * A column of categories, coded by dictionary. `codes[i]` indexes `categories`; -1 where row i has no value.
 * A `boolean` column has exactly two categories, the false one first.
 */
export interface CategoricalColumn {
  readonly kind: 'categorical' | 'boolean';
  readonly name: string;
  readonly codes: Int32Array;
  readonly categories: readonly string[];
}

export type Column = NumericColumn | CategoricalColumn;

/**
 * A table, column by column, exactly as the file has it: no statistics, no imputing, no scaling.
 * Whatever is estimated from data (means, kept categories, bins) is fitted inside a training fold.
 */
export interface Dataset {
  readonly rowCount: number;
  readonly columns: readonly Column[];
  /** Hex SHA-256 of the typed columns (names, kinds, dictionaries, values): the same table, the same fingerprint. */
  readonly fingerprint: string;
}

/** What planning and validation need to know of a column without holding its values. */
export interface ColumnSummary {
  readonly name: string;
  readonly kind: Column['kind'];
  readonly missing: number;
  /** Number of distinct present values, counted up to 1,000 (then 1,000). */
  readonly distinct: number;
  /** Categorical and boolean: categories with their row counts, in dictionary order, the first 1,000. */
  readonly categories?: readonly { readonly value: string; readonly rows: number }[];
  /** Numeric: over the present values; absent when there is none. */
  readonly range?: {
    readonly min: number;
    readonly max: number;
    readonly mean: number;
    readonly integer: boolean;
  };
  /** Numeric with at most 20 distinct values: those values ascending, with their row counts. */
  readonly values?: readonly { readonly value: number; readonly rows: number }[];
}

export interface DatasetSummary {
  readonly rowCount: number;
  readonly fingerprint: string;
  readonly columns: readonly ColumnSummary[];
}
