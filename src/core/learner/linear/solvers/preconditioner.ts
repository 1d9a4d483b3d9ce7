import { dot, solveFactorized } from '../dense';
import type { GramMatrix } from '../gram';
import { Factors } from '../kernel';
import type { LinearProblem, TaskRows } from '../linear-problem';
import type { Point } from '../objective';
import { correlateInto } from '../products';
import { type ColumnGroups, fitsGram } from './quadratic-model';

/** What the penalty adds on the rows of a Newton system: diag(a) − U Uᵀ, U with one column a row of W (entries u). */
export interface PenaltySplit {
  readonly a: Float64Array;
  readonly u: Float64Array;
  /** Entries that stay where they are: their unknowns are 0. */
  readonly pinned?: Uint8Array;
}

/** Features up to which factors are worth their cubic cost; beyond, the diagonal does. */
const FACTOR_LIMIT = 600;

/**
 * What is added to a block's diagonal, as a part of it: where features depend on each other (all categories of one) the
 * approximate inverse is large along what no curvature holds, and not as large as rounding happens to make it.
 */
const JITTER = 1e-10;

export type Preconditioner = (residual: Float64Array, out: Float64Array) => void;

/** A column's block M_c = scale · G + diag(a_c) on the rows it is free in. */
interface Block {
  readonly column: number;
  readonly gram: GramMatrix;
  readonly scale: number;
  /** Positions among the features. */
  readonly free: Int32Array;
  readonly factor: Float64Array;
  /** M_c⁻¹, made when the penalty couples columns. */
  readonly inverse?: Float64Array;
}

/**
 * Approximate inverse of ∇²L + diag(a) − U Uᵀ. Each column's ∇²L is taken as a multiple of the Gram matrix of its
 * rows: exact for squared loss, the mean curvature for others. With blocks M_c factorised,
 *
 *     (M − U Uᵀ)⁻¹ = M⁻¹ + M⁻¹ U (I − Uᵀ M⁻¹ U)⁻¹ Uᵀ M⁻¹    (Sherman, Morrison, Woodbury),
 *
 * so that with squared losses a system of features × columns unknowns costs a few factorisations of features².
 */
export function createPreconditionerFactory(
  problem: LinearProblem,
  { groups, rest, gramCount }: ColumnGroups,
): (point: Point, features: Int32Array, split: PenaltySplit) => Preconditioner {
  const { columns } = problem;
  const factors = new Factors();
  const H = new Float64Array(rest.length > 0 ? problem.predictionCount : 0);
  let V: Float64Array | undefined;

  function diagonal(point: Point, m: number, split: PenaltySplit): Preconditioner {
    const totals = new Float64Array(columns);
    for (const { tasks } of groups) for (const task of tasks) totals[task.firstColumn] = task.taskWeight;
    for (const { task } of rest) {
      task.loss.curvature(task, point.Z, H);
      for (let k = 0; k < task.width; k++) {
        totals[task.firstColumn + k] = Math.max(columnSum(task, k, H), 1e-9 * task.taskWeight);
      }
    }
    return diagonalPreconditioner(totals, m, split);
  }

  /** x̄ of the features on the rows of each column, weighed by H; 0 in columns whose intercept is eliminated. */
  function weightedMeans(features: Int32Array, totals: Float64Array): Float64Array {
    const tasks = rest.map(({ task }) => task);
    V ??= new Float64Array(problem.design.featureCount * columns);
    correlateInto({ ...problem, tasks }, H, V, features);
    const means = new Float64Array(features.length * columns);
    for (const { firstColumn, width } of tasks) {
      for (let c = firstColumn; c < firstColumn + width; c++) {
        for (let k = 0; k < features.length; k++) {
          means[k * columns + c] = V[features[k] * columns + c] / totals[c];
        }
      }
    }
    return means;
  }

  return (point, features, split) => {
    const m = features.length;
    if (m > FACTOR_LIMIT) return diagonal(point, m, split);
    const size = m * columns;
    const gathered = new Map<GramMatrix, Float64Array>();
    const blocks: Block[] = [];
    const interceptCurvature = new Float64Array(columns).fill(1);
    const coupled = split.u.some((u) => u !== 0);

    for (const group of groups) {
      group.tasks.forEach((task, q) => {
        addBlock(group.gram, task.firstColumn, group.scales[q]);
      });
    }
    for (const { task, gram } of rest) {
      task.loss.curvature(task, point.Z, H);
      for (let k = 0; k < task.width; k++) {
        const total = columnSum(task, k, H);
        if (total > 0) interceptCurvature[task.firstColumn + k] = total;
        addBlock(gram, task.firstColumn + k, Math.max(total, 1e-9 * task.taskWeight));
      }
    }
    const means =
      rest.length > 0 && problem.intercept ? weightedMeans(features, interceptCurvature) : undefined;
    const capacitance = coupled ? factorizeCapacitance(factors, blocks, split, m, columns) : undefined;
    const gathering = new Float64Array(m);
    const multipliers = new Float64Array(m);
    const moved = new Float64Array(means ? size : 0);

    return (residual, out) => {
      const centred = means ? centre(residual, means) : residual;
      solveBlocks(blocks, centred, out, columns, gathering);
      if (capacitance) couple(capacitance, out);
      for (let c = 0; c < columns; c++) {
        let rest = residual[size + c] / interceptCurvature[c];
        if (means) for (let i = c; i < size; i += columns) rest -= means[i] * out[i];
        out[size + c] = rest;
      }
    };

    /** The residual where the intercept follows the weights, so that features count from their means. */
    function centre(residual: Float64Array, x: Float64Array): Float64Array {
      for (let i = 0; i < size; i++) moved[i] = residual[i] - x[i] * residual[size + (i % columns)];
      return moved;
    }

    function couple(factor: Float64Array, out: Float64Array): void {
      for (let k = 0; k < m; k++) {
        let sum = 0;
        for (let i = k * columns; i < (k + 1) * columns; i++) sum += split.u[i] * out[i];
        multipliers[k] = sum;
      }
      solveFactorized(factor, multipliers, m);
      for (const block of blocks) {
        const { free, column } = block;
        for (let f = 0; f < free.length; f++) {
          gathering[f] = split.u[free[f] * columns + column] * multipliers[free[f]];
        }
        solveFactorized(block.factor, gathering, free.length);
        for (let f = 0; f < free.length; f++) out[free[f] * columns + column] += gathering[f];
      }
    }

    function addBlock(gram: GramMatrix, column: number, scale: number): void {
      const free = freeRows(split, m, columns, column);
      const twin = blocks.find((block) => sameBlock(block, gram, column, scale, free));
      if (twin) {
        blocks.push({ ...twin, column });
        return;
      }
      const n = free.length;
      const factor = new Float64Array(n * n);
      if (fitsGram(gram, features, gramCount)) {
        const known = gathered.get(gram);
        const G = known ?? gram.gather(features);
        if (!known) gathered.set(gram, G);
        for (let f = 0; f < n; f++) {
          for (let g = 0; g <= f; g++) factor[f * n + g] = scale * G[free[f] * m + free[g]];
        }
      } else for (let f = 0; f < n; f++) factor[f * n + f] = scale;
      for (let f = 0; f < n; f++) {
        factor[f * n + f] += JITTER * factor[f * n + f] + split.a[free[f] * columns + column];
      }
      const inverse = factors.factorize(factor, n, coupled);
      blocks.push({ column, gram, scale, free, factor, inverse });
    }

    function sameBlock(
      block: Block,
      gram: GramMatrix,
      column: number,
      scale: number,
      free: Int32Array,
    ): boolean {
      if (block.gram !== gram || block.scale !== scale || free.length !== block.free.length) return false;
      for (let f = 0; f < free.length; f++) {
        const at = free[f] * columns;
        if (free[f] !== block.free[f] || split.a[at + column] !== split.a[at + block.column]) return false;
      }
      return true;
    }
  };
}

