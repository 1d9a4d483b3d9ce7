import { minimizeNonNegativeQuadratic } from './non-negative-quadratic';
import { type SimplexWeights, toSimplex } from './simplex-weights';

const MOST_STEPS = 200;
const SMALLEST_GAP = 1e-10;

/** Near the optimum a step gains less than the loss's last digit; the gap then says whether it was one. */
const ROUNDING = 1e-15;

/**
 * Weights x on the simplex that minimise the log loss of the mixture, F(x) = −Σ_i w_i log Σ_m x_m L_im with Σ w_i = 1:
 * convex, the problem of mixture proportions. Sequential quadratic programming with exact second derivatives: Kim,
 * Carbonetto, Stephens and Anitescu, A fast algorithm for maximum likelihood estimation of mixture proportions, JCGS 29
 * (2020). With s_m = Σ_i w_i L_im / (L x)_i, the gradient is −s, the optimum has s_m ≤ 1 with equality where x_m > 0, and
 * max s − 1 bounds F(x) − F*.
 *
 * @param likelihoods probability each member gave to the row's class, > 0; row-major (rows × members)
 * @param weights sample weights (rows), at least one > 0
 * @returns `gap` in nats per unit of sample weight
 */
export function logLossWeights(
  likelihoods: Float64Array,
  members: number,
  weights: Float64Array,
): SimplexWeights {
  const share = toSimplex(weights);
  let at = expand(likelihoods, new Float64Array(members).fill(1 / members), share);
  for (let step = 0; step < MOST_STEPS && gapAt(at) > SMALLEST_GAP; step++) {
    const { curvature, slope } = at;
    const target = toSimplex(
      minimizeNonNegativeQuadratic(
        curvature,
        slope.map((s) => 2 * s - 1),
      ),
    );
    const next = lineSearch(likelihoods, share, at, target);
    if (!next || (next.loss >= at.loss && gapAt(next) >= gapAt(at))) break;
    at = next;
  }
  return { weights: at.x, gap: gapAt(at) };
}

/** F, s and the Hessian of F at one point. */
interface Expansion {
  readonly x: Float64Array;
  readonly loss: number;
  readonly slope: Float64Array;
  readonly curvature: Float64Array;
}

function expand(likelihoods: Float64Array, x: Float64Array, share: Float64Array): Expansion {
  const members = x.length;
  const slope = new Float64Array(members);
  const curvature = new Float64Array(members * members);
  const ratios = new Float64Array(members);
  let loss = 0;
  for (let i = 0; i < share.length; i++) {
    const mixture = mixtureAt(likelihoods, x, i);
    loss -= share[i] * Math.log(mixture);
    for (let a = 0; a < members; a++) {
      ratios[a] = likelihoods[i * members + a] / mixture;
      const weighted = share[i] * ratios[a];
      slope[a] += weighted;
      for (let b = 0; b <= a; b++) curvature[a * members + b] += weighted * ratios[b];
    }
  }
  for (let a = 0; a < members; a++) {
    for (let b = 0; b < a; b++) curvature[b * members + a] = curvature[a * members + b];
  }
  return { x, loss, slope, curvature };
}

function gapAt(at: Expansion): number {
  return Math.max(0, at.slope.reduce((most, s) => Math.max(most, s), 0) - 1);
}

/**
 * The farthest of target, half-way, a quarter … that lowers the loss enough (Armijo); undefined when none does. The
 * whole step nearly always does, so every point tried is expanded at once.
 */
function lineSearch(
  likelihoods: Float64Array,
  share: Float64Array,
  from: Expansion,
  target: Float64Array,
): Expansion | undefined {
  const promised = target.reduce((sum, value, m) => sum + from.slope[m] * (value - from.x[m]), 0);
  const rounding = ROUNDING * (1 + Math.abs(from.loss));
  for (let step = 1; step > 1e-10; step /= 2) {
    const x = from.x.map((value, m) => (step === 1 ? target[m] : value + step * (target[m] - value)));
    const there = expand(likelihoods, x, share);
    if (there.loss <= from.loss - 1e-4 * step * promised + rounding) return there;
  }
  return undefined;
}

function mixtureAt(likelihoods: Float64Array, x: Float64Array, row: number): number {
  let mixture = 0;
  for (let m = 0; m < x.length; m++) mixture += x[m] * likelihoods[row * x.length + m];
  return mixture;
}
