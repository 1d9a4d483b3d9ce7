/** A Gaussian process with its scores: the mean and the deviation of what is not known, anywhere. */
export interface Posterior {
  /** In the scores' units; the deviation is that of the noiseless score. */
  at(point: readonly number[]): { readonly mean: number; readonly deviation: number };
}

/**
 * Gaussian-process regression with a Matérn 5/2 kernel (Rasmussen and Williams 2006, sections 2.2 and 4.2),
 *
 *     k(x, z) = s² (1 + √5 r + 5 r²/3) exp(−√5 r),  r² = Σ_d (x_d − z_d)² / ℓ_d²,
 *
 * scores standardised. Length scales and noise are those of largest marginal likelihood, found by coordinate search over
 * a fixed grid: the same data give the same process, bit for bit.
 * @param given coordinates of about unit length, one list a score
 */
export function fitGaussianProcess(
  given: readonly (readonly number[])[],
  scores: readonly number[],
): Posterior {
  const points = [...given];
  const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
  const variance = scores.reduce((sum, score) => sum + (score - mean) ** 2, 0) / scores.length;
  const scale = Math.sqrt(variance) || 1;
  const y = scores.map((score) => (score - mean) / scale);
  const best = tune(points, y);
  return {
    at(point) {
      const k = points.map((other) => kernel(point, other, best.lengths));
      const z = forward(best.factor, k);
      const predicted = k.reduce((sum, value, i) => sum + value * best.weights[i], 0);
      const explained = z.reduce((sum, value) => sum + value * value, 0);
      return {
        mean: mean + scale * predicted,
        deviation: scale * Math.sqrt(Math.max(0, best.signal * (1 - explained))),
      };
    },
  };
}

const LENGTHS = [0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2];
const NOISES = [1e-6, 1e-4, 1e-3, 1e-2, 1e-1, 1];
/** Sweeps over the coordinates; more changed nothing that was tried. */
const ROUNDS = 3;

interface Tuned {
  readonly lengths: readonly number[];
  readonly factor: readonly Float64Array[];
  readonly weights: readonly number[];
  /** s²: the likelihood's own maximum given the lengths and the noise relative to it. */
  readonly signal: number;
  readonly likelihood: number;
}

function tune(points: readonly (readonly number[])[], y: readonly number[]): Tuned {
  const dimensions = points[0].length;
  let lengths: number[] = new Array<number>(dimensions).fill(0.4);
  let noise = 1e-3;
  let best = condition(points, y, lengths, noise);
  for (let round = 0; round < ROUNDS; round++) {
    const before = best.likelihood;
    for (const candidate of NOISES) {
      const found = condition(points, y, lengths, candidate);
      if (found.likelihood > best.likelihood) [best, noise] = [found, candidate];
    }
    for (let d = 0; d < dimensions; d++) {
      for (const candidate of LENGTHS) {
        const changed = lengths.with(d, candidate);
        const found = condition(points, y, changed, noise);
        if (found.likelihood > best.likelihood) [best, lengths] = [found, changed];
      }
    }
    if (best.likelihood === before) break;
  }
  return best;
}

function condition(
  points: readonly (readonly number[])[],
  y: readonly number[],
  lengths: readonly number[],
  noise: number,
): Tuned {
  const factor = cholesky(
    points.map((a, i) =>
      Float64Array.from(points.slice(0, i + 1), (b, j) => kernel(a, b, lengths) + (i === j ? noise : 0)),
    ),
  );
  const z = forward(factor, y);
  const signal = Math.max(1e-12, z.reduce((sum, value) => sum + value * value, 0) / y.length);
  const determinant = factor.reduce((sum, row, i) => sum + Math.log(row[i]), 0);
  return {
    lengths,
    factor,
    weights: backward(factor, z),
    signal,
    likelihood: -0.5 * y.length * Math.log(signal) - determinant,
  };
}

function kernel(a: readonly number[], b: readonly number[], lengths: readonly number[]): number {
  let square = 0;
  for (let d = 0; d < a.length; d++) square += ((a[d] - b[d]) / lengths[d]) ** 2;
  const r = Math.sqrt(5 * square);
  return (1 + r + (r * r) / 3) * Math.exp(-r);
}

/** Lower factor of a positive definite matrix given by its lower rows, in their place. */
function cholesky(rows: readonly Float64Array[]): readonly Float64Array[] {
  for (let i = 0; i < rows.length; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = rows[i][j];
      for (let k = 0; k < j; k++) sum -= rows[i][k] * rows[j][k];
      rows[i][j] = i === j ? Math.sqrt(Math.max(sum, 1e-12)) : sum / rows[j][j];
    }
  }
  return rows;
}

function forward(factor: readonly Float64Array[], y: readonly number[]): number[] {
  const z: number[] = [];
  for (let i = 0; i < y.length; i++) {
    let sum = y[i];
    for (let k = 0; k < i; k++) sum -= factor[i][k] * z[k];
    z.push(sum / factor[i][i]);
  }
  return z;
}

function backward(factor: readonly Float64Array[], z: readonly number[]): number[] {
  const x = z.slice();
  for (let i = x.length - 1; i >= 0; i--) {
    for (let k = i + 1; k < x.length; k++) x[i] -= factor[k][i] * x[k];
    x[i] /= factor[i][i];
  }
  return x;
}