/** Standardised features: the diagonal of a column's ∇²L is its total curvature. */
function diagonalPreconditioner(
  totals: Float64Array,
  m: number,
  { a, pinned }: PenaltySplit,
): Preconditioner {
  const columns = totals.length;
  const size = m * columns;
  return (residual, out) => {
    for (let i = 0; i < size; i++) out[i] = pinned?.[i] ? 0 : residual[i] / (totals[i % columns] + a[i]);
    for (let c = 0; c < columns; c++) out[size + c] = residual[size + c] / totals[c];
  };
}

function freeRows({ pinned }: PenaltySplit, m: number, columns: number, column: number): Int32Array {
  const free: number[] = [];
  for (let k = 0; k < m; k++) if (!pinned?.[k * columns + column]) free.push(k);
  return Int32Array.from(free);
}

function solveBlocks(
  blocks: readonly Block[],
  residual: Float64Array,
  out: Float64Array,
  columns: number,
  gathering: Float64Array,
): void {
  for (const { free, column, factor } of blocks) {
    for (let f = 0; f < free.length; f++) gathering[f] = residual[free[f] * columns + column];
    solveFactorized(factor, gathering, free.length);
    for (let f = 0; f < free.length; f++) out[free[f] * columns + column] = gathering[f];
  }
}

/** Factor of I − Uᵀ M⁻¹ U; columns with one and the same block are summed before they meet its inverse. */
function factorizeCapacitance(
  factors: Factors,
  blocks: readonly Block[],
  { u }: PenaltySplit,
  m: number,
  columns: number,
): Float64Array {
  const K = new Float64Array(m * m);
  for (let k = 0; k < m; k++) K[k * m + k] = 1;
  const shared = new Map<Float64Array, Block[]>();
  for (const block of blocks) shared.set(block.factor, [...(shared.get(block.factor) ?? []), block]);
  for (const members of shared.values()) {
    const [{ free, inverse }] = members;
    if (!inverse) continue;
    const n = free.length;
    const width = members.length;
    const rows = new Float64Array(n * width);
    members.forEach(({ column }, q) => {
      for (let f = 0; f < n; f++) rows[f * width + q] = u[free[f] * columns + column];
    });
    for (let f = 0; f < n; f++) {
      for (let g = 0; g <= f; g++) {
        K[free[f] * m + free[g]] -= dot(rows, f * width, rows, g * width, width) * inverse[f * n + g];
      }
    }
  }
  factors.factorize(K, m, false);
  return K;
}

function columnSum(task: TaskRows, k: number, Z: Float64Array): number {
  const at = task.offset + k * task.count;
  let sum = 0;
  for (let i = at; i < at + task.count; i++) sum += Z[i];
  return sum;
}
