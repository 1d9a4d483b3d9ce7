import * as z from 'zod';
import type { JsonObject, JsonValue } from '../learner/learner';
import { scratch } from '../scratch';
import type { CategoricalColumn, Column, Dataset, NumericColumn } from './dataset';
import { DataError } from './errors';
import { gatherValues } from './gather-values';
import type { Problem } from './problem';
import { SparseBuilder, type SparseColumns } from './sparse-columns';

/** Most categories of one column that get a one-hot column of their own; rarer ones encode as unseen. */
export const MAX_CATEGORIES = 1000;

/** Turns the features of a table into numbers, with statistics of the training rows only. */
export interface Encoder {
  readonly width: number;
  /** `age`, `age (missing)`, `island=Biscoe`, `island (missing)`. */
  readonly names: readonly string[];
  /** Source feature index (into `problem.features`) of each encoded column. */
  readonly sources: Int32Array;
  /**
   * Row-major rows × width. Columns are found by name, categories by their text, so the dataset may be another one
   * than in training.
   * @throws DataError `unknown-column`, `column-kind`
   */
  encode(dataset: Dataset, rows: Int32Array): Float64Array;
  /** The same numbers one column at a time: fills `out`, an entry a row, with encoded column j. */
  columnsOf(dataset: Dataset, rows: Int32Array): (j: number, out: Float64Array) => void;
  /** The same numbers by column, those that are not 0 alone. */
  encodeSparse(dataset: Dataset, rows: Int32Array): SparseColumns;
  /** The part of the encoded numbers that are not 0. */
  density(dataset: Dataset, rows: Int32Array): number;
  toJSON(): JsonObject;
}

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
const encoderJson = z.object({
  version: z.literal(1),
  blocks: z.array(z.discriminatedUnion('kind', [numericBlock, categoricalBlock])),
});
type NumericBlock = z.infer<typeof numericBlock>;
type CategoricalBlock = z.infer<typeof categoricalBlock>;
/** The encoded columns of one feature. */
type Block = NumericBlock | CategoricalBlock;

/** Part of a column's training values that are 0 from which on `keepZeros` leaves it uncentred. */
const MOSTLY_ZERO = 0.75;

/**
 * Fitted on `problem.rows` only, each row counting once, those of weight 0 not at all.
 * - numeric: missing values get the training mean and, when training had any, a 0/1 column `(missing)`; then
 *   z-scored (population sd), unless `scale` is false. Constant columns are dropped.
 * - boolean: 0/1, then as numeric.
 * - categorical: one 0/1 column for each category seen in training (the 1,000 most frequent), not scaled, and
 *   `(missing)` when training had any. An unseen category is all zeros. A column with one value is dropped.
 *
 * With `keepZeros`, numeric columns that are mostly 0 are scaled, not centred, so that their zeros need no place: an intercept
 * makes up for the shift.
 */
export function fitEncoder(
  problem: Problem,
  options: { readonly scale?: boolean; readonly keepZeros?: boolean } = {},
): Encoder {
  const { scale = true, keepZeros = false } = options;
  const rows = countedRows(problem);
  const blocks = problem.features.map((index, source) => {
    const column = problem.dataset.columns[index];
    if (column.kind === 'categorical') return fitCategorical(column, source, rows);
    return fitNumeric(column, source, rows, scale, keepZeros);
  });
  return new FittedEncoder(blocks.filter((block) => blockNames(block).length > 0));
}

/** The training rows without those that a weight of 0 leaves out. */
function countedRows({ rows, sampleWeight }: Problem): Int32Array {
  return sampleWeight?.includes(0) ? rows.filter((row) => sampleWeight[row] > 0) : rows;
}

/** @throws DataError `encoder-format` */
export function encoderFromJSON(json: JsonValue): Encoder {
  const parsed = encoderJson.safeParse(json);
  if (!parsed.success) {
    throw new DataError(
      'encoder-format',
      `the stored encoder is not one this version reads (${z.prettifyError(parsed.error)})`,
      'Train the model again',
    );
  }
  return new FittedEncoder(parsed.data.blocks);
}

class FittedEncoder implements Encoder {
  readonly names: readonly string[];
  readonly sources: Int32Array;
  readonly width: number;
  /** By rows: the models of a path are asked about the same ones. */
  private readonly densities = new WeakMap<
    Int32Array,
    { readonly dataset: Dataset; readonly density: number }
  >();

  constructor(private readonly blocks: readonly Block[]) {
    this.names = blocks.flatMap(blockNames);
    this.sources = Int32Array.from(blocks.flatMap((block) => blockNames(block).map(() => block.source)));
    this.width = this.names.length;
  }

