import {
  createPoint,
  evaluateLosses,
  fitIntercepts,
  type Point,
  refreshPredictions,
  shapeOf,
} from '../objective';
import { isActive, type RowDerivatives } from '../penalties';
import { correlateInto } from '../products';
import { conjugateGradient, euclidean } from './conjugate-gradient';
import { createLossCurvature, type LossCurvature } from './loss-curvature';
import { createPreconditionerFactory, type Preconditioner } from './preconditioner';
import type { ColumnGroups } from './quadratic-model';
import type { SolverTask } from './solver';

const HALVINGS = 30;
const SUFFICIENT = 1e-4;
/** Each step's system is solved to this part of the gradient it starts from, or as far as is asked for in the end. */
const FORCING = 0.01;
const FORCING_CURVED = 0.1;
const CG_LIMIT = 200;
/** How far to go along a direction without curvature, in sizes of the largest weight. */
const FAR = 1e3;
/** Part of a row's length below which a step along it has reached zero. */
const REACHED = 1e-10;

export interface NewtonOutcome {
  readonly steps: number;
  /** Length of the last step; 0 when none was possible. */
  readonly length: number;
  /** The steps did not look at the rows of the data: the point's Z is still that from before. */
  readonly stale: boolean;
}

export type ActiveNewton = (
  lambda: number,
  point: Point,
  rows: Int32Array,
  enough: number,
  maxSteps: number,
) => NewtonOutcome;

/**
 * Newton's method on the given rows of W, where the penalty is smooth, all other rows held at zero:
 *
 *     (∇²L + λ∇²R) D = −(∇L + λ∇R)  on the rows, by conjugate gradients;  F(W + tD) falls by a line search over t.
 *
 * It takes over from coordinate descent once the active rows are known, where that converges slowly (correlated
 * features, small λ, softmax). Within an orthant (lasso) zero entries stay, and entries that would change sign stop at 0.
 * The point's V must hold on the rows; W and b are up to date afterwards, Z too unless it is said to be stale; θ and V
 * elsewhere are not.
 *
 * Nocedal and Wright, Numerical Optimization (2006), chapter 7; Andrew and Gao, ICML 2007 (orthants).
 */
