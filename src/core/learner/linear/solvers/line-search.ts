import {
  createPoint,
  evaluateLosses,
  fitIntercepts,
  type Point,
  refreshPredictions,
  shapeOf,
} from '../objective';
import { predictInto } from '../products';
import type { SolverTask } from './solver';

const SUFFICIENT = 1e-4;
const HALVINGS = 40;

/**
 * Moves a point along D (features × columns) by the largest t in 1, ½, ¼ … with
 * F(W + tD) ≤ F(W) + 10⁻⁴ t (⟨∇L, D⟩ + λR(W + D) − λR(W)), intercepts at their optimum on both sides
 * (Tseng and Yun, Math. Program. 117, 2009). Returns t; 0 when rounding leaves nothing to gain.
 */
export function createLineSearch(
  task: SolverTask,
): (lambda: number, point: Point, D: Float64Array, objective: number) => number {
  const { problem, penalty } = task;
  const shape = shapeOf(problem);
  const trial = createPoint(problem);
  const along = new Float64Array(problem.predictionCount);
  const noIntercept = new Float64Array(problem.columns);
  const losses = new Float64Array(problem.tasks.length);
  const exact = problem.tasks.every((rows) => rows.loss.quadratic);

  return (lambda, point, D, objective) => {
    if (exact) {
      // The quadratic model is the loss: its minimiser needs no search.
      for (let i = 0; i < D.length; i++) point.W[i] += D[i];
      refreshPredictions(problem, point);
      return 1;
    }
    predictInto(problem, D, noIntercept, along);
    const before = penalty.value(point.W, shape);
    let slope = 0;
    for (let i = 0; i < D.length; i++) {
      slope -= point.V[i] * D[i];
      trial.W[i] = point.W[i] + D[i];
    }
    slope += lambda * (penalty.value(trial.W, shape) - before);
    let t = 1;
    for (let halving = 0; halving < HALVINGS; halving++, t *= 0.5) {
      for (let i = 0; i < D.length; i++) trial.W[i] = point.W[i] + t * D[i];
      for (let i = 0; i < along.length; i++) trial.Z[i] = point.Z[i] + t * along[i];
      trial.b.set(point.b);
      fitIntercepts(problem, trial);
      const reached = evaluateLosses(problem, trial, losses) + lambda * penalty.value(trial.W, shape);
      if (reached <= objective + SUFFICIENT * t * slope + 1e-15 * Math.abs(objective)) {
        point.W.set(trial.W);
        point.Z.set(trial.Z);
        point.b.set(trial.b);
        return t;
      }
    }
    return 0;
  };
}
