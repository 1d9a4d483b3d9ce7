import {
  type Assessment,
  evaluateLosses,
  fitIntercepts,
  measure,
  type Point,
  refreshPredictions,
  shapeOf,
} from '../objective';
import { type PassResult, RowPass } from '../row-pass';
import { euclidean } from './conjugate-gradient';
import { CurvatureModel } from './curvature-model';
import { createModelMinimiser, type ModelMinimiser } from './model-minimiser';
import { sampleFor } from './model-size';
import type { Solver, SolverResult, SolverStep, SolverTask } from './solver';

const SUFFICIENT = 1e-4;
/** Rounding of losses whose rows are added up in different ways. */
const ROUNDING = 1e-13;
const HALVINGS = 30;
/** Models that follow each other in a step, at most; the gap below which one does; parts of a gradient that make no difference. */
const MOST_PARTS = 4;
const NEAR = 1e-3;
const ALIKE = 0.05;
/** Steps on a λ after which another solver goes on. */
const MOST_STEPS = 40;
interface Tools {
  readonly model: CurvatureModel;
  readonly pass: RowPass;
  readonly result: PassResult;
  readonly minimise: ModelMinimiser;
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
  const image = new Float64Array(weights);
  const piece = { W: new Float64Array(weights), b: new Float64Array(columns) };
  const trial = { W: new Float64Array(weights), b: new Float64Array(columns) };
  const slope = new Float64Array(columns);
  /** W and b at which the point's Z, θ and V hold: at first the origin's. */
  let held: { readonly W: Float64Array; readonly b: Float64Array } | undefined = {
    W: origin.point.W.slice(),
    b: origin.point.b.slice(),
  };
  /** Losses there. */
  let known: ReturnType<typeof lossesAt> | undefined;
  let tools: Tools | undefined;
  let other: Solver | undefined;

  function takeTools(): Tools {
    if (tools) return tools;
    const model = new CurvatureModel(problem, sampleFor(problem));
    const result: PassResult = {
      Z: new Float64Array(problem.predictionCount),
      V: new Float64Array(weights),
      intercepts: new Float64Array(columns),
      losses: new Float64Array(problem.tasks.length),
    };
    const minimise = createModelMinimiser(problem, penalty, model);
    tools = { model, pass: new RowPass(problem), result, minimise };
    return tools;
  }

  function solve(lambda: number, point: Point, record: (step: SolverStep) => void): SolverResult {
    let assessment = begin(lambda, point);
    record({ step: 0, ...assessment, learningRate: 1 });
    slope.fill(0);
    let iteration = 0;
    while (assessment.residual > task.tolerance && iteration < task.maxIterations) {
      if (iteration === MOST_STEPS) return goOn(lambda, point, record, iteration);
      iteration++;
      const taken = move(lambda, point, assessment.objective, assessment.residual);
      if (taken === undefined) return goOn(lambda, point, record, iteration);
      const seems = taken.estimate;
      if (seems && seems.residual > task.tolerance && iteration < task.maxIterations) assessment = seems;
      else {
        assessment = assess(lambda, point);
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
    if (holds) {
      known ??= lossesAt(point);
      return measure(problem, penalty, lambda, origin, point, known.loss, known.losses);
    }
    refreshPredictions(problem, point);
    return assess(lambda, point);
  }

  /** Refits the intercepts and measures the gap over all rows. */
  function assess(lambda: number, point: Point): Assessment {
    fitIntercepts(problem, point);
    known = lossesAt(point);
    takeTools().pass.correlateInto(point.theta, point.V);
    return measure(problem, penalty, lambda, origin, point, known.loss, known.losses);
  }

  /** With θ filled. */
  function lossesAt(point: Point) {
    const losses = new Float64Array(problem.tasks.length);
    return { loss: evaluateLosses(problem, point, losses), losses };
  }

  /**
   * A step along the model's minimiser; undefined where nothing is to be gained.
   * @returns what is estimated at its end, where V holds there
   */
  function move(
    lambda: number,
    point: Point,
    before: number,
    gap: number,
  ): { readonly estimate?: Assessment; readonly length: number } | undefined {
    const { model, pass, result, minimise } = takeTools();
    choose(lambda, point, gap, model, minimise);
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

  /**
   * Fills `step` and `follow` with the way to the minimum of a model of the loss; while the gap is wide, of models that follow each
   * other where they lead, of the sample's loss with the point's gradient over all rows.
   *
   * Shamir, Srebro and Zhang, ICML 2014.
   */
  function choose(
    lambda: number,
    point: Point,
    gap: number,
    model: CurvatureModel,
    minimise: ModelMinimiser,
  ): void {
    const from = { V: point.V, intercepts: slope };
    const at = { V: point.V.slice(), intercepts: slope.slice() };
    step.fill(0);
    follow.fill(0);
    model.begin(point.Z);
    let whole = 0;
    for (let part = 1; ; part++) {
      for (let i = 0; i < weights; i++) trial.W[i] = point.W[i] + step[i];
      model.reduce(at, reduced);
      minimise(lambda, trial.W, reduced, piece.W);
      model.followInto(piece.W, at.intercepts, piece.b);
      for (let i = 0; i < weights; i++) step[i] += piece.W[i];
      for (let c = 0; c < columns; c++) follow[c] += piece.b[c];
      if (model.exact || gap < NEAR || part === MOST_PARTS) return;
      model.times(piece.W, image);
      if (part === 1) whole = euclidean(image);
      model.advance(step, follow, from, at);
      for (let i = 0; i < weights; i++) image[i] -= reduced[i];
      model.reduce(at, reduced);
      for (let i = 0; i < weights; i++) image[i] += reduced[i];
      if (!(euclidean(image) > ALIKE * whole)) return;
      model.look();
    }
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
    known = undefined;
    return { ...result, iterations: done + result.iterations };
  }

  return { solve };
}
