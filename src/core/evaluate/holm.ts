/**
 * Holm's step-down correction: p values that may be compared with the error rate of the whole family.
 * Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6 (1979).
 *
 * @param p p values, in any order
 * @returns corrected p values in the same order, at most 1
 */
export function holm(p: readonly number[]): number[] {
  const order = p.map((_, index) => index).sort((a, b) => p[a] - p[b]);
  const corrected = new Array<number>(p.length);
  let largest = 0;
  order.forEach((index, rank) => {
    largest = Math.max(largest, Math.min(1, (p.length - rank) * p[index]));
    corrected[index] = largest;
  });
  return corrected;
}
