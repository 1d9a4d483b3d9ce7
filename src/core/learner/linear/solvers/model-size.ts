import type { LinearProblem } from '../linear-problem';
import { sampleSize } from '../row-sample';
import type { SolverTask } from './solver';

/** Features that models are made of, and numbers of all their second derivatives (16 MiB), at most. */
const MOST_FEATURES = 140;
const MOST_NUMBERS = 2_097_152;
/** Products for a model, at most, for each number of the features and column of a pass over them, and what making those counts for. */
const MODEL_SHARE = 4;
const MAKING = 10;

/** Whether the proximal Newton method is for this problem: large data, whose passes are what a fit costs. */
export function goesByModels({ problem, penalty }: SolverTask): boolean {
  const { design, tasks } = problem;
  const { featureCount, make, sparse } = design;
  const numbers = tasks.reduce((sum, { width }) => sum + (featureCount * width) ** 2, 0);
  return (
    make !== undefined &&
    sparse === undefined &&
    featureCount <= MOST_FEATURES &&
    numbers <= MOST_NUMBERS &&
    tasks.every((task) => task.rows === undefined) &&
    (tasks.every((task) => task.loss.quadratic) ? penalty.rows === undefined : sampleFor(problem) > 0)
  );
}

/** Rows whose second derivatives cost no more than a few passes; 0 where they would be too few. */
export function sampleFor({ design, tasks, columns }: LinearProblem): number {
  const { rowCount, featureCount } = design;
  const pairs = tasks.reduce(
    (sum, { loss, width }) => sum + (loss.quadratic ? 0 : (width * (width + 1)) / 2),
    0,
  );
  const pass = rowCount * featureCount * (columns + MAKING);
  return sampleSize(design, (MODEL_SHARE * pass) / (pairs * (featureCount + 1) ** 2));
}
