import { isActive, type RowPenalty } from '../penalties';

const SMALLEST_WORKING_SET = 16;
/**
 * Never none, as who asks is not done yet: the weights of an elastic net's members make them look more urgent than another
 * that keeps the gap open.
 */
const FEWEST_ADDED = 4;

/**
 * Active features, all earlier members, and the most urgent others: until there are twice as many as are active, and
 * in any case some of those that are more urgent than every member, for they keep the gap open. Ascending.
 *
 * Massias, Gramfort and Salmon, ICML 2018 (working sets).
 * @param skip 1 for features that must not come in; absent: none
 */
export function chooseWorkingSet(
  rows: RowPenalty,
  point: { readonly W: Float64Array; readonly V: Float64Array },
  features: number,
  columns: number,
  earlier: Int32Array,
  skip?: Uint8Array,
): Int32Array {
  const taken = new Uint8Array(features);
  for (const j of earlier) taken[j] = 1;
  const urgency = new Float64Array(features);
  const others: number[] = [];
  let active = 0;
  let members = 0;
  let mostUrgentMember = 0;
  for (let j = 0; j < features; j++) {
    urgency[j] = rows.urgency(point.V, j * columns, columns);
    if (isActive(point.W, j, columns)) {
      active++;
      taken[j] = 1;
    }
    if (taken[j]) {
      members++;
      mostUrgentMember = Math.max(mostUrgentMember, urgency[j]);
    } else if (skip?.[j] !== 1) others.push(j);
  }
  others.sort((a, b) => urgency[b] - urgency[a] || a - b);
  const wanted = Math.max(SMALLEST_WORKING_SET, 2 * active) - members;
  const violating = others.filter((j) => urgency[j] > mostUrgentMember).length;
  const added = Math.max(wanted, Math.min(violating, Math.max(SMALLEST_WORKING_SET, active)), FEWEST_ADDED);
  for (const j of others.slice(0, added)) taken[j] = 1;
  const working: number[] = [];
  for (let j = 0; j < features; j++) if (taken[j]) working.push(j);
  return Int32Array.from(working);
}
