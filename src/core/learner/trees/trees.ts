/** Bits of `flags`. */
export const MISSING_LEFT = 1;
export const CATEGORICAL = 2;

/**
 * Decision trees as flat arrays. Nodes of a tree are in preorder: the left child of node i is i + 1.
 *
 * A leaf has feature −1. An inner node sends a row to the left when
 * - numeric feature: x ≤ threshold, or x is missing and flags has MISSING_LEFT;
 * - categorical (flags has CATEGORICAL): bit b of the 256 bits that begin at byte 32 × threshold of `categorySets` is
 *   set, b the bin of the row's category (MISSING_BIN where it is missing or unknown).
 *
 * Values are means (in original units), shares of classes, or the share of the positive class, one an output. Without
 * `paths` a leaf has in `right` its place in `values`, row-major (leaves × outputs). With `paths`, for tables where most
 * labels are missing, a row's values lie along its path: each output is set at exactly one node from root to leaf.
 */
export interface Trees {
  /** First node of each tree, and the number of nodes (trees + 1 numbers). */
  readonly starts: Int32Array;
  /** Index into the features of the forest. */
  readonly feature: Int32Array;
  readonly threshold: Float64Array;
  readonly right: Int32Array;
  readonly flags: Uint8Array;
  readonly categorySets: Uint8Array;
  readonly values: Float32Array;
  readonly paths?: {
    /** Node i has values[firstValue[i] … firstValue[i + 1] − 1] (nodes + 1 numbers). */
    readonly firstValue: Int32Array;
    /** Output that each value is of. */
    readonly output: Int32Array;
  };
}

/**
 * Adds up the values of each row over trees, into `sums`: row-major (rows × outputs).
 *
 * @param matrix row-major (rows × width): numbers (NaN where missing) and bins of categories
 */
export function addOverTrees(
  trees: Trees,
  matrix: Float64Array,
  width: number,
  rows: number,
  outputs: number,
  sums: Float64Array,
): void {
  const { starts, values } = trees;
  for (let tree = 0; tree < starts.length - 1; tree++) {
    for (let i = 0; i < rows; i++) {
      if (trees.paths !== undefined) {
        addPath(trees, trees.paths, starts[tree], matrix, i * width, sums, i * outputs);
        continue;
      }
      const leaf = trees.right[findLeaf(trees, starts[tree], matrix, i * width)] * outputs;
      for (let o = 0; o < outputs; o++) sums[i * outputs + o] += values[leaf + o];
    }
  }
}

function findLeaf(trees: Trees, root: number, matrix: Float64Array, offset: number): number {
  const { feature } = trees;
  let node = root;
  while (feature[node] >= 0) node = child(trees, node, matrix[offset + feature[node]]);
  return node;
}

function addPath(
  trees: Trees,
  { firstValue, output }: NonNullable<Trees['paths']>,
  root: number,
  matrix: Float64Array,
  offset: number,
  sums: Float64Array,
  sumsOffset: number,
): void {
  const { feature, values } = trees;
  for (let node = root; ; node = child(trees, node, matrix[offset + feature[node]])) {
    for (let v = firstValue[node]; v < firstValue[node + 1]; v++) sums[sumsOffset + output[v]] += values[v];
    if (feature[node] < 0) return;
  }
}

function child({ threshold, right, flags, categorySets }: Trees, node: number, x: number): number {
  let left = x <= threshold[node];
  if ((flags[node] & CATEGORICAL) !== 0) {
    left = ((categorySets[32 * threshold[node] + (x >> 3)] >> (x & 7)) & 1) !== 0;
  } else if (Number.isNaN(x)) {
    left = (flags[node] & MISSING_LEFT) !== 0;
  }
  return left ? node + 1 : right[node];
}

/** @throws RangeError unless whoever walks the trees stays in the arrays and comes to an end */
export function checkTrees(trees: Trees, categorical: readonly boolean[], outputs: number): void {
  const { starts, feature, threshold, right, flags, categorySets, values, paths } = trees;
  const nodes = feature.length;
  let sound =
    [threshold, right, flags].every(({ length }) => length === nodes) &&
    starts.length > 1 &&
    starts[starts.length - 1] === nodes &&
    (paths === undefined || pathsAreSound(paths, nodes, values.length, outputs));
  for (let tree = 0; sound && tree < starts.length - 1; tree++) {
    const end = starts[tree + 1];
    sound = starts[tree] >= 0 && starts[tree] < end;
    for (let node = starts[tree]; sound && node < end; node++) {
      const f = feature[node];
      if (f < 0) {
        sound = paths !== undefined || (right[node] >= 0 && (right[node] + 1) * outputs <= values.length);
        continue;
      }
      const inSets = threshold[node] >= 0 && 32 * threshold[node] + 32 <= categorySets.length;
      sound =
        f < categorical.length &&
        categorical[f] === ((flags[node] & CATEGORICAL) !== 0) &&
        (!categorical[f] || inSets) &&
        right[node] > node + 1 &&
        right[node] < end;
    }
  }
  if (!sound) throw new RangeError('This is not a sound forest: its arrays do not fit each other.');
}

function pathsAreSound(
  { firstValue, output }: NonNullable<Trees['paths']>,
  nodes: number,
  values: number,
  outputs: number,
): boolean {
  return (
    firstValue.length === nodes + 1 &&
    firstValue[0] === 0 &&
    firstValue[nodes] === values &&
    firstValue.every((first, i) => i === 0 || first >= firstValue[i - 1]) &&
    output.length === values &&
    output.every((o) => o >= 0 && o < outputs)
  );
}
