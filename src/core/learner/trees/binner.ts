import type { CategoricalColumn, Column, NumericColumn } from '../../dataset/dataset';
import { gatherValues } from '../../dataset/gather-values';
import { scratch } from '../../scratch';
import { sortNumbers } from './sort-numbers';

/** Code of a missing value, and of a category that training never saw. */
export const MISSING_BIN = 255;

const GRID_CELLS = 1024;

/** Bins of a number: bin b held the training values from lower[b] to upper[b]; ascending, disjoint. */
export interface NumericBins {
  readonly kind: 'numeric';
  readonly name: string;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** Bins of categories: category i has bin bins[i]; categories beyond the 254 most frequent share the last bin. */
export interface CategoricalBins {
  readonly kind: 'categorical';
  readonly name: string;
  readonly categories: readonly string[];
  readonly bins: Uint8Array;
}

export type FeatureBins = NumericBins | CategoricalBins;

export interface BinnedFeature {
  readonly bins: FeatureBins;
  /** Bin of every row, in the order of `rows`; MISSING_BIN where the value is missing. */
  readonly codes: Uint8Array;
}

/**
 * Bins a column by its values in `rows` alone.
 *
 * Numbers: a bin for each distinct value when there are at most `maxBins`, else about equally many rows a bin, ties
 * together. Categories (booleans too): a bin for each one that occurs.
 */
export function binFeature(column: Column, rows: Int32Array, maxBins: number): BinnedFeature {
  return column.kind === 'numeric' ? binNumbers(column, rows, maxBins) : binCategories(column, rows);
}

function binNumbers(column: NumericColumn, rows: Int32Array, maxBins: number): BinnedFeature {
  const values = gatherValues(column, rows, scratch(rows.length, 'values'));
  const room = scratch(rows.length, 'present');
  let present = 0;
  for (let i = 0; i < values.length; i++) if (!Number.isNaN(values[i])) room[present++] = values[i];
  const sorted = sortNumbers(room.subarray(0, present));
  const starts = binStarts(sorted, maxBins);
  const lower = Float64Array.from(starts, (start) => sorted[start]);
  const upper = Float64Array.from(starts, (_, b) => sorted[(starts[b + 1] ?? present) - 1]);
  return { bins: { kind: 'numeric', name: column.name, lower, upper }, codes: encode(values, lower) };
}

/** Bin of each row's value. An even grid over the range says nearly where it is, a binary search from there exactly. */
function encode(values: Float64Array, lower: Float64Array): Uint8Array {
  const codes = new Uint8Array(values.length);
  const bins = lower.length;
  const least = lower[0] ?? 0;
  const width = (lower[bins - 1] ?? 0) - least;
  const scale = width > 0 && Number.isFinite(width) ? GRID_CELLS / width : 0;
  const cellOf = (value: number) => Math.min(GRID_CELLS, Math.floor((value - least) * scale));
  // binsBefore[c]: bins that begin in a cell before c.
  const binsBefore = new Int32Array(GRID_CELLS + 2);
  for (const start of lower) binsBefore[cellOf(start) + 1]++;
  for (let c = 0; c <= GRID_CELLS; c++) binsBefore[c + 1] += binsBefore[c];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (Number.isNaN(value)) {
      codes[i] = MISSING_BIN;
      continue;
    }
    const cell = cellOf(value);
    codes[i] = lastAtMost(lower, value, Math.max(0, binsBefore[cell] - 1), binsBefore[cell + 1]);
  }
  return codes;
}

/** Index of the first value of each bin. Greedy: a bin closes once it holds its share of the rows that remain. */
function binStarts(sorted: Float64Array, maxBins: number): readonly number[] {
  const distinct = distinctStarts(sorted);
  if (distinct.length <= maxBins) return [...distinct];
  const starts = [0];
  for (let d = 1; d < distinct.length && starts.length < maxBins; d++) {
    const start = starts[starts.length - 1];
    const share = (sorted.length - start) / (maxBins - starts.length + 1);
    const scarce = distinct.length - d <= maxBins - starts.length;
    if (scarce || distinct[d] - start >= share) starts.push(distinct[d]);
  }
  return starts;
}

function distinctStarts(sorted: Float64Array): Int32Array {
  const starts = new Int32Array(scratch(Math.ceil(sorted.length / 2), 'starts').buffer, 0, sorted.length);
  let distinct = 0;
  for (let i = 0; i < sorted.length; i++) {
    if (i === 0 || sorted[i] !== sorted[i - 1]) starts[distinct++] = i;
  }
  return starts.subarray(0, distinct);
}

/** Largest b, from ≤ b < end, with bounds[b] ≤ value, bounds ascending; `from` when there is none. */
export function lastAtMost(bounds: Float64Array, value: number, from: number, end: number): number {
  let low = from;
  let high = end;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (bounds[middle] <= value) low = middle;
    else high = middle;
  }
  return low;
}

function binCategories(column: CategoricalColumn, rows: Int32Array): BinnedFeature {
  const counts = new Float64Array(column.categories.length);
  const { codes: categoryOf } = column;
  for (let i = 0; i < rows.length; i++) {
    const category = categoryOf[rows[i]];
    if (category >= 0) counts[category]++;
  }
  const seen = [...counts.keys()].filter((category) => counts[category] > 0);
  if (seen.length > MISSING_BIN) seen.sort((a, b) => counts[b] - counts[a] || a - b);
  const binOf = new Uint8Array(column.categories.length).fill(MISSING_BIN);
  for (let i = 0; i < seen.length; i++) binOf[seen[i]] = Math.min(i, MISSING_BIN - 1);
  const codes = new Uint8Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const category = categoryOf[rows[i]];
    codes[i] = category < 0 ? MISSING_BIN : binOf[category];
  }
  const categories = seen.map((category) => column.categories[category]);
  const bins = Uint8Array.from(seen, (category) => binOf[category]);
  return { bins: { kind: 'categorical', name: column.name, categories, bins }, codes };
}
