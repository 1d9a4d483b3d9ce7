import type { LinearProblem } from '../linear-problem';
import {
  type Assessment,
  evaluateLosses,
  measure,
  type Point,
  refreshPredictions,
  shapeOf,
} from '../objective';
import { type PassResult, RowPass } from '../row-pass';
import { sampleSize } from '../row-sample';
import { euclidean } from './conjugate-gradient';
import { CurvatureModel } from './curvature-model';
import { createModelMinimiser } from './model-minimiser';
import { assessPoint, type Solver, type SolverResult, type SolverStep, type SolverTask } from './solver';

const SUFFICIENT = 1e-4;
/** Rounding of losses whose rows are added up in different ways. */
const ROUNDING = 1e-13;
const HALVINGS = 30;
/** Steps on a λ after which another solver goes on. */
const MOST_STEPS = 40;
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
function sampleFor({ design, tasks, columns }: LinearProblem): number {
  const { rowCount, featureCount } = design;
  const pairs = tasks.reduce(
    (sum, { loss, width }) => sum + (loss.quadratic ? 0 : (width * (width + 1)) / 2),
    0,
  );
  const pass = rowCount * featureCount * (columns + MAKING);
  return sampleSize(design, (MODEL_SHARE * pass) / (pairs * (featureCount + 1) ** 2));
}

/**
 * Proximal Newton for large data: a step minimises
 *
 *     −⟨V, D⟩ + ½ ⟨D, H D⟩ + λ R(W + D),
 *
 * H the second derivatives of the loss over a sample of the rows (over all where it is squared), with the intercepts along. A step
 * costs one pass over the features, which finds the loss and the gradient where it ends; shorter steps than the full one are
 * tried on predictions alone, which are linear in the length. The gap is estimated by V until it seems closed, then measured.
 *
 * Lee, Sun and Saunders, SIAM J. Optim. 24 (2014); Roosta-Khorasani and Mahoney, Math. Program. 174 (2019).
 * @param general made for what is left, should it come to that
 */
