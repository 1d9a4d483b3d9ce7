import type { LinearProblem } from './linear-problem';
import type { Penalty, Shape } from './penalties';
import { correlateInto, predictInto } from './products';

/** Where a solver is, with everything that follows from W and b. The solver owns and changes the arrays. */
export interface Point {
  /** features × columns, row-major. */
  readonly W: Float64Array;
  readonly b: Float64Array;
  /** Predictions X W + 1 bᵀ, laid out as the problem says. */
  readonly Z: Float64Array;
  /** −∂L/∂Z. */
  readonly theta: Float64Array;
  /** Xᵀ θ = −∇L(W), features × columns. */
  readonly V: Float64Array;
}

export interface Assessment {
  /** Σ_t w_t L_t + λ R. */
  readonly objective: number;
  /** L_t per task, without w_t. */
  readonly taskLosses: readonly number[];
  /** R(W), without λ. */
  readonly penalty: number;
  /**
   * λ > 0: the duality gap over the objective at W = 0, an upper bound of (F − min F) / F(0). λ = 0, where the dual is
   * empty off the optimum: the gradient's norm over its norm at W = 0.
   */
  readonly residual: number;
}

/** The optimum with intercepts alone, which the scale of the gap and λ_max come from. */
export interface Origin {
  readonly point: Point;
  readonly loss: number;
  readonly gradientNorm: number;
}

export function createPoint(problem: LinearProblem): Point {
  const weights = problem.design.featureCount * problem.columns;
  return {
    W: new Float64Array(weights),
    b: new Float64Array(problem.columns),
    Z: new Float64Array(problem.predictionCount),
    theta: new Float64Array(problem.predictionCount),
    V: new Float64Array(weights),
  };
}

export function shapeOf(problem: LinearProblem): Shape {
  return { features: problem.design.featureCount, columns: problem.columns };
}

export function findOrigin(problem: LinearProblem): Origin {
  const point = createPoint(problem);
  fitIntercepts(problem, point);
  const loss = evaluateLosses(problem, point, new Float64Array(problem.tasks.length));
  correlateInto(problem, point.theta, point.V);
  return { point, loss, gradientNorm: euclidean(point.V) };
}

/** Σ_t w_t L_t at Z; fills θ, and `taskLosses` with L_t. */
export function evaluateLosses(
  problem: LinearProblem,
  point: { readonly Z: Float64Array; readonly theta: Float64Array },
  taskLosses: Float64Array,
): number {
  let total = 0;
  for (let t = 0; t < problem.tasks.length; t++) {
    const task = problem.tasks[t];
    const loss = task.loss.evaluate(task, point.Z, point.theta);
    taskLosses[t] = loss / task.taskWeight;
    total += loss;
  }
  return total;
}

/** Moves b, and Z with it, to its optimum for the W that Z was made from. */
export function fitIntercepts(
  problem: LinearProblem,
  point: { readonly Z: Float64Array; readonly b: Float64Array },
): void {
  if (!problem.intercept) return;
  for (const task of problem.tasks) task.loss.fitIntercept(task, point.Z, point.b);
}

/**
 * Refits the intercepts at the point's W, b and Z, fills θ and V there, and measures how far from optimal W is:
 * P(W) − D(sθ) ≥ P(W) − min P, with θ = −∂L/∂Z scaled into the dual's domain. Optimal intercepts make Σ_i θ_i = 0,
 * the dual's condition for being unpenalised.
 */
export function assess(
  problem: LinearProblem,
  penalty: Penalty,
  lambda: number,
  origin: Origin,
  point: Point,
): Assessment {
  fitIntercepts(problem, point);
  const losses = new Float64Array(problem.tasks.length);
  const loss = evaluateLosses(problem, point, losses);
  correlateInto(problem, point.theta, point.V);
  return measure(problem, penalty, lambda, origin, point, loss, losses);
}

/**
 * `assess` where b, θ and V are those of the point's W.
 * @param loss Σ_t w_t L_t
 * @param losses L_t a task
 */
export function measure(
  problem: LinearProblem,
  penalty: Penalty,
  lambda: number,
  origin: Origin,
  point: Point,
  loss: number,
  losses: Float64Array,
): Assessment {
  const shape = shapeOf(problem);
  const size = penalty.value(point.W, shape);
  const objective = loss + lambda * size;
  const taskLosses = Array.from(losses);
  if (lambda === 0) {
    const norm = euclidean(point.V);
    return { objective, taskLosses, penalty: size, residual: norm === 0 ? 0 : norm / origin.gradientNorm };
  }
  const scale = penalty.dualScale(point.V, shape, lambda);
  let dual = -penalty.conjugate(point.V, shape, lambda, scale);
  for (const task of problem.tasks) dual += task.loss.dual(task, point.theta, scale);
  const gap = Math.max(0, objective - dual);
  return { objective, taskLosses, penalty: size, residual: gap === 0 ? 0 : gap / origin.loss };
}

/** Recomputes Z from W and b. */
export function refreshPredictions(problem: LinearProblem, point: Point): void {
  predictInto(problem, point.W, point.b, point.Z);
}

function euclidean(V: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < V.length; i++) sum += V[i] * V[i];
  return Math.sqrt(sum);
}
