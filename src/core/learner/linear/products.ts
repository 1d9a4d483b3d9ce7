import { allFeatures, eachBlock, type FeatureBlock } from './design';
import { type LinearProblem, placeOf, type TaskRows } from './linear-problem';
import { addProducts, addSums, addSumsOfColumns } from './product-kernels';
import { addSparse, correlateSparse } from './sparse-products';

/** Rows whose predictions are turned at a time. */
const ROWS_TURNED = 4096;

/**
 * Z = X W + 1 bᵀ for every task, at the task's own rows.
 * @param W features × columns, row-major
 * @param Z filled; `problem.predictionCount` entries
 */
export function predictInto(problem: LinearProblem, W: Float64Array, b: Float64Array, Z: Float64Array): void {
  const { design, tasks } = problem;
  for (const task of tasks) {
    for (let k = 0; k < task.width; k++) {
      const at = task.offset + k * task.count;
      Z.fill(b[task.firstColumn + k], at, at + task.count);
    }
  }
  if (design.sparse) {
    addSparse(problem, design.sparse, W, Z);
    return;
  }
  const features = usedFeatures(problem, W);
  if (features.length === 0) return;
  eachBlock(design, features, (block) => {
    for (const part of partsOf(tasks, block)) {
      for (let k = 0; k < part.task.width; k++) addColumn(block, part, W, problem.columns, k, Z);
    }
  });
}

/**
 * V = Xᵀ θ, task by task over the task's own rows.
 * @param theta `problem.predictionCount` entries
 * @param V filled; features × columns, row-major
 * @param features which rows of V to fill (ascending or not); absent: all
 */
export function correlateInto(
  problem: LinearProblem,
  theta: Float64Array,
  V: Float64Array,
  features: Int32Array = allFeatures(problem.design),
): void {
  const { design, tasks, columns } = problem;
  if (design.sparse) {
    correlateSparse(problem, design.sparse, theta, V, features);
    return;
  }
  clear(V, features, columns, tasks);
  if (features.length === 0) return;
  eachBlock(design, features, (block) => {
    correlateBlock(block, partsOf(tasks, block), theta, V, columns);
  });
}

/**
 * V = Xᵀ T(X W + 1 bᵀ), for a T that works row by row, in one pass over the design: what lies between is never there as a whole.
 * @param W features × columns, row-major: read in the rows of `features` alone
 * @param turn T: given predictions of a task, its columns one after the other, for the task's rows from place `from` on, turns them
 *   into what is to be correlated
 * @param V filled in the rows of `features`
 */
export function turnInto(
  problem: LinearProblem,
  W: Float64Array,
  b: Float64Array,
  turn: (task: TaskRows, from: number, count: number, Z: Float64Array) => void,
  V: Float64Array,
  features: Int32Array,
): void {
  const { design, tasks, columns } = problem;
  if (design.sparse) {
    const Z = new Float64Array(problem.predictionCount);
    predictInto(problem, W, b, Z);
    for (const task of tasks) {
      const { offset, count, width } = task;
      turn(task, 0, count, Z.subarray(offset, offset + width * count));
    }
    correlateSparse(problem, design.sparse, Z, V, features);
    return;
  }
  clear(V, features, columns, tasks);
  if (features.length === 0) return;
  let room = new Float64Array(0);
  eachBlock(
    design,
    features,
    (block) => {
      const parts = localParts(tasks, block);
      const numbers = parts.reduce((sum, { task, count }) => sum + task.width * count, 0);
      if (room.length < numbers) room = new Float64Array(numbers);
      for (const part of parts) {
        const { task, first, count, at } = part;
        if (count === 0) continue;
        for (let k = 0; k < task.width; k++) {
          room.fill(b[task.firstColumn + k], at + k * count, at + (k + 1) * count);
          addColumn(block, part, W, columns, k, room);
        }
        turn(task, first, count, room.subarray(at, at + task.width * count));
      }
      correlateBlock(block, parts, room, V, columns);
    },
    ROWS_TURNED,
  );
}

/** The rows of a task that lie in a block. */
interface Part {
  readonly task: TaskRows;
  /** Place of the first of them among the task's rows. */
  readonly first: number;
  readonly count: number;
  /** Where their predictions begin, and how far those of the task's next column are from them. */
  readonly at: number;
  readonly step: number;
  /** Rows of the design; absent: those of the block. */
  readonly rows?: Int32Array;
}

