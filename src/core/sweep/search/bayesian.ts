import { Random } from '../../random';
import { draw } from './draw';
import { fitGaussianProcess, type Posterior } from './gaussian-process';
import { embed, type Space } from './space';

export interface Tried {
  /** Coordinates in the unit cube of the space. */
  readonly unit: readonly number[];
  /** Larger is better; null where there is none. */
  readonly score: number | null;
}

/** Points of the whole space, and near the best, among which a proposal is looked for. */
const SPREAD = 512;
const NEAR = 256;

/**
 * Coordinates of the next `count` points to try: each has the largest expected improvement over the best score so far
 * (Jones, Schonlau, Welch 1998) under a Gaussian process; those of one batch are proposed one after the other, each as if
 * the ones before had scored what the process expects (Ginsbourger et al. 2010). Points without a score count as the
 * worst. Pure: the same scores give the same proposals.
 */
export function propose(space: Space, tried: readonly Tried[], count: number, seed: number): number[][] {
  const proposals: number[][] = [];
  const scored = tried.flatMap(({ score }) => (score === null || Number.isNaN(score) ? [] : [score]));
  const dimensions = space.dimensions.length;
  if (scored.length < 2) {
    return Array.from({ length: count }, (_, i) => draw('quasi-random', tried.length + i, dimensions, seed));
  }
  const worst = Math.min(...scored);
  const points = tried.map(({ unit }) => embed(space, unit));
  const scores = tried.map(({ score }) => (score === null || Number.isNaN(score) ? worst : score));
  const units = tried.map(({ unit }) => unit);
  const random = new Random(seed);
  while (proposals.length < count) {
    const process = fitGaussianProcess(points, scores);
    const best = scores.indexOf(Math.max(...scores));
    const candidates = candidatesOf(units[best], dimensions, random);
    const known = new Set(points.map((point) => JSON.stringify(point)));
    let chosen = candidates[0];
    let most = -Infinity;
    for (const unit of candidates) {
      const at = embed(space, unit);
      const gain = known.has(JSON.stringify(at)) ? -1 : improvement(process, at, scores[best]);
      if (gain > most) [chosen, most] = [unit, gain];
    }
    const at = embed(space, chosen);
    scores.push(process.at(at).mean);
    proposals.push(chosen);
    units.push(chosen);
    points.push(at);
  }
  return proposals;
}

/** All over the space, and around its best point at three distances. */
function candidatesOf(best: readonly number[], dimensions: number, random: Random): number[][] {
  const seed = random.uint32();
  const spread = Array.from({ length: SPREAD }, (_, i) => draw('quasi-random', i, dimensions, seed));
  const near = Array.from({ length: NEAR }, (_, i) => {
    const distance = [0.15, 0.05, 0.015][i % 3];
    return best.map((value) => clamp(value + distance * random.normal()));
  });
  return [...spread, ...near];
}

function clamp(value: number): number {
  return Math.min(1 - Number.EPSILON, Math.max(0, value));
}

function improvement(process: Posterior, point: readonly number[], best: number): number {
  const { mean, deviation } = process.at(point);
  if (deviation <= 0) return Math.max(0, mean - best);
  const z = (mean - best) / deviation;
  return deviation * (z * normalBelow(z) + Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI));
}

/** Φ(z), by Abramowitz and Stegun 7.1.26: an error below 1.5e-7 does not change which point is best. */
function normalBelow(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const series =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const erf = 1 - series * Math.exp(-x * x);
  return z >= 0 ? 0.5 * (1 + erf) : 0.5 * (1 - erf);
}
