import type { Random } from '../random';

/** Which strata each item belongs to: item i has `strata[start[i]]` to `strata[start[i + 1] - 1]`. */
export interface Memberships {
  readonly start: Int32Array;
  readonly strata: Int32Array;
  readonly strataCount: number;
}

/**
 * Splits items into parts of exactly the given sizes so that each stratum is spread over the parts in proportion:
 * iterative stratification (Sechidis, Tsoumakas, Vlahavas: On the stratification of multi-label data, 2011). The
 * stratum with the fewest items left goes first; each of its items goes to the part that wants the stratum most,
 * then to the part that wants items most, then to one drawn at random. The paper lets sizes drift; here a part that
 * is full takes no more.
 * @param sizes items of each part; their sum is the number of items
 * @returns part of each item
 */
export function stratify(memberships: Memberships, sizes: readonly number[], random: Random): Int32Array {
  const { start, strata, strataCount } = memberships;
  const itemCount = start.length - 1;
  const parts = sizes.length;
  const partOf = new Int32Array(itemCount).fill(-1);
  const room = Float64Array.from(sizes);
  const { itemsOf, itemStart } = invert(memberships, random);
  const left = Int32Array.from({ length: strataCount }, (_, s) => itemStart[s + 1] - itemStart[s]);
  const wanted = new Float64Array(strataCount * parts);
  for (let s = 0; s < strataCount; s++) {
    for (let p = 0; p < parts; p++) wanted[s * parts + p] = (left[s] * sizes[p]) / itemCount;
  }

  const ties = new Int32Array(parts);
  /** The part with room that wants stratum s most; -1 stands for no stratum. */
  const choose = (s: number): number => {
    let tied = 0;
    for (let p = 0; p < parts; p++) {
      if (room[p] <= 0) continue;
      const order = tied === 0 ? 1 : compare(s, p, ties[0]);
      if (order > 0) tied = 0;
      if (order >= 0) ties[tied++] = p;
    }
    return tied === 1 ? ties[0] : ties[random.integer(tied)];
  };
  const compare = (s: number, p: number, q: number): number => {
    const difference = s < 0 ? 0 : wanted[s * parts + p] - wanted[s * parts + q];
    // Wants are sums of equal fractions taken in different orders; rounding must not break their ties.
    if (Math.abs(difference) > 1e-9) return difference;
    return room[p] - room[q];
  };
  const place = (item: number, part: number): void => {
    partOf[item] = part;
    room[part]--;
    for (let k = start[item]; k < start[item + 1]; k++) {
      wanted[strata[k] * parts + part]--;
      left[strata[k]]--;
    }
  };

  for (;;) {
    const s = rarest(left);
    if (s < 0) break;
    for (let k = itemStart[s]; k < itemStart[s + 1]; k++) {
      if (partOf[itemsOf[k]] < 0) place(itemsOf[k], choose(s));
    }
  }
  const rest = Int32Array.from(partOf.keys()).filter((item) => partOf[item] < 0);
  random.shuffle(rest);
  for (const item of rest) place(item, choose(-1));
  return partOf;
}

/** Sizes of `parts` that differ by one at most; the longer ones first. */
export function evenSizes(total: number, parts: number): number[] {
  return Array.from({ length: parts }, (_, p) => Math.floor(total / parts) + (p < total % parts ? 1 : 0));
}

/** The stratum with the fewest items left, the first of equals; -1 when all are placed. */
function rarest(left: Int32Array): number {
  let best = -1;
  for (let s = 0; s < left.length; s++) {
    if (left[s] > 0 && (best < 0 || left[s] < left[best])) best = s;
  }
  return best;
}

/** Items of each stratum, in an order drawn at random (one for all strata). */
function invert({ start, strata, strataCount }: Memberships, random: Random) {
  const itemStart = new Int32Array(strataCount + 1);
  for (const s of strata) itemStart[s + 1]++;
  for (let s = 0; s < strataCount; s++) itemStart[s + 1] += itemStart[s];
  const order = Int32Array.from({ length: start.length - 1 }, (_, item) => item);
  random.shuffle(order);
  const next = itemStart.slice();
  const itemsOf = new Int32Array(strata.length);
  for (const item of order) {
    for (let k = start[item]; k < start[item + 1]; k++) itemsOf[next[strata[k]]++] = item;
  }
  return { itemsOf, itemStart };
}
