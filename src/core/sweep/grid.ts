import type { LambdaSpec } from '../experiment/experiment';

/** A λ grid that cannot be made into numbers. */
export class GridError extends Error {
  override readonly name = 'GridError';
  readonly code = 'grid-without-lambda-max';
}

/** Smallest over largest λ where neither the file nor the learner says. */
const DEFAULT_RATIO = 1e-3;

/**
 * The λ of a sweep, largest first, each once. A grid is log-spaced between its ends, both included; its largest is
 * `from`, else `lambdaMax`; its smallest `to`, else `ratio` times the largest.
 * @throws GridError when the grid starts at λ_max and `lambdaMax` is not a positive number
 */
export function resolveGrid(spec: LambdaSpec, lambdaMax?: number): number[] {
  if (spec.kind === 'list') return [...new Set(spec.values)].sort((a, b) => b - a);
  const start = spec.from ?? lambdaMax;
  if (start === undefined || !(start > 0) || !Number.isFinite(start)) {
    throw new GridError(
      'the λ grid starts at λ_max, which is not known for this model: give the grid a `from`, or write a list',
    );
  }
  const end = spec.to ?? (spec.ratio ?? DEFAULT_RATIO) * start;
  const largest = Math.max(start, end);
  const smallest = Math.min(start, end);
  if (spec.points === 1 || largest === smallest) return [largest];
  const step = Math.log(smallest / largest) / (spec.points - 1);
  const grid = Array.from({ length: spec.points }, (_, index) => largest * Math.exp(step * index));
  grid[spec.points - 1] = smallest;
  return grid;
}
