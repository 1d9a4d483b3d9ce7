/**
 * A matrix by its columns, numbers that are not 0 alone (compressed sparse columns): entry e of column j, for
 * `starts[j]` ≤ e < `starts[j + 1]`, is `values[e]` in row `rows[e]`, rows ascending.
 */
export interface SparseColumns {
  readonly rowCount: number;
  readonly starts: Int32Array;
  readonly rows: Int32Array;
  readonly values: Float64Array;
}

/** Collects columns, one after the other. */
export class SparseBuilder {
  private readonly starts = [0];
  private rows: Int32Array;
  private values: Float64Array;
  private size = 0;

  /** @param capacity numbers that are not 0, as far as they are known */
  constructor(
    private readonly rowCount: number,
    capacity: number,
  ) {
    this.rows = new Int32Array(capacity);
    this.values = new Float64Array(capacity);
  }

  /** Adds a number to the column that is being made; rows ascending. */
  add(row: number, value: number): void {
    if (value === 0) return;
    if (this.size === this.rows.length) this.grow();
    this.rows[this.size] = row;
    this.values[this.size++] = value;
  }

  endColumn(): void {
    this.starts.push(this.size);
  }

  build(): SparseColumns {
    return {
      rowCount: this.rowCount,
      starts: Int32Array.from(this.starts),
      rows: this.rows.subarray(0, this.size),
      values: this.values.subarray(0, this.size),
    };
  }

  private grow(): void {
    const wider = Math.max(16, 2 * this.rows.length);
    const rows = new Int32Array(wider);
    const values = new Float64Array(wider);
    rows.set(this.rows);
    values.set(this.values);
    this.rows = rows;
    this.values = values;
  }
}
