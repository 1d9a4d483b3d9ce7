import { type SimplexWeights, toSimplex } from './simplex-weights';

const MOST_STEPS = 100;
const MOST_PAIRS = 10_000;
const SMALLEST_GAP = 1e-9;

/**
 * Weights x on the simplex for rows of two losses, F(x) = Σ_{i<s} w_i (Σ_m x_m r_im)² − Σ_{i≥s} w_i log Σ_m x_m L_im: both are
 * convex. Sequential quadratic programming: the quadratic model of F is minimised over the simplex by moving weight between
 * pairs of members, the one with the least slope and the one with the most, then as far along that step as F falls.
 *
 * @param values residuals of the first `squaredRows` rows, likelihoods > 0 of the others; row-major (rows × members)
 * @param weights sample weights (rows)
 * @returns `gap` is relative to F at equal weights
 */
export function mixedWeights(
  values: Float64Array,
  members: number,
  weights: Float64Array,
  squaredRows: number,
): SimplexWeights {
  const problem = { values, members, weights, squaredRows };
  let x: Float64Array = new Float64Array(members).fill(1 / members);
  let loss = lossAt(problem, x);
  const scale = Math.abs(loss) > 0 ? Math.abs(loss) : 1;
  let gap = Number.POSITIVE_INFINITY;
  for (let step = 0; step < MOST_STEPS; step++) {
    const { slope, curvature } = derivatives(problem, x);
    gap = gapOf(slope, x) / scale;
    if (gap <= SMALLEST_GAP) break;
    const target = minimizeModel(slope, curvature, x);
    const next = lineSearch(problem, x, target, loss, slope);
    if (next === undefined) break;
    x = next.x;
    loss = next.loss;
  }
  return { weights: toSimplex(x), gap };
}

interface Mixed {
  readonly values: Float64Array;
  readonly members: number;
  readonly weights: Float64Array;
  readonly squaredRows: number;
}

function mixtureAt({ values, members }: Mixed, x: Float64Array, row: number): number {
  let sum = 0;
  for (let m = 0; m < members; m++) sum += x[m] * values[row * members + m];
  return sum;
}

function lossAt(problem: Mixed, x: Float64Array): number {
  let loss = 0;
  problem.weights.forEach((weight, row) => {
    const mixture = mixtureAt(problem, x, row);
    loss += weight * (row < problem.squaredRows ? mixture * mixture : -Math.log(mixture));
  });
  return loss;
}

function derivatives(problem: Mixed, x: Float64Array) {
  const { values, members, weights, squaredRows } = problem;
  const slope = new Float64Array(members);
  const curvature = new Float64Array(members * members);
  for (let row = 0; row < weights.length; row++) {
    const mixture = mixtureAt(problem, x, row);
    const first = weights[row] * (row < squaredRows ? 2 * mixture : -1 / mixture);
    const second = weights[row] * (row < squaredRows ? 2 : 1 / (mixture * mixture));
    for (let a = 0; a < members; a++) {
      const value = values[row * members + a];
      slope[a] += first * value;
      for (let b = 0; b <= a; b++) curvature[a * members + b] += second * value * values[row * members + b];
    }
  }
  for (let a = 0; a < members; a++) {
    for (let b = 0; b < a; b++) curvature[b * members + a] = curvature[a * members + b];
  }
  return { slope, curvature };
}

/** How much a step to the best single member could gain, at most: a bound of F(x) − F*. */
function gapOf(slope: Float64Array, x: Float64Array): number {
  const mean = x.reduce((sum, weight, m) => sum + weight * slope[m], 0);
  return Math.max(0, mean - slope.reduce((least, s) => Math.min(least, s)));
}

/** The minimum over the simplex of slope · (y − x) + ½ (y − x)ᵀ H (y − x). */
function minimizeModel(slope: Float64Array, curvature: Float64Array, x: Float64Array): Float64Array {
  const members = x.length;
  const y = x.slice();
  const gradient = slope.slice();
  for (let pair = 0; pair < MOST_PAIRS; pair++) {
    let to = 0;
    let from = -1;
    for (let m = 0; m < members; m++) {
      if (gradient[m] < gradient[to]) to = m;
      if (y[m] > 0 && (from < 0 || gradient[m] > gradient[from])) from = m;
    }
    const fall = gradient[from] - gradient[to];
    if (!(fall > 1e-12 * Math.abs(gradient[from]))) break;
    const bend =
      curvature[to * members + to] + curvature[from * members + from] - 2 * curvature[to * members + from];
    const move = bend > 0 ? Math.min(y[from], fall / bend) : y[from];
    y[to] += move;
    y[from] = move === y[from] ? 0 : y[from] - move;
    for (let m = 0; m < members; m++) {
      gradient[m] += move * (curvature[m * members + to] - curvature[m * members + from]);
    }
  }
  return y;
}

/** The farthest of target, half-way, a quarter … that lowers the loss enough (Armijo); undefined when none does. */
function lineSearch(
  problem: Mixed,
  x: Float64Array,
  target: Float64Array,
  loss: number,
  slope: Float64Array,
): { readonly x: Float64Array; readonly loss: number } | undefined {
  const promised = x.reduce((sum, value, m) => sum + slope[m] * (value - target[m]), 0);
  for (let step = 1; step > 1e-8; step /= 2) {
    const there = x.map((value, m) => (step === 1 ? target[m] : value + step * (target[m] - value)));
    const own = lossAt(problem, there);
    if (own <= loss - 1e-4 * step * promised && own < loss) return { x: there, loss: own };
  }
  return undefined;
}