export function createActiveNewton(
  task: SolverTask,
  columnGroups: ColumnGroups,
  derivatives: RowDerivatives,
): ActiveNewton {
  const { problem, penalty } = task;
  const { columns } = problem;
  const shape = shapeOf(problem);
  const curvatureAt = createLossCurvature(problem, columnGroups);
  const preconditionerAt = createPreconditionerFactory(problem, columnGroups);
  const trial = createPoint(problem);
  const losses = new Float64Array(problem.tasks.length);
  const H = new Float64Array(
    problem.tasks.every((task) => task.loss.quadratic) ? 0 : problem.predictionCount,
  );
  const orthant = derivatives.smooth === 'orthant';
  const kinked = derivatives.smooth !== 'everywhere';

  return (lambda, point, candidates, enough, maxSteps) => {
    let steps = 0;
    let length = 1;
    let stale = false;
    // Made from the curvature at an earlier step it still does its work, and saves factorisations.
    let kept: Kept | undefined;
    while (steps < maxSteps && length > 0) {
      const rows = kinked ? candidates.filter((j) => isActive(point.W, j, columns)) : candidates;
      const size = rows.length * columns;
      const residual = new Float64Array(size + columns);
      const solution = new Float64Array(size + columns);
      const a = new Float64Array(size);
      const u = new Float64Array(size);
      const pinned = orthant ? new Uint8Array(size) : undefined;
      fillResidual(lambda, point, rows, residual);
      if (pinned) pinZeros(point, rows, pinned, residual);
      if (largestRow(residual, rows.length) <= enough) break;
      steps++;
      const curvature = curvatureAt(point, rows);
      if (!kept || curvature.gramOnly || !sameUnknowns(kept, rows, pinned)) {
        for (let k = 0; k < rows.length; k++) {
          derivatives.split(point.W, rows[k] * columns, columns, lambda, a, u, k * columns);
        }
        kept = { rows, pinned, precondition: preconditionerAt(point, rows, { a, u, pinned }) };
      }
      const { precondition } = kept;
      const operator = {
        times(direction: Float64Array, out: Float64Array) {
          curvature.times(direction, out);
          for (let k = 0; k < rows.length; k++) {
            derivatives.addCurvature(
              point.W,
              rows[k] * columns,
              columns,
              lambda,
              direction,
              out,
              k * columns,
            );
          }
          if (pinned) for (let i = 0; i < size; i++) if (pinned[i]) out[i] = 0;
        },
      };
      const forcing = curvature.gramOnly ? FORCING : FORCING_CURVED;
      const target = Math.max(0.3 * enough, forcing * euclidean(residual));
      const flat = conjugateGradient(
        operator,
        precondition,
        residual,
        solution,
        target,
        CG_LIMIT,
        curvatureScale(point),
      );
      if (flat) goFar(point, rows, flat, solution);
      if (curvature.gramOnly) {
        length = searchModel(lambda, point, rows, solution, curvature);
        stale = true;
      } else length = searchLoss(lambda, point, rows, solution);
    }
    return { steps, length, stale };
  };

  /** Largest total curvature of a column: what the diagonal of ∇²L is for a standardised feature, at most. */
  function curvatureScale(point: Point): number {
    let scale = 0;
    for (const task of problem.tasks) {
      if (task.loss.quadratic) {
        scale = Math.max(scale, task.taskWeight);
        continue;
      }
      task.loss.curvature(task, point.Z, H);
      for (let k = 0; k < task.width; k++) {
        let total = 0;
        for (let i = task.offset + k * task.count, end = i + task.count; i < end; i++) total += H[i];
        scale = Math.max(scale, total);
      }
    }
    return scale;
  }

  /**
   * Adds so much of a direction along which F falls without bending (all categories of a feature, and the intercept
   * back; all classes of a softmax) that the step ends at a kink of the penalty, and not before.
   */
  function goFar(point: Point, rows: Int32Array, flat: Float64Array, solution: Float64Array): void {
    const size = rows.length * columns;
    let weight = 0;
    for (const j of rows)
      for (let c = 0; c < columns; c++) weight = Math.max(weight, Math.abs(point.W[j * columns + c]));
    let largest = 0;
    for (let i = 0; i < size; i++) largest = Math.max(largest, Math.abs(flat[i]));
    if (!(largest > 0)) return;
    const times = (FAR * weight) / largest;
    for (let i = 0; i < solution.length; i++) solution[i] += times * flat[i];
  }

  /** −(∇L + λ∇R) on the rows; intercepts are at their optimum: 0. */
  function fillResidual(lambda: number, point: Point, rows: Int32Array, residual: Float64Array): void {
    residual.fill(0);
    for (let k = 0; k < rows.length; k++) {
      const at = rows[k] * columns;
      for (let c = 0; c < columns; c++) residual[k * columns + c] = point.V[at + c];
      derivatives.subtractGradient(point.W, at, columns, lambda, residual, k * columns);
    }
  }

  function pinZeros(point: Point, rows: Int32Array, pinned: Uint8Array, residual: Float64Array): void {
    for (let k = 0; k < rows.length; k++) {
      for (let c = 0; c < columns; c++) {
        const zero = point.W[rows[k] * columns + c] === 0;
        pinned[k * columns + c] = zero ? 1 : 0;
        if (zero) residual[k * columns + c] = 0;
      }
    }
  }

  /**
   * Moves W along the step where the loss is its own quadratic model, without looking at the rows of the data:
   * L(W + S) = L(W) − ⟨V, S⟩ + ½⟨S, ∇²L S⟩. Returns the step's length, 0 where nothing is to be gained.
   */
  function searchModel(
    lambda: number,
    point: Point,
    rows: Int32Array,
    solution: Float64Array,
    curvature: LossCurvature,
  ): number {
    const before = penalty.value(point.W, shape);
    trial.W.set(point.W);
    const step = new Float64Array(solution.length);
    const image = new Float64Array(solution.length);
    for (const t of lengths(point, rows, solution)) {
      stepTo(point, rows, solution, t);
      let linear = 0;
      for (let k = 0; k < rows.length; k++) {
        const at = rows[k] * columns;
        for (let c = 0; c < columns; c++) {
          step[k * columns + c] = trial.W[at + c] - point.W[at + c];
          linear -= point.V[at + c] * step[k * columns + c];
        }
      }
      curvature.times(step, image);
      let square = 0;
      for (let i = 0; i < step.length; i++) square += step[i] * image[i];
      const change = lambda * (penalty.value(trial.W, shape) - before);
      if (linear + 0.5 * square + change > SUFFICIENT * Math.min(0, linear + change)) continue;
      point.W.set(trial.W);
      for (let k = 0; k < rows.length; k++) {
        for (let c = 0; c < columns; c++) point.V[rows[k] * columns + c] -= image[k * columns + c];
      }
      return t;
    }
    return 0;
  }

  /** Moves the point along the step, with b, Z, θ and V on the rows following; returns the step's length. */
  function searchLoss(lambda: number, point: Point, rows: Int32Array, solution: Float64Array): number {
    const before = penalty.value(point.W, shape);
    const objective = evaluateLosses(problem, point, losses) + lambda * before;
    trial.W.set(point.W);
    for (const t of lengths(point, rows, solution)) {
      stepTo(point, rows, solution, t);
      const size = penalty.value(trial.W, shape);
      let slope = lambda * (size - before);
      for (let i = 0; i < trial.W.length; i++) slope -= point.V[i] * (trial.W[i] - point.W[i]);
      trial.b.set(point.b);
      refreshPredictions(problem, trial);
      fitIntercepts(problem, trial);
      const reached = evaluateLosses(problem, trial, losses) + lambda * size;
      if (reached > objective + SUFFICIENT * Math.min(0, slope)) continue;
      point.W.set(trial.W);
      point.b.set(trial.b);
      point.Z.set(trial.Z);
      point.theta.set(trial.theta);
      correlateInto(problem, point.theta, point.V, rows);
      return t;
    }
    return 0;
  }

  /**
   * Step lengths to try, longest first: 1; the lengths at which rows (or, in an orthant, entries) reach zero, of which the
   * farthest half is skipped each time; halves of the nearest. A step that ends where a row reaches zero takes the row
   * out: with nearly equal features Newton's steps are long, and that is where they should end.
   */
  function* lengths(point: Point, rows: Int32Array, solution: Float64Array): Generator<number> {
    yield 1;
    const kinks = kinked ? kinksBelowOne(point, rows, solution).sort() : new Float64Array(0);
    for (let at = kinks.length >> 1; kinks.length > 0; at >>= 1) {
      yield kinks[at];
      if (at === 0) break;
    }
    let t = kinks.length > 0 ? kinks[0] : 1;
    for (let halving = 0; halving < HALVINGS; halving++) {
      t *= 0.5;
      yield t;
    }
  }

  function kinksBelowOne(point: Point, rows: Int32Array, solution: Float64Array): Float64Array {
    const kinks: number[] = [];
    for (let k = 0; k < rows.length; k++) {
      let square = 0;
      let along = 0;
      for (let c = 0; c < columns; c++) {
        const w = point.W[rows[k] * columns + c];
        const product = w * solution[k * columns + c];
        if (orthant && w !== 0) kinks.push((-w * w) / product);
        square += w * w;
        along += product;
      }
      if (!orthant) kinks.push(-square / along);
    }
    return Float64Array.from(kinks.filter((t) => t > 0 && t < 1));
  }

  function stepTo(point: Point, rows: Int32Array, solution: Float64Array, t: number): void {
    for (let k = 0; k < rows.length; k++) {
      const at = rows[k] * columns;
      let along = 0;
      let square = 0;
      for (let c = 0; c < columns; c++) {
        const before = point.W[at + c];
        const after = before + t * solution[k * columns + c];
        square += before * before;
        along += before * after;
        trial.W[at + c] = orthant && before * after <= REACHED * before * before ? 0 : after;
      }
      // A row that would turn round passes the kink at zero: it stops there.
      if (kinked && along <= REACHED * square) trial.W.fill(0, at, at + columns);
    }
  }

  function largestRow(residual: Float64Array, count: number): number {
    let largest = 0;
    for (let k = 0; k < count; k++) {
      let sum = 0;
      for (let i = k * columns; i < (k + 1) * columns; i++) sum += residual[i] * residual[i];
      largest = Math.max(largest, sum);
    }
    return Math.sqrt(largest);
  }
}

interface Kept {
  readonly rows: Int32Array;
  readonly pinned?: Uint8Array;
  readonly precondition: Preconditioner;
}

function sameUnknowns(kept: Kept, rows: Int32Array, pinned: Uint8Array | undefined): boolean {
  return (
    kept.rows.length === rows.length &&
    kept.rows.every((j, k) => j === rows[k]) &&
    (!pinned || !kept.pinned || kept.pinned.every((value, i) => value === pinned[i]))
  );
}
