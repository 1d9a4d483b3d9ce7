import type { CategoricalColumn, Column, NumericColumn } from '../../dataset/dataset';

/** Code of a missing value, and of a category that training never saw. */
export const MISSING_BIN = 255;

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
  const values = new Float64Array(rows.length);
  let present = 0;
  for (const row of rows) {
    const value = column.values[row];
    if (!Number.isNaN(value)) values[present++] = value;
  }
  const sorted = values.subarray(0, present).sort();
  const starts = binStarts(sorted, maxBins);
  const lower = Float64Array.from(starts, (start) => sorted[start]);
  const upper = Float64Array.from(starts, (_, b) => sorted[(starts[b + 1] ?? present) - 1]);
  const codes = new Uint8Array(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const value = column.values[rows[i]];
    codes[i] = Number.isNaN(value) ? MISSING_BIN : lastAtMost(lower, value);
  }
  return { bins: { kind: 'numeric', name: column.name, lower, upper }, codes };
}

/** Index of the first value of each bin. Greedy: a bin closes once it holds its share of the rows that remain. */
function binStarts(sorted: Float64Array, maxBins: number): readonly number[] {
  const distinct = distinctStarts(sorted);
  if (distinct.length <= maxBins) return distinct;
  const starts = [0];
  for (let d = 1; d < distinct.length && starts.length < maxBins; d++) {
    const start = starts[starts.length - 1];
    const share = (sorted.length - start) / (maxBins - starts.length + 1);
    const scarce = distinct.length - d <= maxBins - starts.length;
    if (scarce || distinct[d] - start >= share) starts.push(distinct[d]);
  }
  return starts;
}

function distinctStarts(sorted: Float64Array): readonly number[] {
  const starts: number[] = [];
  for (let i = 0; i < sorted.length; i++) {
    if (i === 0 || sorted[i] !== sorted[i - 1]) starts.push(i);
  }
  return starts;
}

/** Largest b with bounds[b] ≤ value, bounds ascending; 0 when there is none. */
export function lastAtMost(bounds: Float64Array, value: number): number {
  let low = 0;
  let high = bounds.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (bounds[middle] <= value) low = middle;
    else high = middle;
  }
  return low;
}

function binCategories(column: CategoricalColumn, rows: Int32Array): BinnedFeature {
  const counts = new Float64Array(column.categories.length);
  for (const row of rows) {
    if (column.codes[row] >= 0) counts[column.codes[row]]++;
  }
  const seen = [...counts.keys()].filter((category) => counts[category] > 0);
  if (seen.length > MISSING_BIN) seen.sort((a, b) => counts[b] - counts[a] || a - b);
  const binOf = new Uint8Array(column.categories.length).fill(MISSING_BIN);
  for (let i = 0; i < seen.length; i++) binOf[seen[i]] = Math.min(i, MISSING_BIN - 1);
  const codes = Uint8Array.from(rows, (row) => {
    const category = column.codes[row];
    return category < 0 ? MISSING_BIN : binOf[category];
  });
  const categories = seen.map((category) => column.categories[category]);
  const bins = Uint8Array.from(seen, (category) => binOf[category]);
  return { bins: { kind: 'categorical', name: column.name, categories, bins }, codes };
}
