import type { SparseColumns } from '../../dataset/sparse-columns';
import { featureOf, scratchOf } from './design';
import type { LinearProblem, TaskRows } from './linear-problem';

/**
 * Z = X W + 1 bᵀ for every task, at the task's own rows.
 * @param W features × columns, row-major
 * @param Z filled; `problem.predictionCount` entries
 */
export function predictInto(problem: LinearProblem, W: Float64Array, b: Float64Array, Z: Float64Array): void {
  const { design, columns } = problem;
  if (design.make) {
    predictOnDemand(problem, W, b, Z);
    return;
  }
  const active = new Int32Array(design.featureCount);
  for (const task of problem.tasks) {
    for (let k = 0; k < task.width; k++) {
      const c = task.firstColumn + k;
      const at = task.offset + k * task.count;
      Z.fill(b[c], at, at + task.count);
      let activeCount = 0;
      for (let j = 0; j < design.featureCount; j++) if (W[j * columns + c] !== 0) active[activeCount++] = j;
      if (design.sparse)
        addSparse(design.sparse, places(problem, task), W, c, columns, active, activeCount, Z, at);
      else if (task.rows) addGathered(problem, task.rows, W, c, active, activeCount, Z, at);
      else addDense(problem, W, c, active, activeCount, Z, at);
    }
  }
}

function predictOnDemand(problem: LinearProblem, W: Float64Array, b: Float64Array, Z: Float64Array): void {
  const { design, columns, tasks } = problem;
  const scratch = scratchOf(design);
  for (const task of tasks) {
    for (let k = 0; k < task.width; k++) {
      const at = task.offset + k * task.count;
      Z.fill(b[task.firstColumn + k], at, at + task.count);
    }
  }
  for (let j = 0; j < design.featureCount; j++) {
    if (W.subarray(j * columns, (j + 1) * columns).every((w) => w === 0)) continue;
    const x = featureOf(design, j, scratch);
    for (const { rows, width, firstColumn, offset, count } of tasks) {
      for (let k = 0; k < width; k++) {
        const w = W[j * columns + firstColumn + k];
        const at = offset + k * count;
        if (w === 0) continue;
        if (rows) for (let i = 0; i < count; i++) Z[at + i] += w * x[rows[i]];
        else for (let i = 0; i < count; i++) Z[at + i] += w * x[i];
      }
    }
  }
}

function correlateOnDemand(
  { design, columns, tasks }: LinearProblem,
  theta: Float64Array,
  V: Float64Array,
  features: Int32Array | undefined,
): void {
  const scratch = scratchOf(design);
  const featureCount = features?.length ?? design.featureCount;
  for (let a = 0; a < featureCount; a++) {
    const j = features ? features[a] : a;
    const x = featureOf(design, j, scratch);
    for (const { rows, width, firstColumn, offset, count } of tasks) {
      for (let k = 0; k < width; k++) {
        const at = offset + k * count;
        let sum = 0;
        if (rows) for (let i = 0; i < count; i++) sum += x[rows[i]] * theta[at + i];
        else for (let i = 0; i < count; i++) sum += x[i] * theta[at + i];
        V[j * columns + firstColumn + k] = sum;
      }
    }
  }
}

/** Row of a design → place among a task's rows, −1 for rows that it does not look at; undefined where it looks at all. */
function places({ design }: LinearProblem, { rows }: TaskRows): Int32Array | undefined {
  if (!rows) return undefined;
  const at = new Int32Array(design.rowCount).fill(-1);
  for (let i = 0; i < rows.length; i++) at[rows[i]] = i;
  return at;
}

function addSparse(
  { starts, rows, values }: SparseColumns,
  place: Int32Array | undefined,
  W: Float64Array,
  c: number,
  columns: number,
  active: Int32Array,
  activeCount: number,
  Z: Float64Array,
  at: number,
): void {
  for (let a = 0; a < activeCount; a++) {
    const j = active[a];
    const w = W[j * columns + c];
    for (let e = starts[j]; e < starts[j + 1]; e++) {
      const i = place ? place[rows[e]] : rows[e];
      if (i >= 0) Z[at + i] += w * values[e];
    }
  }
}