  encode(dataset: Dataset, rows: Int32Array): Float64Array {
    const encoded = new Float64Array(rows.length * this.width);
    let offset = 0;
    for (const { block, column } of this.pair(dataset)) {
      if (block.kind === 'numeric') {
        encodeNumeric(block, column, rows, encoded, offset, this.width);
      } else {
        encodeCategorical(block, column, rows, encoded, offset, this.width);
      }
      offset += blockNames(block).length;
    }
    return encoded;
  }

  columnsOf(dataset: Dataset, rows: Int32Array): (j: number, out: Float64Array) => void {
    const makers = this.pair(dataset).flatMap(({ block, column }) => {
      const make = makerOf(block, column, rows);
      return blockNames(block).map((_, k) => ({ make, k }));
    });
    return (j, out) => makers[j].make(makers[j].k, out);
  }

  encodeSparse(dataset: Dataset, rows: Int32Array): SparseColumns {
    const builder = new SparseBuilder(rows.length, this.countNonZero(dataset, rows));
    for (const { block, column } of this.pair(dataset)) {
      if (block.kind === 'numeric') addNumeric(block, column, rows, builder);
      else addCategorical(block, column, rows, builder);
    }
    return builder.build();
  }

  density(dataset: Dataset, rows: Int32Array): number {
    const known = this.densities.get(rows);
    if (known?.dataset === dataset) return known.density;
    const density = this.countNonZero(dataset, rows) / Math.max(1, rows.length * this.width);
    this.densities.set(rows, { dataset, density });
    return density;
  }

  private countNonZero(dataset: Dataset, rows: Int32Array): number {
    let count = 0;
    for (const { block, column } of this.pair(dataset)) {
      if (block.kind === 'numeric') {
        const { value, mean, center, indicator } = block;
        const values = valuesFor(block, column, rows);
        for (let i = 0; i < rows.length; i++) {
          const x = values[i];
          const absent = Number.isNaN(x);
          if (value && (absent ? mean : x) !== center) count++;
          if (indicator && absent) count++;
        }
      } else {
        const codes = codesFor(block.categories, column, rows);
        for (const code of codes) if (code >= 0 || (code === MISSING && block.indicator)) count++;
      }
    }
    return count;
  }

  /** Each block with the column that it encodes. */
  private pair(dataset: Dataset): { block: Block; column: Column }[] {
    const byName = new Map(dataset.columns.map((column) => [column.name, column]));
    return this.blocks.map((block) => {
      const column = byName.get(block.name);
      if (column !== undefined) return { block, column };
      throw new DataError(
        'unknown-column',
        `the model was trained on a column '${block.name}' that this table lacks`,
        'Give it a table with the columns of the training data',
        { column: block.name },
      );
    });
  }

