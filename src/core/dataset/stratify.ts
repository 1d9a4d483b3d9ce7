import type { Random } from '../random';

/** Which strata each item belongs to, at least one: item i has `strata[start[i]]` to `strata[start[i + 1] - 1]`. */
export interface Memberships {
  readonly start: Int32Array;
  readonly strata: Int32Array;
  readonly strataCount: number;
}

/** A part to fill: the share of each stratum that it wants, and the number of items that it takes. */
export interface Part {
  readonly share: number;
  readonly size: number;
}

/**
 * Splits items into parts of exactly the given sizes so that each stratum is spread over the parts by their shares:
 * iterative stratification (Sechidis, Tsoumakas, Vlahavas: On the stratification of multi-label data, 2011). The
 * stratum with the fewest items left goes first; each of its items goes to the part that wants the stratum most,
 * then to the part that wants the item's strata most altogether, then to the part with most room, then to one drawn
 * at random. The paper lets sizes drift; here a part that is full takes no more.
 * @param parts their sizes add up to the number of items, their shares to 1
 * @returns part of each item
 */
export function stratify(memberships: Memberships, parts: readonly Part[], random: Random): Int32Array {
  const { start, strata, strataCount } = memberships;
  const itemCount = start.length - 1;
  const partCount = parts.length;
  const partOf = new Int32Array(itemCount).fill(-1);
  const room = Float64Array.from(parts, ({ size }) => size);
  const { itemsOf, itemStart } = invert(memberships, random);
  const left = Int32Array.from({ length: strataCount }, (_, s) => itemStart[s + 1] - itemStart[s]);
  const wanted = new Float64Array(strataCount * partCount);
  for (let s = 0; s < strataCount; s++) {
    for (let p = 0; p < partCount; p++) wanted[s * partCount + p] = left[s] * parts[p].share;
  }

  const difference = (s: number, p: number, q: number): number =>
    wanted[s * partCount + p] - wanted[s * partCount + q];
  /** Positive when part p is the better place for the item, taken from stratum s. */
  const compare = (item: number, s: number, p: number, q: number): number => {
    const own = difference(s, p, q);
    if (Math.abs(own) > TIE) return own;
    let all = 0;
    for (let k = start[item]; k < start[item + 1]; k++) all += difference(strata[k], p, q);
    return Math.abs(all) > TIE ? all : room[p] - room[q];
  };
  const ties = new Int32Array(partCount);
  const choose = (item: number, s: number): number => {
    let tied = 0;
    for (let p = 0; p < partCount; p++) {
      if (room[p] <= 0) continue;
      const order = tied === 0 ? 1 : compare(item, s, p, ties[0]);
      if (order > 0) tied = 0;
      if (order >= 0) ties[tied++] = p;
    }
    return tied === 1 ? ties[0] : ties[random.integer(tied)];
  };

  for (let s = rarest(left); s >= 0; s = rarest(left)) {
    for (let i = itemStart[s]; i < itemStart[s + 1]; i++) {
      const item = itemsOf[i];
      if (partOf[item] >= 0) continue;
      const part = choose(item, s);
      partOf[item] = part;
      room[part]--;
      for (let k = start[item]; k < start[item + 1]; k++) {
        wanted[strata[k] * partCount + part]--;
        left[strata[k]]--;
      }
    }
  }
  return partOf;
}

/** Wants are fractions added in different orders; a difference below this is rounding. */
const TIE = 1e-6;

/** Equal parts: sizes differ by one at most. */
export function evenParts(total: number, count: number): Part[] {
  return Array.from({ length: count }, (_, p) => ({
    share: 1 / count,
    size: Math.floor(total / count) + (p < total % count ? 1 : 0),
  }));
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
