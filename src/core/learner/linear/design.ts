import type { SparseColumns } from '../../dataset/sparse-columns';

/** Part of the numbers that are not 0 below which a design, or a block of rows to predict, is kept sparse. */
export const SPARSE_BELOW = 0.25;

/** Features ready for products, by column: all numbers, those that are not 0, or none: each is made when it is asked for. */
export interface Design {
  /** Column-major: feature j of row i at `X[j * rowCount + i]`; empty where the design is sparse or made on demand. */
  readonly X: Float64Array;
  readonly rowCount: number;
  readonly featureCount: number;
  readonly sparse?: SparseColumns;
  /** Fills `out` with feature j, one entry a row. */
  readonly make?: (j: number, out: Float64Array) => void;
}

export function toDenseDesign(
  rowCount: number,
  featureCount: number,
  make: NonNullable<Design['make']>,
): Design {
  const X = new Float64Array(rowCount * featureCount);
  for (let j = 0; j < featureCount; j++) make(j, X.subarray(j * rowCount, (j + 1) * rowCount));
  return { X, rowCount, featureCount };
}

export function toSparseDesign(sparse: SparseColumns): Design {
  const featureCount = sparse.starts.length - 1;
  return { X: new Float64Array(0), rowCount: sparse.rowCount, featureCount, sparse };
}

/** A design that holds nothing: for large data whose features are looked at a few times. */
export function toLazyDesign(
  rowCount: number,
  featureCount: number,
  make: NonNullable<Design['make']>,
): Design {
  return { X: new Float64Array(0), rowCount, featureCount, make };
}

/**
 * Feature j, one entry a row of the design: a view of a dense design, else `scratch`, filled.
 * @param scratch `rowCount` entries, overwritten by the next call
 */
export function featureOf(design: Design, j: number, scratch: Float64Array): Float64Array {
  const { X, rowCount, sparse, make } = design;
  if (make) {
    make(j, scratch);
    return scratch;
  }
  if (!sparse) return X.subarray(j * rowCount, (j + 1) * rowCount);
  scratch.fill(0);
  for (let e = sparse.starts[j]; e < sparse.starts[j + 1]; e++) scratch[sparse.rows[e]] = sparse.values[e];
  return scratch;
}

/** Room for `featureOf`: none where it needs none. */
export function scratchOf({ sparse, make, rowCount }: Design): Float64Array {
  return new Float64Array(sparse || make ? rowCount : 0);
}
