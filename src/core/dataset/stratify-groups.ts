import type { Random } from '../random';
import type { Memberships, Part } from './stratify';

/**
 * Splits items into parts of about the given sizes without parting a group, spreading each stratum in proportion:
 * the largest groups first, each to the part where the squared deviation from the wanted counts (of items and of
 * every stratum, each relative to its total) grows least. Ties fall to the emptiest part for its size, then to the
 * first; groups of one size come in an order drawn at random.
 * @param groupOf group of each item, 0 to `groupCount` - 1
 * @returns part of each item
 */
export function stratifyGroups(
  memberships: Memberships,
  groupOf: Int32Array,
  groupCount: number,
  parts: readonly Part[],
  random: Random,
): Int32Array {
  const { start, strata, strataCount } = memberships;
  const total = groupOf.length;
  const groups = countByGroup(memberships, groupOf, groupCount);
  const totals = new Float64Array(strataCount);
  for (const s of strata) totals[s]++;
  // Items weigh as much as the strata of one item together, else many tasks would drown the sizes.
  const itemWeight = Math.max(1, total === 0 ? 1 : (start[total] - start[0]) / total);
  const filled = new Float64Array(parts.length);
  const held = new Float64Array(strataCount * parts.length);
  const partOfGroup = new Int32Array(groupCount);

  const order = Int32Array.from({ length: groupCount }, (_, g) => g);
  random.shuffle(order);
  for (const g of order.sort((a, b) => groups[b].items - groups[a].items)) {
    let best = 0;
    let least = Infinity;
    for (let p = 0; p < parts.length; p++) {
      let cost = (itemWeight * growth(filled[p], groups[g].items, parts[p].size)) / total;
      for (const [s, count] of groups[g].strata) {
        cost += growth(held[s * parts.length + p], count, totals[s] * parts[p].share) / totals[s];
      }
      const fuller = filled[p] / parts[p].size >= filled[best] / parts[best].size;
      if (cost < least - 1e-12 || (cost < least + 1e-12 && !fuller)) {
        best = p;
        least = cost;
      }
    }
    partOfGroup[g] = best;
    filled[best] += groups[g].items;
    for (const [s, count] of groups[g].strata) held[s * parts.length + best] += count;
  }
  return groupOf.map((g) => partOfGroup[g]);
}

/** Growth of (held - wanted)² when `count` more are held. */
function growth(held: number, count: number, wanted: number): number {
  return count * (2 * (held - wanted) + count);
}

function countByGroup({ start, strata }: Memberships, groupOf: Int32Array, groupCount: number) {
  const groups = Array.from({ length: groupCount }, () => ({ items: 0, strata: new Map<number, number>() }));
  groupOf.forEach((g, item) => {
    groups[g].items++;
    for (let k = start[item]; k < start[item + 1]; k++) {
      groups[g].strata.set(strata[k], (groups[g].strata.get(strata[k]) ?? 0) + 1);
    }
  });
  return groups;
}
