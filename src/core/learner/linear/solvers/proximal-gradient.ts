import { allFeatures, featureOf, scratchOf } from '../design';
import { copyPredictions, type LinearProblem, someRows, type TaskRows } from '../linear-problem';
import { evaluateLosses, type Point, refreshPredictions, shapeOf } from '../objective';
import { turnInto } from '../products';
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
  const features = allFeatures(problem.design);
  let current = createPlace(problem);
  let next = createPlace(problem);
  let extrapolated = createSlope(problem);
  let ahead = createSlope(problem);
  const losses = new Float64Array(problem.tasks.length);
  let lipschitz = largestDiagonal(task);
  let room = new Float64Array(0);

  function solve(lambda: number, point: Point, record: (step: SolverStep) => void): SolverResult {
    refreshPredictions(problem, point);
    let assessment = assessPoint(task, lambda, point);
    record({ step: 0, ...assessment, learningRate: 1 / lipschitz });
    let momentum = 1;
    let iteration = 0;
    lipschitz *= 0.5;
    begin(point);
    while (assessment.residual > task.tolerance && iteration < task.maxIterations) {
      iteration++;
      const { loss, beta, restarted } = backtrack(lambda, grown(momentum));
      momentum = restarted ? 1 : grown(momentum);
      const size = penalty.value(next.W, shape);
      record({
        step: iteration,
        objective: loss + lambda * size,
        taskLosses: Array.from(losses),
        penalty: size,
        learningRate: 1 / lipschitz,
      });
      extrapolate(beta);
      [current, next] = [next, current];
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

  /** Stands at a point that has just been assessed, without momentum. */
  function begin(point: Point): void {
    for (const { W, b } of [current, extrapolated]) {
      W.set(point.W);
      b.set(point.b);
    }
    current.Z.set(point.Z);
    extrapolated.V.set(point.V);
    extrapolated.intercepts.fill(0);
    for (const rows of problem.tasks) {
      for (let k = 0; k < rows.width; k++) {
        const at = rows.offset + k * rows.count;
        extrapolated.intercepts[rows.firstColumn + k] = sumOf(point.theta, at, at + rows.count);
      }
    }
    extrapolated.loss = evaluateLosses(problem, point, losses);
  }

  /**
   * Doubles ℓ until L(next) ≤ L(Y) + ⟨∇L(Y), next − Y⟩ + ℓ/2 ‖next − Y‖²; fills `next` and `losses`, and `ahead` with the loss
   * and its gradient where the next step begins, at next + β (next − current).
   */
  function backtrack(lambda: number, nextMomentum: number) {
    const { W, b, V, intercepts, loss: before } = extrapolated;
    for (;;) {
      const rate = 1 / lipschitz;
      for (let i = 0; i < next.W.length; i++) next.W[i] = W[i] + rate * V[i];
      for (let c = 0; c < columns; c++) next.b[c] = b[c] + (problem.intercept ? rate * intercepts[c] : 0);
      penalty.prox(next.W, shape, lambda * rate);
      const restarted = climbs();
      const from = restarted ? 1 : nextMomentum;
      let beta = (from - 1) / grown(from);
      const loss = lookAhead(beta);
      let linear = 0;
      let square = 0;
      let size = Number.MIN_VALUE;
      for (let i = 0; i < next.W.length; i++) {
        const d = next.W[i] - W[i];
        linear -= V[i] * d;
        square += d * d;
        size += next.W[i] * next.W[i];
      }
      for (let c = 0; c < columns; c++) {
        const d = next.b[c] - b[c];
        linear -= intercepts[c] * d;
        square += d * d;
        size += next.b[c] * next.b[c];
      }
      // The slack is rounding of the two losses, whose predictions were added up in different ways: without it ℓ would
      // grow for ever next to the optimum. A step that no longer moves the weights is taken for what it is.
      const bound = before + linear + 0.5 * lipschitz * square + 1e-13 * (Math.abs(before) + 1e-300);
      if (loss <= bound || (square <= STILL * size && Number.isFinite(loss))) {
        if (!Number.isFinite(ahead.loss)) {
          // The momentum leads to where a rate e^z is beyond all numbers: there is no way back from there by smaller steps.
          beta = 0;
          lookAhead(beta);
        }
        return { loss, beta, restarted };
      }
      lipschitz *= 2;
    }
  }

  /** L(next) and its predictions, and the gradient at next + β (next − current), in one pass over the features. */
  function lookAhead(beta: number): number {
    losses.fill(0);
    ahead.intercepts.fill(0);
    ahead.loss = 0;
    const turn = (rows: TaskRows, from: number, count: number, Z: Float64Array) => {
      const some = someRows(rows, from, count);
      if (room.length < 2 * Z.length) room = new Float64Array(2 * Z.length);
      const [before, theta] = [room.subarray(0, Z.length), room.subarray(Z.length, 2 * Z.length)];
      copyPredictions(rows, current.Z, from, count, before);
      for (let k = 0; k < rows.width; k++) {
        const at = rows.offset + k * rows.count + from;
        for (let i = 0; i < count; i++) next.Z[at + i] = Z[k * count + i];
      }
      losses[problem.tasks.indexOf(rows)] += rows.loss.evaluate(some, Z, theta);
      for (let i = 0; i < Z.length; i++) Z[i] += beta * (Z[i] - before[i]);
      ahead.loss += rows.loss.evaluate(some, Z, theta);
      for (let k = 0; k < rows.width; k++)
        ahead.intercepts[rows.firstColumn + k] += sumOf(theta, k * count, (k + 1) * count);
      Z.set(theta);
    };
    turnInto(problem, next.W, next.b, turn, ahead.V, features);
    let total = 0;
    for (let t = 0; t < losses.length; t++) {
      total += losses[t];
      losses[t] /= problem.tasks[t].taskWeight;
    }
    return total;
  }

  /** Y = next + β (next − current), where `ahead` was filled. */
  function extrapolate(beta: number): void {
    combine(next.W, current.W, beta, ahead.W);
    combine(next.b, current.b, beta, ahead.b);
    [extrapolated, ahead] = [ahead, extrapolated];
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

interface Place {
  readonly W: Float64Array;
  readonly b: Float64Array;
  readonly Z: Float64Array;
}

function createPlace({ design, columns, predictionCount }: LinearProblem): Place {
  return {
    W: new Float64Array(design.featureCount * columns),
    b: new Float64Array(columns),
    Z: new Float64Array(predictionCount),
  };
}

/** Weights, and the loss with its (negative) gradient there. */
interface Slope {
  readonly W: Float64Array;
  readonly b: Float64Array;
  readonly V: Float64Array;
  readonly intercepts: Float64Array;
  loss: number;
}

function createSlope({ design, columns }: LinearProblem): Slope {
  return {
    W: new Float64Array(design.featureCount * columns),
    b: new Float64Array(columns),
    V: new Float64Array(design.featureCount * columns),
    intercepts: new Float64Array(columns),
    loss: 0,
  };
}

/** t' = ½ (1 + √(1 + 4t²)). */
function grown(momentum: number): number {
  return 0.5 * (1 + Math.sqrt(1 + 4 * momentum * momentum));
}

function sumOf(values: Float64Array, from: number, end: number): number {
  let sum = 0;
  for (let i = from; i < end; i++) sum += values[i];
  return sum;
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
