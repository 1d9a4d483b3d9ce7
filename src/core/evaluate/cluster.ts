/** Groups of items found in a matrix of distances. */
export interface Clustering {
  /** Items in the order of the tree's leaves, so that near ones are neighbours. */
  readonly order: readonly number[];
  /** Cluster of each item, numbered from 0 along `order`; all 0 where no division is better than none. */
  readonly clusters: readonly number[];
}

/** A division is taken only when its mean silhouette says that items are in the right group by some margin. */
const LEAST_SILHOUETTE = 0.25;
const MOST_CLUSTERS = 12;

/**
 * Agglomerative clustering with average linkage (Sokal and Michener 1958), cut where the mean silhouette (Rousseeuw
 * 1987) is largest, at 2 to 12 clusters. Ties go to the pair that comes first: the same matrix, the same tree. O(n³),
 * for some hundreds of items.
 *
 * @param distance n × n, row-major, symmetric, 0 on the diagonal
 */
export function clusterItems(distance: Float64Array, n: number): Clustering {
  if (n < 3) return { order: Array.from({ length: n }, (_, i) => i), clusters: new Array(n).fill(0) };
  const active = Array.from({ length: n }, (_, i): readonly number[] => [i]);
  const between = Array.from({ length: n }, (_, i) => Array.from(distance.subarray(i * n, (i + 1) * n)));
  let best: { clusters: Int32Array; silhouette: number } | undefined;
  while (active.length > 1) {
    if (active.length <= Math.min(MOST_CLUSTERS, n - 1)) {
      const clusters = assignment(active, n);
      const silhouette = meanSilhouette(distance, n, clusters, active.length);
      if (best === undefined || silhouette > best.silhouette) best = { clusters, silhouette };
    }
    const [a, b] = nearestPair(between);
    merge(active, between, a, b);
  }
  const [order] = active;
  const found = best !== undefined && best.silhouette >= LEAST_SILHOUETTE ? best.clusters : new Int32Array(n);
  return { order, clusters: numberedAlong(order, found) };
}

function nearestPair(between: readonly (readonly number[])[]): readonly [number, number] {
  let pair: readonly [number, number] = [0, 1];
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < between.length; i++) {
    for (let j = i + 1; j < between.length; j++) {
      if (between[i][j] >= least) continue;
      least = between[i][j];
      pair = [i, j];
    }
  }
  return pair;
}

/** Puts b into a (a < b): its distance to any other is the mean over all pairs of their items. */
function merge(active: (readonly number[])[], between: number[][], a: number, b: number): void {
  const [left, right] = [active[a].length, active[b].length];
  for (let k = 0; k < active.length; k++) {
    if (k === a || k === b) continue;
    const mean = (left * between[a][k] + right * between[b][k]) / (left + right);
    between[a][k] = mean;
    between[k][a] = mean;
  }
  active[a] = [...active[a], ...active[b]];
  active.splice(b, 1);
  between.splice(b, 1);
  for (const row of between) row.splice(b, 1);
}

function assignment(active: readonly (readonly number[])[], n: number): Int32Array {
  const clusters = new Int32Array(n);
  active.forEach((leaves, c) => {
    for (const leaf of leaves) clusters[leaf] = c;
  });
  return clusters;
}

function meanSilhouette(distance: Float64Array, n: number, clusters: Int32Array, count: number): number {
  const sizes = new Int32Array(count);
  for (const c of clusters) sizes[c]++;
  const sums = new Float64Array(count);
  let total = 0;
  for (let i = 0; i < n; i++) {
    const own = clusters[i];
    // An item alone in its cluster says nothing of how well it belongs there.
    if (sizes[own] === 1) continue;
    sums.fill(0);
    for (let j = 0; j < n; j++) sums[clusters[j]] += distance[i * n + j];
    const within = sums[own] / (sizes[own] - 1);
    let nearest = Number.POSITIVE_INFINITY;
    for (let c = 0; c < count; c++) if (c !== own) nearest = Math.min(nearest, sums[c] / sizes[c]);
    const scale = Math.max(within, nearest);
    total += scale > 0 ? (nearest - within) / scale : 0;
  }
  return total / n;
}

function numberedAlong(order: readonly number[], clusters: Int32Array): number[] {
  const numbers = new Map<number, number>();
  for (const item of order) if (!numbers.has(clusters[item])) numbers.set(clusters[item], numbers.size);
  return Array.from(clusters, (c) => numbers.get(c) ?? 0);
}
