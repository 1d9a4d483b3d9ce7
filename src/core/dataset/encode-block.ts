import { scratch } from '../scratch';
import type { Column } from './dataset';
import type { Block, CategoricalBlock, NumericBlock } from './encoder-blocks';
import { gatherValues } from './gather-values';
import { notNumbers } from './not-numbers';
import type { SparseBuilder } from './sparse-columns';

/** Fills the block's columns, from `offset` on, of a row-major array (rows × width) of zeros. */
export function encodeBlock(
  block: Block,
  column: Column,
  rows: Int32Array,
  encoded: Float64Array,
  offset: number,
  width: number,
): void {
  if (block.kind === 'numeric') encodeNumeric(block, column, rows, encoded, offset, width);
  else encodeCategorical(block, column, rows, encoded, offset, width);
}

/** Adds the block's columns, without their zeros. */
export function addBlock(block: Block, column: Column, rows: Int32Array, builder: SparseBuilder): void {
  if (block.kind === 'numeric') addNumeric(block, column, rows, builder);
  else addCategorical(block, column, rows, builder);
}

/** How many numbers of the block's columns are not 0. */
export function countNonZero(block: Block, column: Column, rows: Int32Array): number {
  let count = 0;
  if (block.kind === 'numeric') {
    const { value, mean, center, indicator } = block;
    const values = valuesFor(block, column, rows);
    for (let i = 0; i < rows.length; i++) {
      const x = values[i];
      const absent = Number.isNaN(x);
      if (value && (absent ? mean : x) !== center) count++;
      if (indicator && absent) count++;
    }
    return count;
  }
  const codes = codesFor(block.categories, column, rows);
  for (const code of codes) if (code >= 0 || (code === MISSING && block.indicator)) count++;
  return count;
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

/** Fills an array with column k of the block, for as many rows as it has entries, from the row at `from` on. */
export type BlockMaker = (k: number, from: number, out: Float64Array) => void;

export function makerOf(block: Block, column: Column, rows: Int32Array): BlockMaker {
  if (block.kind === 'numeric') {
    return (k, from, out) => makeNumeric(block, column, rows.subarray(from, from + out.length), k, out);
  }
  const codesOf = coderFor(block.categories, column);
  return (k, from, out) => {
    const codes = codesOf(rows.subarray(from, from + out.length));
    const one = k < block.categories.length ? k : MISSING;
    for (let i = 0; i < out.length; i++) out[i] = codes[i] === one ? 1 : 0;
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
    for (let i = 0; i < out.length; i++) out[i] = Number.isNaN(out[i]) ? 1 : 0;
    return;
  }
  for (let i = 0; i < out.length; i++) {
    const x = out[i];
    out[i] = ((Number.isNaN(x) ? mean : x) - center) / scale;
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
  throw notNumbers(column);
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
  normalise?: (text: string) => string,
): Int32Array {
  return coderFor(categories, column, normalise)(rows);
}

/** `codesFor` of one column, for rows after rows: the categories are looked up once. */
function coderFor(
  categories: readonly string[],
  column: Column,
  normalise: (text: string) => string = (text) => text,
): (rows: Int32Array) => Int32Array {
  const known = new Map(categories.map((category, code) => [category, code]));
  if (column.kind === 'numeric') {
    return (rows) => {
      const found = new Int32Array(rows.length);
      const values = gatherValues(column, rows, scratch(rows.length, 'column'));
      for (let i = 0; i < rows.length; i++) {
        const value = values[i];
        found[i] = Number.isNaN(value) ? MISSING : (known.get(String(value)) ?? UNSEEN);
      }
      return found;
    };
  }
  const { codes } = column;
  const translated = Int32Array.from(
    column.categories,
    (category) => known.get(normalise(category)) ?? UNSEEN,
  );
  return (rows) => {
    const found = new Int32Array(rows.length);
    for (let i = 0; i < rows.length; i++) {
      const code = codes[rows[i]];
      found[i] = code < 0 ? MISSING : translated[code];
    }
    return found;
  };
}