  toJSON(): JsonObject {
    return { version: 1, blocks: this.blocks.map((block) => ({ ...block })) };
  }
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

function blockNames(block: Block): string[] {
  const own =
    block.kind === 'numeric'
      ? block.value
        ? [block.name]
        : []
      : block.categories.map((category) => `${block.name}=${category}`);
  return block.indicator ? [...own, `${block.name} (missing)`] : own;
}

function encodeNumeric(
  block: NumericBlock,
  column: Column,
  rows: Int32Array,
  encoded: Float64Array,
  offset: number,
  width: number,
): void {
  const values = valuesFor(block, column, rows);
  const { mean, center, scale } = block;
  const indicator = block.value ? offset + 1 : offset;
  for (let i = 0; i < rows.length; i++) {
    const value = values[i];
    const absent = Number.isNaN(value);
    if (block.value) encoded[i * width + offset] = ((absent ? mean : value) - center) / scale;
    if (block.indicator && absent) encoded[i * width + indicator] = 1;
  }
}

/** Fills an array with column k of the block, one entry a row. */
type BlockMaker = (k: number, out: Float64Array) => void;

function makerOf(block: Block, column: Column, rows: Int32Array): BlockMaker {
  if (block.kind === 'numeric') return (k, out) => makeNumeric(block, column, rows, k, out);
  return (k, out) => {
    const wanted = k < block.categories.length ? block.categories[k] : undefined;
    const codes = codesFor(wanted === undefined ? block.categories : [wanted], column, rows);
    const one = wanted === undefined ? MISSING : 0;
    for (let i = 0; i < rows.length; i++) out[i] = codes[i] === one ? 1 : 0;
  };
}

function makeNumeric(
  block: NumericBlock,
  column: Column,
  rows: Int32Array,
  k: number,
  out: Float64Array,
): void {
  valuesFor(block, column, rows, out);
  const { mean, center, scale } = block;
  if (k === 1 || !block.value) {
    for (let i = 0; i < rows.length; i++) out[i] = Number.isNaN(out[i]) ? 1 : 0;
    return;
  }
  for (let i = 0; i < rows.length; i++) {
    out[i] = ((Number.isNaN(out[i]) ? mean : out[i]) - center) / scale;
  }
}

function addNumeric(block: NumericBlock, column: Column, rows: Int32Array, builder: SparseBuilder): void {
  const values = valuesFor(block, column, rows);
  const { mean, center, scale } = block;
  if (block.value) {
    for (let i = 0; i < rows.length; i++) {
      const value = values[i];
      builder.add(i, ((Number.isNaN(value) ? mean : value) - center) / scale);
    }
    builder.endColumn();
  }
  if (!block.indicator) return;
  for (let i = 0; i < rows.length; i++) if (Number.isNaN(values[i])) builder.add(i, 1);
  builder.endColumn();
}

function addCategorical(
  block: CategoricalBlock,
  column: Column,
  rows: Int32Array,
  builder: SparseBuilder,
): void {
  const codes = codesFor(block.categories, column, rows);
  const count = block.categories.length;
  const width = count + (block.indicator ? 1 : 0);
  const placeOf = (code: number): number => {
    if (code >= 0) return code;
    return code === MISSING && block.indicator ? count : -1;
  };
  // Rows by category, each category's in their order.
  const ends = new Int32Array(width + 1);
  for (const code of codes) if (placeOf(code) >= 0) ends[placeOf(code) + 1]++;
  for (let k = 0; k < width; k++) ends[k + 1] += ends[k];
  const ordered = new Int32Array(ends[width]);
  const next = ends.slice();
  for (let i = 0; i < rows.length; i++) {
    const k = placeOf(codes[i]);
    if (k >= 0) ordered[next[k]++] = i;
  }
  for (let k = 0; k < width; k++) {
    for (let e = ends[k]; e < ends[k + 1]; e++) builder.add(ordered[e], 1);
    builder.endColumn();
  }
}

/** Values of the rows as training saw them: numbers, or 0/1 of a boolean; NaN where missing. */
function valuesFor(
  block: NumericBlock,
  column: Column,
  rows: Int32Array,
  out: Float64Array = scratch(rows.length, 'column'),
): Float64Array {
  if (block.booleans !== undefined) {
    const lower = block.booleans.map((name) => name.toLowerCase());
    const codes = codesFor(lower, column, rows, (text) => text.toLowerCase());
    for (let i = 0; i < rows.length; i++) out[i] = codes[i] < 0 ? NaN : codes[i];
    return out;
  }
  if (column.kind === 'numeric') return gatherValues(column, rows, out);
  if (column.codes.every((code) => code < 0)) return out.fill(NaN);
  throw new DataError(
    'column-kind',
    `the model was trained on numbers here, and this table has ${column.kind} values`,
    'Give it a table whose columns have the kinds of the training data',
    { column: column.name },
  );
}

function encodeCategorical(
  block: CategoricalBlock,
  column: Column,
  rows: Int32Array,
  encoded: Float64Array,
  offset: number,
  width: number,
): void {
  const codes = codesFor(block.categories, column, rows);
  const indicator = offset + block.categories.length;
  for (let i = 0; i < rows.length; i++) {
    const code = codes[i];
    if (code >= 0) encoded[i * width + offset + code] = 1;
    else if (code === MISSING && block.indicator) encoded[i * width + indicator] = 1;
  }
}

const MISSING = -1;
const UNSEEN = -2;

/** Codes of the rows in terms of `categories`: MISSING without a value, UNSEEN for a category not among them. */
function codesFor(
  categories: readonly string[],
  column: Column,
  rows: Int32Array,
  normalise: (text: string) => string = (text) => text,
): Int32Array {
  const known = new Map(categories.map((category, code) => [category, code]));
  const found = new Int32Array(rows.length);
  if (column.kind === 'numeric') {
    const values = gatherValues(column, rows, scratch(rows.length, 'column'));
    for (let i = 0; i < rows.length; i++) {
      const value = values[i];
      found[i] = Number.isNaN(value) ? MISSING : (known.get(String(value)) ?? UNSEEN);
    }
    return found;
  }
  const { codes } = column;
  const translated = Int32Array.from(
    column.categories,
    (category) => known.get(normalise(category)) ?? UNSEEN,
  );
  for (let i = 0; i < rows.length; i++) {
    const code = codes[rows[i]];
    found[i] = code < 0 ? MISSING : translated[code];
  }
  return found;
}

/** Values of the rows, or 0/1 of a boolean; NaN where missing. */
function numbersOf(column: NumericColumn | CategoricalColumn, rows: Int32Array): Float64Array {
  const out = scratch(rows.length, 'column');
  if (column.kind === 'numeric') return gatherValues(column, rows, out);
  const { codes } = column;
  for (let i = 0; i < rows.length; i++) out[i] = codes[rows[i]] < 0 ? NaN : codes[rows[i]];
  return out;
}
