import { MOST_ITEMS } from '../trees';
import type { Channels } from './channels';

/** A group's weight right of a cut is rounding noise below this share of its weight in the node. */
const NO_WEIGHT = 1e-12;

/**
 * Scores of all cuts of a node's items put in an order: Σ_t scale_t Σ_k (L_k² / W_L + R_k² / W_R), L_k and R_k the sums
 * of targets on the two sides, W their weights. That is the summed decrease of scaled impurity (variance, Gini) up to a
 * constant of the node.
 *
 * Items are columns of a channel-major array (channels × MOST_ITEMS) whose targets are times √scale. Works through
 * four channels at a time, so that their running sums stay in registers.
 */
export class CutScores {
  /** scores[j]: items order[0 … j] on the left. */
  readonly scores = new Float64Array(MOST_ITEMS);
  private readonly leftWeight = new Float64Array(MOST_ITEMS);
  private readonly left = new Float64Array(MOST_ITEMS);
  private readonly right = new Float64Array(MOST_ITEMS);

  constructor(private readonly layout: Channels) {}

  /**
   * @param items channel-major (channels × MOST_ITEMS)
   * @param order the items in the order to cut
   * @param cuts number of cuts: after order[0], …, after order[cuts − 1]
   * @param total sums of the node (one a channel)
   * @param onLeft sums of what is on the left of every cut (one a channel)
   */
  compute(
    items: Float64Array,
    order: Int32Array,
    cuts: number,
    total: Float64Array,
    onLeft: Float64Array,
  ): void {
    const { groupWeight, groupStart, groupTargets } = this.layout;
    const { scores, leftWeight, left, right } = this;
    for (let j = 0; j < cuts; j++) scores[j] = 0;
    for (let g = 0; g < groupWeight.length; g++) {
      const channel = groupWeight[g];
      const weights = channel * MOST_ITEMS;
      let weight = onLeft[channel];
      for (let j = 0; j < cuts; j++) {
        weight += items[weights + order[j]];
        leftWeight[j] = weight;
        left[j] = 0;
        right[j] = 0;
      }
      const end = groupStart[g + 1];
      let k = groupStart[g];
      for (; k + 4 <= end; k += 4) this.addFour(items, order, cuts, total, onLeft, k);
      for (; k + 2 <= end; k += 2) this.addTwo(items, order, cuts, total, onLeft, k);
      if (k < end) this.addOne(items, order, cuts, total, onLeft, groupTargets[k]);
      const whole = total[channel];
      const least = NO_WEIGHT * whole;
      for (let j = 0; j < cuts; j++) {
        const before = leftWeight[j];
        const after = whole - before;
        let score = before > 0 ? left[j] / before : 0;
        if (after > least) score += right[j] / after;
        scores[j] += score;
      }
    }
  }

  private addFour(
    items: Float64Array,
    order: Int32Array,
    cuts: number,
    total: Float64Array,
    onLeft: Float64Array,
    k: number,
  ): void {
    const { left, right } = this;
    const { groupTargets } = this.layout;
    const [a, b, c, d] = [groupTargets[k], groupTargets[k + 1], groupTargets[k + 2], groupTargets[k + 3]];
    const [itemsA, itemsB, itemsC, itemsD] = [a * MOST_ITEMS, b * MOST_ITEMS, c * MOST_ITEMS, d * MOST_ITEMS];
    const [totalA, totalB, totalC, totalD] = [total[a], total[b], total[c], total[d]];
    let [sumA, sumB, sumC, sumD] = [onLeft[a], onLeft[b], onLeft[c], onLeft[d]];
    for (let j = 0; j < cuts; j++) {
      const item = order[j];
      sumA += items[itemsA + item];
      sumB += items[itemsB + item];
      sumC += items[itemsC + item];
      sumD += items[itemsD + item];
      const restA = totalA - sumA;
      const restB = totalB - sumB;
      const restC = totalC - sumC;
      const restD = totalD - sumD;
      left[j] += sumA * sumA + sumB * sumB + (sumC * sumC + sumD * sumD);
      right[j] += restA * restA + restB * restB + (restC * restC + restD * restD);
    }
  }

  private addTwo(
    items: Float64Array,
    order: Int32Array,
    cuts: number,
    total: Float64Array,
    onLeft: Float64Array,
    k: number,
  ): void {
    const { left, right } = this;
    const { groupTargets } = this.layout;
    const [a, b] = [groupTargets[k], groupTargets[k + 1]];
    const [itemsA, itemsB] = [a * MOST_ITEMS, b * MOST_ITEMS];
    const [totalA, totalB] = [total[a], total[b]];
    let [sumA, sumB] = [onLeft[a], onLeft[b]];
    for (let j = 0; j < cuts; j++) {
      const item = order[j];
      sumA += items[itemsA + item];
      sumB += items[itemsB + item];
      const restA = totalA - sumA;
      const restB = totalB - sumB;
      left[j] += sumA * sumA + sumB * sumB;
      right[j] += restA * restA + restB * restB;
    }
  }

  private addOne(
    items: Float64Array,
    order: Int32Array,
    cuts: number,
    total: Float64Array,
    onLeft: Float64Array,
    channel: number,
  ): void {
    const { left, right } = this;
    const first = channel * MOST_ITEMS;
    const whole = total[channel];
    let sum = onLeft[channel];
    for (let j = 0; j < cuts; j++) {
      sum += items[first + order[j]];
      const rest = whole - sum;
      left[j] += sum * sum;
      right[j] += rest * rest;
    }
  }
}