function correlateSparse(
  problem: LinearProblem,
  { starts, rows, values }: SparseColumns,
  theta: Float64Array,
  V: Float64Array,
  features: Int32Array | undefined,
): void {
  const { columns, design } = problem;
  const featureCount = features?.length ?? design.featureCount;
  for (const task of problem.tasks) {
    const place = places(problem, task);
    for (let k = 0; k < task.width; k++) {
      const at = task.offset + k * task.count;
      for (let a = 0; a < featureCount; a++) {
        const j = features ? features[a] : a;
        let sum = 0;
        for (let e = starts[j]; e < starts[j + 1]; e++) {
          const i = place ? place[rows[e]] : rows[e];
          if (i >= 0) sum += values[e] * theta[at + i];
        }
        V[j * columns + task.firstColumn + k] = sum;
      }
    }
  }
}

function addDense(
  problem: LinearProblem,
  W: Float64Array,
  c: number,
  active: Int32Array,
  activeCount: number,
  Z: Float64Array,
  at: number,
): void {
  const { columns } = problem;
  const { X, rowCount: n } = problem.design;
  let a = 0;
  for (; a + 3 < activeCount; a += 4) {
    const x0 = active[a] * n;
    const x1 = active[a + 1] * n;
    const x2 = active[a + 2] * n;
    const x3 = active[a + 3] * n;
    const w0 = W[active[a] * columns + c];
    const w1 = W[active[a + 1] * columns + c];
    const w2 = W[active[a + 2] * columns + c];
    const w3 = W[active[a + 3] * columns + c];
    for (let i = 0; i < n; i++) {
      Z[at + i] += w0 * X[x0 + i] + w1 * X[x1 + i] + w2 * X[x2 + i] + w3 * X[x3 + i];
    }
  }
  for (; a < activeCount; a++) {
    const x = active[a] * n;
    const w = W[active[a] * columns + c];
    for (let i = 0; i < n; i++) Z[at + i] += w * X[x + i];
  }
}

function addGathered(
  problem: LinearProblem,
  rows: Int32Array,
  W: Float64Array,
  c: number,
  active: Int32Array,
  activeCount: number,
  Z: Float64Array,
  at: number,
): void {
  const { columns } = problem;
  const { X, rowCount: n } = problem.design;
  for (let a = 0; a < activeCount; a++) {
    const x = active[a] * n;
    const w = W[active[a] * columns + c];
    for (let i = 0; i < rows.length; i++) Z[at + i] += w * X[x + rows[i]];
  }
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
  features?: Int32Array,
): void {
  const { sparse, make } = problem.design;
  if (make) {
    correlateOnDemand(problem, theta, V, features);
    return;
  }
  if (sparse) {
    correlateSparse(problem, sparse, theta, V, features);
    return;
  }
  const denseColumns: number[] = [];
  const denseOffsets: number[] = [];
  for (const task of problem.tasks) {
    for (let k = 0; k < task.width; k++) {
      if (task.rows) correlateGathered(problem, task, task.rows, k, theta, V, features);
      else {
        denseColumns.push(task.firstColumn + k);
        denseOffsets.push(task.offset + k * task.count);
      }
    }
  }
  if (denseColumns.length > 0) correlateDense(problem, denseColumns, denseOffsets, theta, V, features);
}

