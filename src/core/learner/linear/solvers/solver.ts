import type { LinearProblem } from '../linear-problem';
import { type Assessment, assess, type Origin, type Point } from '../objective';
import type { Penalty, RowPenalty } from '../penalties';

export interface SolverOptions {
  /** The relative duality gap (λ = 0: relative gradient norm) to reach. */
  readonly tolerance: number;
  /** Proximal gradient steps, passes over the working set, or Newton steps. */
  readonly maxIterations: number;
}

/** A step as a solver reports it. */
export interface SolverStep extends Omit<Assessment, 'residual'> {
  readonly step: number;
  /** Length of the step along the (proximal) gradient or Newton direction. */
  readonly learningRate: number;
}

/** Everything of a fit that does not change along a λ path. */
export interface SolverTask extends SolverOptions {
  readonly problem: LinearProblem;
  readonly penalty: Penalty;
  readonly origin: Origin;
}

export interface SolverResult {
  readonly converged: boolean;
  readonly iterations: number;
  readonly residual: number;
  readonly assessment: Assessment;
}

/**
 * Moves a point to the optimum for a λ, from where it is: at first the origin, whole; then its W and b hold when it comes and when it
 * goes, the rest need not. May keep state between the λ of one path.
 */
export interface Solver {
  solve(lambda: number, point: Point, record: (step: SolverStep) => void): SolverResult;
}

export function assessPoint(task: SolverTask, lambda: number, point: Point): Assessment {
  return assess(task.problem, task.penalty, lambda, task.origin, point);
}

/** Length of a row's optimality residual at which the tolerance is about met, with a margin. */
export function residualTarget(task: SolverTask, rows: RowPenalty, lambda: number, at: Assessment): number {
  const share = 0.3 * task.tolerance;
  if (lambda === 0) return (share * task.origin.gradientNorm) / Math.sqrt(task.problem.design.featureCount);
  return rows.residualFor(share * task.origin.loss, lambda, at.penalty);
}
