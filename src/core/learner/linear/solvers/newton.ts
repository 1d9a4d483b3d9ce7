import { LinearError } from '../errors';
import { type Point, refreshPredictions } from '../objective';
import { createActiveNewton } from './active-newton';
import { groupColumns } from './quadratic-model';
import {
  assessPoint,
  residualTarget,
  type Solver,
  type SolverResult,
  type SolverStep,
  type SolverTask,
} from './solver';

/** Newton's method with conjugate gradients on all of W, for penalties that are smooth everywhere and any loss. */
export function createNewton(task: SolverTask): Solver {
  const { penalty, problem } = task;
  const derivatives = penalty.rows?.derivatives;
  if (!penalty.rows || derivatives?.smooth !== 'everywhere') {
    throw new LinearError(
      'wrong-solver',
      `Newton's method cannot minimise the penalty ${penalty.name}, which is not smooth. Write solver: auto or solver: gradient.`,
    );
  }
  const byRow = penalty.rows;
  const newton = createActiveNewton(task, groupColumns(problem), derivatives);
  const rows = Int32Array.from({ length: problem.design.featureCount }, (_, j) => j);

  function solve(lambda: number, point: Point, record: (step: SolverStep) => void): SolverResult {
    refreshPredictions(problem, point);
    let assessment = assessPoint(task, lambda, point);
    record({ step: 0, ...assessment, learningRate: 1 });
    let iteration = 0;
    let shrink = 1;
    while (assessment.residual > task.tolerance && iteration < task.maxIterations) {
      iteration++;
      const enough = residualTarget(task, byRow, lambda, assessment) * shrink;
      const { length, stale } = newton(lambda, point, rows, enough, 1);
      if (stale) refreshPredictions(problem, point);
      shrink *= 0.1;
      assessment = assessPoint(task, lambda, point);
      record({ step: iteration, ...assessment, learningRate: length });
      if (length === 0) break;
    }
    return {
      converged: assessment.residual <= task.tolerance,
      iterations: iteration,
      residual: assessment.residual,
      assessment,
    };
  }

  return { solve };
}