function correlateDense(
  problem: LinearProblem,
  denseColumns: readonly number[],
  denseOffsets: readonly number[],
  theta: Float64Array,
  V: Float64Array,
  features: Int32Array | undefined,
): void {
  const { columns, design } = problem;
  const { X, rowCount: n } = design;
  const featureCount = features?.length ?? design.featureCount;
  if (denseColumns.length === 1) {
    correlateColumn(problem, denseColumns[0], denseOffsets[0], theta, V, features);
    return;
  }
  // Two features by four columns at a time: eight sums for six loads.
  for (let a = 0; a < featureCount; a += 2) {
    const j0 = features ? features[a] : a;
    const j1 = a + 1 < featureCount ? (features ? features[a + 1] : a + 1) : j0;
    const x0 = j0 * n;
    const x1 = j1 * n;
    let q = 0;
    for (; q + 3 < denseColumns.length; q += 4) {
      const e0 = denseOffsets[q];
      const e1 = denseOffsets[q + 1];
      const e2 = denseOffsets[q + 2];
      const e3 = denseOffsets[q + 3];
      let s00 = 0;
      let s01 = 0;
      let s02 = 0;
      let s03 = 0;
      let s10 = 0;
      let s11 = 0;
      let s12 = 0;
      let s13 = 0;
      for (let i = 0; i < n; i++) {
        const a0 = X[x0 + i];
        const a1 = X[x1 + i];
        const t0 = theta[e0 + i];
        const t1 = theta[e1 + i];
        const t2 = theta[e2 + i];
        const t3 = theta[e3 + i];
        s00 += a0 * t0;
        s01 += a0 * t1;
        s02 += a0 * t2;
        s03 += a0 * t3;
        s10 += a1 * t0;
        s11 += a1 * t1;
        s12 += a1 * t2;
        s13 += a1 * t3;
      }
      V[j0 * columns + denseColumns[q]] = s00;
      V[j0 * columns + denseColumns[q + 1]] = s01;
      V[j0 * columns + denseColumns[q + 2]] = s02;
      V[j0 * columns + denseColumns[q + 3]] = s03;
      V[j1 * columns + denseColumns[q]] = s10;
      V[j1 * columns + denseColumns[q + 1]] = s11;
      V[j1 * columns + denseColumns[q + 2]] = s12;
      V[j1 * columns + denseColumns[q + 3]] = s13;
    }
    for (; q < denseColumns.length; q++) {
      const e = denseOffsets[q];
      let s0 = 0;
      let s1 = 0;
      for (let i = 0; i < n; i++) {
        const t = theta[e + i];
        s0 += X[x0 + i] * t;
        s1 += X[x1 + i] * t;
      }
      V[j0 * columns + denseColumns[q]] = s0;
      V[j1 * columns + denseColumns[q]] = s1;
    }
  }
}

/** One column: four features at a time, so that four sums are under way. */
function correlateColumn(
  { columns, design }: LinearProblem,
  c: number,
  e: number,
  theta: Float64Array,
  V: Float64Array,
  features: Int32Array | undefined,
): void {
  const { X, rowCount: n, featureCount } = design;
  const last = (features?.length ?? featureCount) - 1;
  for (let a = 0; a <= last; a += 4) {
    const a1 = Math.min(a + 1, last);
    const a2 = Math.min(a + 2, last);
    const a3 = Math.min(a + 3, last);
    const j0 = features ? features[a] : a;
    const j1 = features ? features[a1] : a1;
    const j2 = features ? features[a2] : a2;
    const j3 = features ? features[a3] : a3;
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    for (let i = 0; i < n; i++) {
      const t = theta[e + i];
      s0 += X[j0 * n + i] * t;
      s1 += X[j1 * n + i] * t;
      s2 += X[j2 * n + i] * t;
      s3 += X[j3 * n + i] * t;
    }
    V[j0 * columns + c] = s0;
    V[j1 * columns + c] = s1;
    V[j2 * columns + c] = s2;
    V[j3 * columns + c] = s3;
  }
}

function correlateGathered(
  problem: LinearProblem,
  task: TaskRows,
  rows: Int32Array,
  k: number,
  theta: Float64Array,
  V: Float64Array,
  features: Int32Array | undefined,
): void {
  const { columns, design } = problem;
  const { X, rowCount: n } = design;
  const c = task.firstColumn + k;
  const e = task.offset + k * task.count;
  const featureCount = features?.length ?? design.featureCount;
  for (let a = 0; a < featureCount; a++) {
    const j = features ? features[a] : a;
    const x = j * n;
    let sum = 0;
    for (let i = 0; i < rows.length; i++) sum += X[x + rows[i]] * theta[e + i];
    V[j * columns + c] = sum;
  }
}
