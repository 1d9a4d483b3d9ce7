import type { SparseColumns } from '../../dataset/sparse-columns';

/** Part of the numbers that are not 0 below which a design, or a block of rows to predict, is kept sparse. */
export const SPARSE_BELOW = 0.25;

/** Numbers of features that a design without any of its own makes at a time (1 MiB: they stay in a core's cache). */
const BLOCK_NUMBERS = 131_072;
const FEWEST_ROWS = 256;

/** Features ready for products, by column: all numbers, those that are not 0, or none: each is made when it is asked for. */
export interface Design {
  /** Column-major: feature j of row i at `X[j * rowCount + i]`; empty where the design is sparse or made on demand. */
  readonly X: Float64Array;
  readonly rowCount: number;
  readonly featureCount: number;
  readonly sparse?: SparseColumns;
  /** Fills `out` with feature j, one entry a row, from row `from` on. */
  readonly make?: (j: number, from: number, out: Float64Array) => void;
  /** Of a design made on demand: feature j of all rows, until another is asked for. */
  readonly whole?: (j: number) => Float64Array;
  /** Of a design made on demand: room for so many numbers, one call's at a time. */
  readonly room?: (numbers: number) => Float64Array;
}

/** Some features over rows that follow each other: feature `features[a]` of row `from + i` at `X[starts[a] + i]`, i < `count`. */
export interface FeatureBlock {
  readonly features: Int32Array;
  readonly starts: Int32Array;
  readonly X: Float64Array;
  readonly from: number;
  readonly count: number;
}

export function toDenseDesign(
  rowCount: number,
  featureCount: number,
  make: NonNullable<Design['make']>,
): Design {
  const X = new Float64Array(rowCount * featureCount);
  for (let j = 0; j < featureCount; j++) make(j, 0, X.subarray(j * rowCount, (j + 1) * rowCount));
  return { X, rowCount, featureCount };
}

export function toSparseDesign(sparse: SparseColumns): Design {
  const featureCount = sparse.starts.length - 1;
  return { X: new Float64Array(0), rowCount: sparse.rowCount, featureCount, sparse };
}

/** A design that holds nothing: large data are encoded again, block by block, whenever a product needs them. */
export function toLazyDesign(
  rowCount: number,
  featureCount: number,
  make: NonNullable<Design['make']>,
): Design {
  let column: Float64Array | undefined;
  let held = -1;
  const whole = (j: number) => {
    column ??= new Float64Array(rowCount);
    if (held !== j) make(j, 0, column);
    held = j;
    return column;
  };
  let block = new Float64Array(0);
  const room = (numbers: number) => {
    if (block.length < numbers) block = new Float64Array(numbers);
    return block;
  };
  return { X: new Float64Array(0), rowCount, featureCount, make, whole, room };
}

/**
 * Goes over the given features of all rows of a design that is not sparse: one block of rows after the other, the next in the
 * place of the last where the design is made on demand.
 * @param most rows of a block of a dense design; absent: all
 */
export function eachBlock(
  { X, rowCount, make, room }: Design,
  features: Int32Array,
  visit: (block: FeatureBlock) => void,
  most = rowCount,
): void {
  if (!make || !room) {
    for (let from = 0; from < rowCount; from += most) {
      const count = Math.min(most, rowCount - from);
      visit({ features, starts: features.map((j) => j * rowCount + from), X, from, count });
    }
    return;
  }
  const length = Math.min(rowCount, Math.max(FEWEST_ROWS, Math.floor(BLOCK_NUMBERS / features.length)));
  const numbers = room(length * features.length);
  const starts = features.map((_, a) => a * length);
  for (let from = 0; from < rowCount; from += length) {
    const count = Math.min(length, rowCount - from);
    for (let a = 0; a < features.length; a++) {
      make(features[a], from, numbers.subarray(a * length, a * length + count));
    }
    visit({ features, starts, X: numbers, from, count });
  }
}

/**
 * Feature j, one entry a row of the design: a view of a dense design, `scratch`, filled, of a sparse one, else what holds
 * until the next call for any feature.
 * @param scratch `rowCount` entries, overwritten by the next call
 */
export function featureOf(design: Design, j: number, scratch: Float64Array): Float64Array {
  const { X, rowCount, sparse, whole } = design;
  if (whole) return whole(j);
  if (!sparse) return X.subarray(j * rowCount, (j + 1) * rowCount);
  scratch.fill(0);
  for (let e = sparse.starts[j]; e < sparse.starts[j + 1]; e++) scratch[sparse.rows[e]] = sparse.values[e];
  return scratch;
}

/** Room for `featureOf`: none where it needs none. */
export function scratchOf({ sparse, rowCount }: Design): Float64Array {
  return new Float64Array(sparse ? rowCount : 0);
}

/** All features of a design. */
export function allFeatures({ featureCount }: Design): Int32Array {
  return Int32Array.from({ length: featureCount }, (_, j) => j);
}
