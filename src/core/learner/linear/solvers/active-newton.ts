import {
  createPoint,
  evaluateLosses,
  fitIntercepts,
  type Point,
  refreshPredictions,
  shapeOf,
} from '../objective';
import type { RowDerivatives } from '../penalties';
import { correlateInto } from '../products';
import { conjugateGradient, createConjugateGradientState } from './conjugate-gradient';
import { createLossCurvature, type LossCurvature } from './loss-curvature';
import type { ColumnGroups } from './quadratic-model';
import type { SolverTask } from './solver';

const HALVINGS = 30;
const SUFFICIENT = 1e-4;
/** Each step's system is solved to this part of the gradient it starts from, or as far as is asked for in the end. */
const FORCING = 0.02;
const CG_LIMIT = 500;

export interface NewtonOutcome {
  readonly steps: number;
  /** Length of the last step; 0 when none was possible. */
  readonly length: number;
}

/**
 * Newton's method on the given rows of W, where the penalty is smooth, all other rows held at zero:
 *
 *     (∇²L + λ∇²R) D = −(∇L + λ∇R)  on the rows, by conjugate gradients;  F(W + tD) falls by a line search over t.
 *
 * It takes over from coordinate descent once the active rows are known, where that converges slowly (correlated
 * features, small λ, softmax). Within an orthant (lasso) zero entries stay, and entries that would change sign stop at 0.
 * Nocedal and Wright, Numerical Optimization (2006), chapter 7; Andrew and Gao, ICML 2007 (orthants).
 */
export function createActiveNewton(
  task: SolverTask,
  columnGroups: ColumnGroups,
  derivatives: RowDerivatives,
): (lambda: number, point: Point, rows: Int32Array, enough: number, maxSteps: number) => NewtonOutcome {
  const { problem, penalty } = task;
  const { columns } = problem;
  const shape = shapeOf(problem);
  const curvatureAt = createLossCurvature(problem, columnGroups);
  const trial = createPoint(problem);
  const losses = new Float64Array(problem.tasks.length);
  const orthant = derivatives.smooth === 'orthant';
  // One system is the whole way where the objective is quadratic.
  const forcing = columnGroups.rest.length === 0 && derivatives.smooth === 'everywhere' ? 1e-13 : FORCING;

  return (lambda, point, rows, enough, maxSteps) => {
    const size = rows.length * columns;
    const residual = new Float64Array(size + columns);
    const solution = new Float64Array(size + columns);
    const diagonal = new Float64Array(size + columns);
    const state = createConjugateGradientState(size + columns);
    let steps = 0;
    let length = 1;
    let objective = valueAt(lambda, point);
    while (steps < maxSteps && length > 0) {
      residual.fill(0);
      for (let k = 0; k < rows.length; k++) {
        const at = rows[k] * columns;
        for (let c = 0; c < columns; c++) residual[k * columns + c] = point.V[at + c];
        derivatives.subtractGradient(point.W, at, columns, lambda, residual, k * columns);
      }
      if (orthant) clearPinned(point, rows, residual);
      if (largestRow(residual, rows.length) <= enough) break;
      steps++;
      const curvature = curvatureAt(point, rows);
      curvature.fillDiagonal(diagonal);
      for (let k = 0; k < rows.length; k++) {
        derivatives.addDiagonal(point.W, rows[k] * columns, columns, lambda, diagonal, k * columns);
      }
      for (let i = 0; i < diagonal.length; i++) diagonal[i] = Math.max(diagonal[i], 1e-12);
      const operator = {
        times(direction: Float64Array, out: Float64Array) {
          multiply(curvature, lambda, point, rows, direction, out);
        },
      };
      const target = Math.max(0.3 * enough, forcing * euclidean(residual));
      conjugateGradient(operator, diagonal, residual, solution, target, CG_LIMIT, state);
      const reached = search(lambda, point, rows, solution, objective);
      length = reached.length;
      if (length > 0) objective = reached.objective;
    }
    return { steps, length };
  };

  function valueAt(lambda: number, point: Point): number {
    return evaluateLosses(problem, point, losses) + lambda * penalty.value(point.W, shape);
  }

  function multiply(
    curvature: LossCurvature,
    lambda: number,
    point: Point,
    rows: Int32Array,
    direction: Float64Array,
    out: Float64Array,
  ): void {
    curvature.times(direction, out);
    for (let k = 0; k < rows.length; k++) {
      derivatives.addCurvature(point.W, rows[k] * columns, columns, lambda, direction, out, k * columns);
    }
    if (orthant) clearPinned(point, rows, out);
  }

  function clearPinned(point: Point, rows: Int32Array, out: Float64Array): void {
    for (let k = 0; k < rows.length; k++) {
      for (let c = 0; c < columns; c++) if (point.W[rows[k] * columns + c] === 0) out[k * columns + c] = 0;
    }
  }

  /** Moves `point` along the step, with b, Z, θ and V on the rows following; leaves it where nothing is to be gained. */
  function search(
    lambda: number,
    point: Point,
    rows: Int32Array,
    solution: Float64Array,
    objective: number,
  ): { length: number; objective: number } {
    trial.W.set(point.W);
    stepTo(point, rows, solution, 1);
    let slope = lambda * (penalty.value(trial.W, shape) - penalty.value(point.W, shape));
    for (let i = 0; i < trial.W.length; i++) slope -= point.V[i] * (trial.W[i] - point.W[i]);
    let t = 1;
    for (let halving = 0; halving < HALVINGS; halving++, t *= 0.5) {
      if (halving > 0) stepTo(point, rows, solution, t);
      trial.b.set(point.b);
      refreshPredictions(problem, trial);
      fitIntercepts(problem, trial);
      const reached = valueAt(lambda, trial);
      if (reached <= objective + SUFFICIENT * t * Math.min(0, slope)) {
        point.W.set(trial.W);
        point.b.set(trial.b);
        point.Z.set(trial.Z);
        point.theta.set(trial.theta);
        correlateInto(problem, point.theta, point.V, rows);
        return { length: t, objective: reached };
      }
    }
    return { length: 0, objective };
  }

  function stepTo(point: Point, rows: Int32Array, solution: Float64Array, t: number): void {
    for (let k = 0; k < rows.length; k++) {
      for (let c = 0; c < columns; c++) {
        const before = point.W[rows[k] * columns + c];
        const after = before + t * solution[k * columns + c];
        trial.W[rows[k] * columns + c] = orthant && before * after <= 0 ? 0 : after;
      }
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

function euclidean(v: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < v.length; i++) sum += v[i] * v[i];
  return Math.sqrt(sum);
}
