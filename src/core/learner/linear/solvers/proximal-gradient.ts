import { featureOf, scratchOf } from '../design';
import {
  copyPoint,
  createPoint,
  evaluateLosses,
  type Point,
  refreshPredictions,
  shapeOf,
} from '../objective';
import { correlateInto, predictInto } from '../products';
import { assessPoint, type Solver, type SolverResult, type SolverStep, type SolverTask } from './solver';

const CHECK_EVERY = 10;
/** Squared step over squared weights that is rounding. */
const STILL = 1e-30;

/**
 * Accelerated proximal gradient: for any convex loss, mask and penalty.
 *
 *     W⁺ = prox_{λ/ℓ}(Y − ∇L(Y)/ℓ),   Y = W + β_k (W − W_previous),   learning rate 1/ℓ
 *
 * Beck and Teboulle, SIAM J. Imaging Sci. 2 (2009), ℓ found by backtracking; momentum restarts when it points uphill
 * (O'Donoghue and Candès, Found. Comput. Math. 15, 2015). Intercepts take plain gradient steps along with W.
 */
export function createProximalGradient(task: SolverTask): Solver {
  const { problem, penalty } = task;
  const shape = shapeOf(problem);
  const { columns } = problem;
  let current = createPoint(problem);
  let previous = createPoint(problem);
  let next = createPoint(problem);
  const extrapolated = createPoint(problem);
  const interceptGradient = new Float64Array(columns);
  const losses = new Float64Array(problem.tasks.length);
  let lipschitz = largestDiagonal(task);

  function solve(lambda: number, point: Point, record: (step: SolverStep) => void): SolverResult {
    refreshPredictions(problem, point);
    let assessment = assessPoint(task, lambda, point);
    record({ step: 0, ...assessment, learningRate: 1 / lipschitz });
    copyPoint(point, current);
    copyPoint(point, previous);
    let momentum = 1;
    let iteration = 0;
    lipschitz *= 0.5;
    while (assessment.residual > task.tolerance && iteration < task.maxIterations) {
      iteration++;
      const nextMomentum = 0.5 * (1 + Math.sqrt(1 + 4 * momentum * momentum));
      extrapolate((momentum - 1) / nextMomentum);
      let loss = evaluateLosses(problem, extrapolated, losses);
      if (!Number.isFinite(loss)) {
        // The momentum led to where a rate e^z is beyond all numbers: there is no way back from there by smaller steps.
        extrapolate(0);
        loss = evaluateLosses(problem, extrapolated, losses);
      }
      correlateInto(problem, extrapolated.theta, extrapolated.V);
      sumIntercepts(extrapolated.theta);
      const nextLoss = backtrack(lambda, loss);
      const size = penalty.value(next.W, shape);
      record({
        step: iteration,
        objective: nextLoss + lambda * size,
        taskLosses: Array.from(losses),
        penalty: size,
        learningRate: 1 / lipschitz,
      });
      momentum = climbs() ? 1 : nextMomentum;
      [previous, current, next] = [current, next, previous];
      if (iteration % CHECK_EVERY === 0 || iteration === task.maxIterations) {
        point.W.set(current.W);
        point.b.set(current.b);
        point.Z.set(current.Z);
        assessment = assessPoint(task, lambda, point);
      }
    }
    return {
      converged: assessment.residual <= task.tolerance,
      iterations: iteration,
      residual: assessment.residual,
      assessment,
    };
  }

  /** Y = W + β (W − W_previous); Z is linear in (W, b), so that it is extrapolated along. */
  function extrapolate(beta: number): void {
    combine(current.W, previous.W, beta, extrapolated.W);
    combine(current.b, previous.b, beta, extrapolated.b);
    combine(current.Z, previous.Z, beta, extrapolated.Z);
  }

  function sumIntercepts(theta: Float64Array): void {
    if (!problem.intercept) return;
    for (const rows of problem.tasks) {
      for (let k = 0; k < rows.width; k++) {
        const at = rows.offset + k * rows.count;
        let sum = 0;
        for (let i = at; i < at + rows.count; i++) sum += theta[i];
        interceptGradient[rows.firstColumn + k] = sum;
      }
    }
  }

  /** Doubles ℓ until L(next) ≤ L(Y) + ⟨∇L(Y), next − Y⟩ + ℓ/2 ‖next − Y‖²; fills `next` and `losses`. */
  function backtrack(lambda: number, loss: number): number {
    for (;;) {
      const rate = 1 / lipschitz;
      for (let i = 0; i < next.W.length; i++) next.W[i] = extrapolated.W[i] + rate * extrapolated.V[i];
      for (let c = 0; c < columns; c++) next.b[c] = extrapolated.b[c] + rate * interceptGradient[c];
      penalty.prox(next.W, shape, lambda * rate);
      predictInto(problem, next.W, next.b, next.Z);
      const nextLoss = evaluateLosses(problem, next, losses);
      let linear = 0;
      let square = 0;
      let size = Number.MIN_VALUE;
      for (let i = 0; i < next.W.length; i++) {
        const d = next.W[i] - extrapolated.W[i];
        linear -= extrapolated.V[i] * d;
        square += d * d;
        size += next.W[i] * next.W[i];
      }
      for (let c = 0; c < columns; c++) {
        const d = next.b[c] - extrapolated.b[c];
        linear -= interceptGradient[c] * d;
        square += d * d;
        size += next.b[c] * next.b[c];
      }
      // The slack is rounding of the two losses, whose predictions were added up in different ways: without it ℓ would
      // grow for ever next to the optimum. A step that no longer moves the weights is taken for what it is.
      const bound = loss + linear + 0.5 * lipschitz * square + 1e-13 * (Math.abs(loss) + 1e-300);
      if (nextLoss <= bound || (square <= STILL * size && Number.isFinite(nextLoss))) return nextLoss;
      lipschitz *= 2;
    }
  }

  /** Whether the step from W to next has an uphill component against the momentum: ⟨Y − next, next − W⟩ > 0. */
  function climbs(): boolean {
    let product = 0;
    for (let i = 0; i < next.W.length; i++) {
      product += (extrapolated.W[i] - next.W[i]) * (next.W[i] - current.W[i]);
    }
    for (let c = 0; c < columns; c++) {
      product += (extrapolated.b[c] - next.b[c]) * (next.b[c] - current.b[c]);
    }
    return product > 0;
  }

  return { solve };
}

function combine(current: Float64Array, previous: Float64Array, beta: number, out: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = current[i] + beta * (current[i] - previous[i]);
}

/** A lower bound of the Lipschitz constant of ∇L to start the backtracking from: the largest second derivative at W = 0. */
function largestDiagonal({ problem, origin }: SolverTask): number {
  const { featureCount } = problem.design;
  const scratch = scratchOf(problem.design);
  const H = new Float64Array(problem.predictionCount);
  for (const task of problem.tasks) task.loss.curvature(task, origin.point.Z, H);
  let largest = 0;
  for (let j = 0; j < featureCount; j++) {
    const column = featureOf(problem.design, j, scratch);
    for (const { rows, width, offset, count } of problem.tasks) {
      for (let k = 0; k < width; k++) {
        const at = offset + k * count;
        let sum = 0;
        for (let i = 0; i < count; i++) {
          const x = column[rows ? rows[i] : i];
          sum += H[at + i] * x * x;
        }
        largest = Math.max(largest, sum);
      }
    }
  }
  return largest > 0 ? largest : 1;
}
