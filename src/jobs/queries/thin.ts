/**
 * Indices of at most about `most` points that keep what a line drawn through all of them would show: the first, the
 * last, and the smallest and largest value of each of equal stretches. Ascending. NaN stands for no value.
 */
export function thinIndices(values: Float64Array, most: number): Int32Array {
  const count = values.length;
  if (most <= 0 || count <= most) return Int32Array.from(values.keys());
  const stretches = Math.max(1, Math.floor((most - 2) / 2));
  const kept = new Set<number>([0, count - 1]);
  for (let s = 0; s < stretches; s++) {
    const begin = Math.floor((s * count) / stretches);
    const end = Math.floor(((s + 1) * count) / stretches);
    let low = -1;
    let high = -1;
    for (let i = begin; i < end; i++) {
      if (Number.isNaN(values[i])) continue;
      if (low < 0 || values[i] < values[low]) low = i;
      if (high < 0 || values[i] > values[high]) high = i;
    }
    if (low >= 0) kept.add(low).add(high);
  }
  return Int32Array.from(kept).sort();
}
