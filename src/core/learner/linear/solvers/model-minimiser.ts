import type { LinearProblem } from '../linear-problem';
import { shapeOf } from '../objective';
import type { Penalty, RowDerivatives } from '../penalties';
import { conjugateGradient, euclidean } from './conjugate-gradient';
import type { CurvatureModel } from './curvature-model';

/** Part of the residual it starts from at which a model counts as minimised. */
const FORCING = 1e-3;
const MOST_STEPS = 5000;
/** Slack of the bound on the curvature: rounding. */
const SLACK = 1 + 1e-10;

/**
 * Fills D with argmin −⟨V, D⟩ + ½ ⟨D, H D⟩ + λ R(W + D): what costs nothing that grows with the rows.
 * @param V the (reduced) negative gradient at W
 */
export type ModelMinimiser = (lambda: number, W: Float64Array, V: Float64Array, D: Float64Array) => void;

/**
 * Conjugate gradients where the penalty is smooth everywhere, else accelerated proximal gradient
 * (Beck and Teboulle, SIAM J. Imaging Sci. 2, 2009) with restarts (O'Donoghue and Candès, Found. Comput. Math. 15, 2015).
 */
export function createModelMinimiser(
  problem: LinearProblem,
  penalty: Penalty,
  model: CurvatureModel,
): ModelMinimiser {
  const derivatives = penalty.rows?.derivatives;
  const smooth = derivatives?.smooth === 'everywhere' ? derivatives : undefined;
  return (lambda, W, V, D) => {
    if (lambda === 0) minimiseSmooth(problem, model, undefined, 0, W, V, D);
    else if (smooth) minimiseSmooth(problem, model, smooth, lambda, W, V, D);
    else minimiseByProx(problem, model, penalty, lambda, W, V, D);
  };
}

function minimiseSmooth(
  problem: LinearProblem,
  model: CurvatureModel,
  derivatives: RowDerivatives | undefined,
  lambda: number,
  W: Float64Array,
  V: Float64Array,
  D: Float64Array,
): void {
  const { columns } = problem;
  const { featureCount } = problem.design;
  const residual = V.slice();
  const a = new Float64Array(W.length);
  const u = new Float64Array(W.length);
  for (let at = 0; at < W.length; at += columns) {
    derivatives?.subtractGradient(W, at, columns, lambda, residual, at);
    derivatives?.split(W, at, columns, lambda, a, u, at);
  }
  const operator = {
    times(direction: Float64Array, out: Float64Array) {
      model.times(direction, out);
      for (let at = 0; at < W.length; at += columns) {
        derivatives?.addCurvature(W, at, columns, lambda, direction, out, at);
      }
    },
  };
  const enough = FORCING * euclidean(residual);
  const scale = model.largestDiagonal();
  conjugateGradient(operator, model.inverseWith(a), residual, D, enough, featureCount * columns, scale);
}

function minimiseByProx(
  problem: LinearProblem,
  model: CurvatureModel,
  penalty: Penalty,
  lambda: number,
  W: Float64Array,
  V: Float64Array,
  D: Float64Array,
): void {
  const shape = shapeOf(problem);
  const { length } = W;
  // D and its image H D; the place where the momentum leads, and the step from there.
  const image = new Float64Array(length);
  const ahead = new Float64Array(length);
  const aheadImage = new Float64Array(length);
  const next = new Float64Array(length);
  const nextImage = new Float64Array(length);
  D.fill(0);
  let lipschitz = model.largestDiagonal();
  let momentum = 1;
  let enough = 0;
  for (let step = 0; step < MOST_STEPS; step++) {
    let square = 0;
    for (;;) {
      for (let i = 0; i < length; i++) next[i] = W[i] + ahead[i] + (V[i] - aheadImage[i]) / lipschitz;
      penalty.prox(next, shape, lambda / lipschitz);
      for (let i = 0; i < length; i++) next[i] -= W[i];
      model.times(next, nextImage);
      square = 0;
      let curvature = 0;
      for (let i = 0; i < length; i++) {
        const d = next[i] - ahead[i];
        square += d * d;
        curvature += d * (nextImage[i] - aheadImage[i]);
      }
      if (!(curvature > SLACK * lipschitz * square)) break;
      lipschitz = Math.max(1.25 * lipschitz, curvature / square);
    }
    const residual = lipschitz * Math.sqrt(square);
    if (step === 0) enough = FORCING * residual;
    let climb = 0;
    for (let i = 0; i < length; i++) climb += (ahead[i] - next[i]) * (next[i] - D[i]);
    const grown = climb > 0 ? 1 : 0.5 * (1 + Math.sqrt(1 + 4 * momentum * momentum));
    const beta = climb > 0 ? 0 : (momentum - 1) / grown;
    momentum = grown;
    for (let i = 0; i < length; i++) {
      ahead[i] = next[i] + beta * (next[i] - D[i]);
      aheadImage[i] = nextImage[i] + beta * (nextImage[i] - image[i]);
    }
    D.set(next);
    image.set(nextImage);
    if (residual <= enough) return;
  }
}
