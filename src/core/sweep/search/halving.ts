/** One rung: so many configurations, each given so much of the resource. */
export interface Rung {
  readonly configurations: number;
  readonly resource: number;
}

/**
 * Successive halving (Jamieson and Talwalkar 2016): of each rung's configurations one in `factor` goes on, with `factor`
 * times the resource, up to all of it. Every rung waits for the whole rung before it, so that what goes on does not
 * depend on who was faster. At least one configuration reaches the last rung.
 */
export function rungsOf(configurations: number, most: number, factor: number): Rung[] {
  const resources = [most];
  while (resources[0] > 1 && factor ** resources.length <= configurations) {
    const less = Math.ceil(resources[0] / factor);
    if (less === resources[0]) break;
    resources.unshift(less);
  }
  return resources.map((resource, rung) => ({
    resource,
    configurations: Math.max(1, Math.ceil(configurations / factor ** rung)),
  }));
}

/**
 * The `count` best of the candidates, ascending. Of equals the earlier; those without a score come last.
 * @param scores by configuration, larger is better
 */
export function promote(
  scores: readonly (number | null)[],
  candidates: readonly number[],
  count: number,
): number[] {
  const value = (c: number): number => scores[c] ?? -Infinity;
  return candidates
    .toSorted((a, b) => (value(a) === value(b) ? a - b : value(b) - value(a)))
    .slice(0, count)
    .sort((a, b) => a - b);
}