/** With predictions in those of all tasks and rows. */
function partsOf(tasks: readonly TaskRows[], { from, count }: FeatureBlock): Part[] {
  return tasks.map((task): Part => {
    const { rows, offset, count: step } = task;
    if (!rows) return { task, first: from, count, at: offset + from, step };
    const first = placeOf(rows, from);
    const end = placeOf(rows, from + count);
    return { task, first, count: end - first, at: offset + first, step, rows: rows.subarray(first, end) };
  });
}

/** With predictions in an array of the block's own, one after the other. */
function localParts(tasks: readonly TaskRows[], block: FeatureBlock): Part[] {
  let at = 0;
  return partsOf(tasks, block).map((part) => {
    const local = { ...part, at, step: part.count };
    at += part.task.width * part.count;
    return local;
  });
}

/** Adds X w to the predictions of column k of a task, w that column of W. */
function addColumn(
  { features, starts, X, from }: FeatureBlock,
  { task, rows, count, at: first, step }: Part,
  W: Float64Array,
  columns: number,
  k: number,
  Z: Float64Array,
): void {
  const c = task.firstColumn + k;
  const at = first + k * step;
  const usedStarts = new Int32Array(features.length);
  const weights = new Float64Array(features.length);
  let used = 0;
  for (let a = 0; a < features.length; a++) {
    const w = W[features[a] * columns + c];
    if (w === 0) continue;
    usedStarts[used] = starts[a];
    weights[used++] = w;
  }
  if (!rows) {
    addProducts(X, usedStarts, weights, used, count, Z, at);
    return;
  }
  for (let a = 0; a < used; a++) {
    const x = usedStarts[a] - from;
    const w = weights[a];
    for (let i = 0; i < count; i++) Z[at + i] += w * X[x + rows[i]];
  }
}

/** Adds what a block has of Xᵀ θ; columns of tasks that look at all rows go together. */
function correlateBlock(
  block: FeatureBlock,
  parts: readonly Part[],
  theta: Float64Array,
  V: Float64Array,
  columns: number,
): void {
  const together: number[] = [];
  const offsets: number[] = [];
  for (const { task, rows, at, step } of parts) {
    for (let k = 0; k < task.width; k++) {
      const c = task.firstColumn + k;
      if (rows) correlateGathered(block, rows, c, theta, at + k * step, V, columns);
      else {
        together.push(c);
        offsets.push(at + k * step);
      }
    }
  }
  correlateColumns(block, together, offsets, theta, V, columns);
}

function correlateColumns(
  { features, starts, X, count }: FeatureBlock,
  together: readonly number[],
  offsets: readonly number[],
  theta: Float64Array,
  V: Float64Array,
  columns: number,
): void {
  if (together.length === 1) {
    addSums(X, starts, count, theta, offsets[0], V, features, columns, together[0]);
  } else if (together.length > 1) {
    addSumsOfColumns(X, starts, count, theta, offsets, V, features, columns, together);
  }
}

function correlateGathered(
  { features, starts, X, from }: FeatureBlock,
  rows: Int32Array,
  c: number,
  theta: Float64Array,
  at: number,
  V: Float64Array,
  columns: number,
): void {
  for (let a = 0; a < features.length; a++) {
    const x = starts[a] - from;
    let sum = 0;
    for (let i = 0; i < rows.length; i++) sum += X[x + rows[i]] * theta[at + i];
    V[features[a] * columns + c] += sum;
  }
}

function clear(V: Float64Array, features: Int32Array, columns: number, tasks: readonly TaskRows[]): void {
  for (const { firstColumn, width } of tasks) {
    for (const j of features) V.fill(0, j * columns + firstColumn, j * columns + firstColumn + width);
  }
}

/** Features with a weight that is not 0 in any column of the problem's tasks. */
function usedFeatures({ design, tasks, columns }: LinearProblem, W: Float64Array): Int32Array {
  return allFeatures(design).filter((j) =>
    tasks.some(({ firstColumn, width }) => {
      for (let c = firstColumn; c < firstColumn + width; c++) if (W[j * columns + c] !== 0) return true;
      return false;
    }),
  );
}
