import type { NumericColumn } from './dataset';

/** Rows of a column in a file that are looked for together. */
const ROWS = 1 << 14;

let room = new Float64Array(0);

/**
 * Fills `out` with the column's values of the rows, whether the column is in memory or in a file. Of a file no more is
 * read at a time than the part in which some of the rows lie: nearest together where they ascend.
 */
export function gatherValues(column: NumericColumn, rows: Int32Array, out: Float64Array): Float64Array {
  if (column.read === undefined) {
    const { values } = column;
    for (let i = 0; i < rows.length; i++) out[i] = values[rows[i]];
    return out;
  }
  for (let start = 0; start < rows.length; start += ROWS) {
    const end = Math.min(rows.length, start + ROWS);
    let first = rows[start];
    let last = first;
    for (let i = start; i < end; i++) {
      if (rows[i] < first) first = rows[i];
      if (rows[i] > last) last = rows[i];
    }
    const count = last - first + 1;
    if (room.length < count) room = new Float64Array(count);
    const part = room.subarray(0, count);
    column.read(first, part);
    for (let i = start; i < end; i++) out[i] = part[rows[i] - first];
  }
  return out;
}