export function createProximalNewton(task: SolverTask, general: () => Solver): Solver {
  const { problem, penalty, origin } = task;
  const { columns } = problem;
  const shape = shapeOf(problem);
  const weights = shape.features * columns;
  const step = new Float64Array(weights);
  const reduced = new Float64Array(weights);
  const follow = new Float64Array(columns);
  const trial = { W: new Float64Array(weights), b: new Float64Array(columns) };
  const slope = new Float64Array(columns);
  /** W and b at which the point's Z, θ and V hold: at first the origin's. */
  let held: { readonly W: Float64Array; readonly b: Float64Array } | undefined = {
    W: origin.point.W.slice(),
    b: origin.point.b.slice(),
  };
  let tools: ReturnType<typeof makeTools> | undefined;
  let other: Solver | undefined;

  function makeTools() {
    const model = new CurvatureModel(problem, sampleFor(problem));
    const pass = new RowPass(problem);
    const result: PassResult = {
      Z: new Float64Array(problem.predictionCount),
      V: new Float64Array(weights),
      intercepts: new Float64Array(columns),
      losses: new Float64Array(problem.tasks.length),
    };
    return { model, pass, result, minimise: createModelMinimiser(problem, penalty, model) };
  }

  function solve(lambda: number, point: Point, record: (step: SolverStep) => void): SolverResult {
    let assessment = begin(lambda, point);
    record({ step: 0, ...assessment, learningRate: 1 });
    slope.fill(0);
    let iteration = 0;
    while (assessment.residual > task.tolerance && iteration < task.maxIterations) {
      if (iteration === MOST_STEPS) return goOn(lambda, point, record, iteration);
      iteration++;
      const taken = move(lambda, point, assessment.objective);
      if (taken === undefined) return goOn(lambda, point, record, iteration);
      const seems = taken.estimate;
      if (seems && seems.residual > task.tolerance && iteration < task.maxIterations) assessment = seems;
      else {
        assessment = assessPoint(task, lambda, point);
        slope.fill(0);
      }
      record({ step: iteration, ...assessment, learningRate: taken.length });
    }
    held = { W: point.W.slice(), b: point.b.slice() };
    return {
      converged: assessment.residual <= task.tolerance,
      iterations: iteration,
      residual: assessment.residual,
      assessment,
    };
  }

  /** What another λ left at these weights holds. */
  function begin(lambda: number, point: Point): Assessment {
    const holds =
      held?.W.every((w, i) => w === point.W[i]) && held.b.every((value, c) => value === point.b[c]);
    if (!holds) {
      refreshPredictions(problem, point);
      return assessPoint(task, lambda, point);
    }
    const losses = new Float64Array(problem.tasks.length);
    const loss = evaluateLosses(problem, point, losses);
    return measure(problem, penalty, lambda, origin, point, loss, losses);
  }

  /**
   * A step along the model's minimiser; undefined where nothing is to be gained.
   * @returns what is estimated at its end, where V holds there
   */
  function move(
    lambda: number,
    point: Point,
    before: number,
  ): { readonly estimate?: Assessment; readonly length: number } | undefined {
    tools ??= makeTools();
    const { model, pass, result, minimise } = tools;
    model.update(point.Z);
    model.reduce(point.V, slope, reduced);
    minimise(lambda, point.W, reduced, step);
    model.followInto(step, slope, follow);
    const size = penalty.value(point.W, shape);
    let gain = 0;
    for (let i = 0; i < weights; i++) {
      trial.W[i] = point.W[i] + step[i];
      gain -= point.V[i] * step[i];
    }
    for (let c = 0; c < columns; c++) {
      trial.b[c] = point.b[c] + follow[c];
      gain -= slope[c] * follow[c];
    }
    gain += lambda * (penalty.value(trial.W, shape) - size);
    const slack = ROUNDING * Math.abs(before);
    if (!(gain <= slack)) return undefined;
    gain = Math.min(0, gain);
    const loss = pass.lookAt(trial.W, trial.b, result);
    const reached = loss + lambda * penalty.value(trial.W, shape);
    if (reached <= before + SUFFICIENT * gain + slack) {
      point.W.set(trial.W);
      point.b.set(trial.b);
      point.Z.set(result.Z);
      point.V.set(result.V);
      slope.set(result.intercepts);
      return { estimate: estimate(lambda, point, reached, result.losses), length: 1 };
    }
    const length = shorten(lambda, point, result, before, gain, slack);
    return length > 0 ? { length } : undefined;
  }

  /** Moves W, b and Z by the largest of ½, ¼ … of the step that is good enough; returns it, 0 where there is none. */
  function shorten(
    lambda: number,
    point: Point,
    { Z: end, losses }: PassResult,
    before: number,
    gain: number,
    slack: number,
  ): number {
    const Z = new Float64Array(problem.predictionCount);
    let t = 0.5;
    for (let halving = 0; halving < HALVINGS; halving++, t *= 0.5) {
      for (let i = 0; i < Z.length; i++) Z[i] = point.Z[i] + t * (end[i] - point.Z[i]);
      for (let i = 0; i < weights; i++) trial.W[i] = point.W[i] + t * step[i];
      const loss = evaluateLosses(problem, { Z, theta: point.theta }, losses);
      if (loss + lambda * penalty.value(trial.W, shape) > before + SUFFICIENT * t * gain + slack) continue;
      point.W.set(trial.W);
      for (let c = 0; c < columns; c++) point.b[c] += t * follow[c];
      point.Z.set(Z);
      return t;
    }
    return 0;
  }

  /**
   * To the second order in 1 − s, the dual's scale: at s = 1 the gap is λR(W) + (λR)*(V) − ⟨V, W⟩ (Fenchel and Young), whose
   * derivative by s is ⟨V, W⟩.
   */
  function estimate(lambda: number, point: Point, objective: number, losses: Float64Array): Assessment {
    const { W, V } = point;
    const size = penalty.value(W, shape);
    const taskLosses = Array.from(losses, (loss, t) => loss / problem.tasks[t].taskWeight);
    const at = { objective, taskLosses, penalty: size };
    if (lambda === 0)
      return { ...at, residual: Math.hypot(euclidean(V), euclidean(slope)) / origin.gradientNorm };
    const scale = penalty.dualScale(V, shape, lambda);
    let along = 0;
    for (let i = 0; i < weights; i++) along += V[i] * W[i];
    const gap =
      lambda * size +
      penalty.conjugate(V, shape, lambda, scale) -
      scale * along +
      (1 - scale) ** 2 * origin.loss;
    return { ...at, residual: Math.max(0, gap) / origin.loss };
  }

  function goOn(
    lambda: number,
    point: Point,
    record: (step: SolverStep) => void,
    done: number,
  ): SolverResult {
    other ??= general();
    const result = other.solve(lambda, point, (step) => record({ ...step, step: done + step.step }));
    // It need not leave more than W and b.
    held = undefined;
    return { ...result, iterations: done + result.iterations };
  }

  return { solve };
}
