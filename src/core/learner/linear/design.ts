import type { SparseColumns } from '../../dataset/sparse-columns';

/** Part of the numbers that are not 0 below which a design, or a block of rows to predict, is kept sparse. */
export const SPARSE_BELOW = 0.25;

/** Features ready for products, by column: all numbers, or those that are not 0. */
export interface Design {
  /** Column-major: feature j of row i at `X[j * rowCount + i]`; empty where the design is sparse. */
  readonly X: Float64Array;
  readonly rowCount: number;
  readonly featureCount: number;
  readonly sparse?: SparseColumns;
}

/** Row-major (rows × features) to the column-major layout the solvers walk. */
export function toDesign(rowMajor: Float64Array, rowCount: number, featureCount: number): Design {
  const X = new Float64Array(rowMajor.length);
  const block = 32;
  for (let i0 = 0; i0 < rowCount; i0 += block) {
    const i1 = Math.min(rowCount, i0 + block);
    for (let j = 0; j < featureCount; j++) {
      for (let i = i0; i < i1; i++) X[j * rowCount + i] = rowMajor[i * featureCount + j];
    }
  }
  return { X, rowCount, featureCount };
}

export function toSparseDesign(sparse: SparseColumns): Design {
  const featureCount = sparse.starts.length - 1;
  return { X: new Float64Array(0), rowCount: sparse.rowCount, featureCount, sparse };
}

/**
 * Feature j, one entry a row of the design: a view of a dense design, `scratch` filled for a sparse one.
 * @param scratch `rowCount` entries, overwritten by the next call
 */
export function featureOf(design: Design, j: number, scratch: Float64Array): Float64Array {
  const { X, rowCount, sparse } = design;
  if (!sparse) return X.subarray(j * rowCount, (j + 1) * rowCount);
  scratch.fill(0);
  for (let e = sparse.starts[j]; e < sparse.starts[j + 1]; e++) scratch[sparse.rows[e]] = sparse.values[e];
  return scratch;
}

/** Room for `featureOf`: none where it needs none. */
export function scratchOf({ sparse, rowCount }: Design): Float64Array {
  return new Float64Array(sparse ? rowCount : 0);
}
