/**
 * λ between the best one and its neighbours on the path, log-spaced, as many in the gap above it as below where there are
 * both; beyond the end of the grid, by the step it has, where the best is there.
 * @param lambdas tried so far, in any order; positive ones count
 */
export function refineAround(lambdas: readonly number[], best: number, points: number): number[] {
  const sorted = [...new Set(lambdas.filter((lambda) => lambda > 0))].sort((a, b) => b - a);
  const at = sorted.indexOf(best);
  if (at < 0) return [];
  const step = sorted.length > 1 ? (sorted[0] / sorted[sorted.length - 1]) ** (1 / (sorted.length - 1)) : 10;
  const above = sorted[at - 1];
  const below = sorted[at + 1] ?? best / step;
  // Above λ_max all models are the same: the largest of a grid is refined downwards only.
  if (above === undefined) return between(best, below, points);
  const upper = Math.ceil(points / 2);
  return [...between(above, best, upper), ...between(best, below, points - upper)];
}

/** `points` λ from `high` down to `low`, ends included. */
export function logSpaced(high: number, low: number, points: number): number[] {
  if (points === 1) return [high];
  return Array.from({ length: points }, (_, i) =>
    i === points - 1 ? low : high * (low / high) ** (i / (points - 1)),
  );
}

function between(high: number, low: number, points: number): number[] {
  return Array.from({ length: points }, (_, i) => high * (low / high) ** ((i + 1) / (points + 1)));
}
