import * as z from 'zod';
import { scratch } from '../scratch';
import type { CategoricalColumn, Column, NumericColumn } from './dataset';
import { gatherValues } from './gather-values';

/** Most categories of one column that get a one-hot column of their own; rarer ones encode as unseen. */
const MAX_CATEGORIES = 1000;

const numericBlock = z.object({
  kind: z.literal('numeric'),
  name: z.string(),
  source: z.int().nonnegative(),
  /** Whether the value has a column; it has none where it is constant in training. */
  value: z.boolean(),
  /** Encoded as (x - center) / scale, with `mean` in the place of a missing x. */
  mean: z.number(),
  center: z.number(),
  scale: z.number(),
  indicator: z.boolean(),
  /** Boolean columns: the categories encoded as 0 and 1. */
  booleans: z.tuple([z.string(), z.string()]).optional(),
});
const categoricalBlock = z.object({
  kind: z.literal('categorical'),
  name: z.string(),
  source: z.int().nonnegative(),
  categories: z.array(z.string()),
  indicator: z.boolean(),
});
export const encoderBlock = z.discriminatedUnion('kind', [numericBlock, categoricalBlock]);
export type NumericBlock = z.infer<typeof numericBlock>;
export type CategoricalBlock = z.infer<typeof categoricalBlock>;
/** The encoded columns of one feature. */
export type Block = NumericBlock | CategoricalBlock;

/** Part of a column's training values that are 0 from which on `keepZeros` leaves it uncentred. */
const MOSTLY_ZERO = 0.75;

/** What training rows say of how a feature is encoded; see `fitEncoder`. */
export function fitBlock(
  column: Column,
  source: number,
  rows: Int32Array,
  options: { readonly scale: boolean; readonly keepZeros: boolean },
): Block {
  if (column.kind === 'categorical') return fitCategorical(column, source, rows);
  return fitNumeric(column, source, rows, options.scale, options.keepZeros);
}

function fitNumeric(
  column: NumericColumn | CategoricalColumn,
  source: number,
  rows: Int32Array,
  scaled: boolean,
  keepZeros: boolean,
): NumericBlock {
  const values = numbersOf(column, rows);
  let present = 0;
  let zeros = 0;
  let sum = 0;
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (Number.isNaN(value)) continue;
    present++;
    if (value === 0) zeros++;
    sum += value;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const varies = low < high;
  const mean = varies ? sum / present : present > 0 ? low : 0;
  const standardised = scaled && varies;
  return {
    kind: 'numeric',
    name: column.name,
    source,
    value: varies,
    mean,
    center: standardised && !(keepZeros && zeros >= MOSTLY_ZERO * rows.length) ? mean : 0,
    scale: standardised ? populationDeviation(values, mean, present) : 1,
    indicator: present > 0 && present < rows.length,
    ...(column.kind === 'numeric' ? {} : { booleans: [column.categories[0], column.categories[1]] }),
  };
}

function populationDeviation(values: Float64Array, mean: number, present: number): number {
  let squares = 0;
  for (let i = 0; i < values.length; i++) {
    const difference = values[i] - mean;
    if (!Number.isNaN(difference)) squares += difference * difference;
  }
  return Math.sqrt(squares / present) || 1;
}

function fitCategorical(column: CategoricalColumn, source: number, rows: Int32Array): CategoricalBlock {
  const counts = new Int32Array(column.categories.length);
  let missing = 0;
  for (const row of rows) {
    const code = column.codes[row];
    if (code < 0) missing++;
    else counts[code]++;
  }
  const seen = Array.from(counts.keys()).filter((code) => counts[code] > 0);
  const kept =
    seen.length <= MAX_CATEGORIES
      ? seen
      : seen
          .sort((a, b) => counts[b] - counts[a] || a - b)
          .slice(0, MAX_CATEGORIES)
          .sort((a, b) => a - b);
  const constant = kept.length + (missing > 0 ? 1 : 0) < 2;
  return {
    kind: 'categorical',
    name: column.name,
    source,
    categories: constant ? [] : kept.map((code) => column.categories[code]),
    indicator: !constant && missing > 0,
  };
}

/** Names of a block's encoded columns. */
export function blockNames(block: Block): string[] {
  const own =
    block.kind === 'numeric'
      ? block.value
        ? [block.name]
        : []
      : block.categories.map((category) => `${block.name}=${category}`);
  return block.indicator ? [...own, `${block.name} (missing)`] : own;
}

/** Values of the rows, or 0/1 of a boolean; NaN where missing. */
function numbersOf(column: NumericColumn | CategoricalColumn, rows: Int32Array): Float64Array {
  const out = scratch(rows.length, 'column');
  if (column.kind === 'numeric') return gatherValues(column, rows, out);
  const { codes } = column;
  for (let i = 0; i < rows.length; i++) out[i] = codes[rows[i]] < 0 ? NaN : codes[rows[i]];
  return out;
}
