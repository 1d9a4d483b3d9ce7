import * as z from 'zod';
import { scratch } from '../scratch';
import type { CategoricalColumn, Column, NumericColumn } from './dataset';
import { DataError } from './errors';
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

interface BlockOptions {
  readonly scale: boolean;
  readonly keepZeros: boolean;
  /** By row of the table, > 0 for the rows; absent: each counts once. */
  readonly weights?: Float64Array;
}

/**
 * What training rows say of how a feature is encoded; see `fitEncoder`.
 * @throws DataError `infinite-number` when its values are too far apart to be subtracted
 */
export function fitBlock(column: Column, source: number, rows: Int32Array, options: BlockOptions): Block {
  if (column.kind === 'categorical') return fitCategorical(column, source, rows, options);
  return fitNumeric(column, source, rows, options);
}

function fitNumeric(
  column: NumericColumn | CategoricalColumn,
  source: number,
  rows: Int32Array,
  { scale, keepZeros, weights }: BlockOptions,
): NumericBlock {
  const values = numbersOf(column, rows);
  let present = 0;
  let zeros = 0;
  let total = 0;
  let sum = 0;
  let low = Infinity;
  let high = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (Number.isNaN(value)) continue;
    const weight = weights === undefined ? 1 : weights[rows[i]];
    present++;
    if (value === 0) zeros++;
    total += weight;
    sum += weight * value;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  const varies = low < high;
  if (varies && !Number.isFinite(high - low)) throw tooFarApart(column);
  const mean = varies ? meanOf(values, rows, weights, sum, total) : present > 0 ? low : 0;
  const standardised = scale && varies;
  return {
    kind: 'numeric',
    name: column.name,
    source,
    value: varies,
    mean,
    center: standardised && !(keepZeros && zeros >= MOSTLY_ZERO * rows.length) ? mean : 0,
    scale: standardised ? populationDeviation(values, rows, weights, mean, total) : 1,
    indicator: present > 0 && present < rows.length,
    ...(column.kind === 'numeric' ? {} : { booleans: [column.categories[0], column.categories[1]] }),
  };
}

/** The sum over the total, where the sum is not beyond double precision. */
function meanOf(
  values: Float64Array,
  rows: Int32Array,
  weights: Float64Array | undefined,
  sum: number,
  total: number,
): number {
  if (Number.isFinite(sum)) return sum / total;
  let mean = 0;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isNaN(values[i]))
      mean += values[i] * ((weights === undefined ? 1 : weights[rows[i]]) / total);
  }
  return mean;
}

/** @param unit of the differences: those of very large or small numbers have squares only in a unit of their own */
function populationDeviation(
  values: Float64Array,
  rows: Int32Array,
  weights: Float64Array | undefined,
  mean: number,
  total: number,
  unit = 1,
): number {
  let squares = 0;
  let largest = 0;
  for (let i = 0; i < values.length; i++) {
    const difference = (values[i] - mean) / unit;
    if (Number.isNaN(difference)) continue;
    squares += (weights === undefined ? 1 : weights[rows[i]]) * difference * difference;
    largest = Math.max(largest, Math.abs(difference));
  }
  const deviation = unit * Math.sqrt(squares / total);
  const isSafe = largest < LARGEST_SQUARED && largest > 1 / LARGEST_SQUARED;
  return isSafe || unit !== 1 || largest === 0
    ? deviation || 1
    : populationDeviation(values, rows, weights, mean, total, largest);
}

/** Squares of numbers from its inverse to this keep their precision, summed over any rows. */
const LARGEST_SQUARED = 1e140;

function tooFarApart({ name }: NumericColumn | CategoricalColumn): DataError {
  return new DataError(
    'infinite-number',
    'the values are too far apart for double precision',
    'Divide the column by a constant, or list what stands for no value under `data.missing`',
    { column: name },
  );
}

function fitCategorical(
  column: CategoricalColumn,
  source: number,
  rows: Int32Array,
  { weights }: BlockOptions,
): CategoricalBlock {
  const counts = new Float64Array(column.categories.length);
  let missing = 0;
  for (const row of rows) {
    const code = column.codes[row];
    if (code < 0) missing++;
    else counts[code] += weights === undefined ? 1 : weights[row];
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
