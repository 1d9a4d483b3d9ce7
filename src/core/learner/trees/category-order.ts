/** Most items that can be put in order and cut: a bin each, or a row each in a small node. */
export const MOST_ITEMS = 256;

const POWER_ITERATIONS = 4;
/** Scores are told apart by this share of the largest. */
const STEPS = 65_536;
/** So many are put in order faster by insertion. */
const FEW = 48;
/** Of categories that weigh the same up to rounding, the first gives the direction to begin with. */
const CLEARLY = 1.0001;
/** Of the node's impurity: what float32 may make of a category whose mean is the node's. */
const NOISE = 1e-10;

/** Where items have their weights and their sums of targets: channels of a channel-major array. */
export interface TargetGroups {
  /** Weight channel of each group of targets. */
  readonly groupWeight: Int32Array;
  /** Target channels of group g: groupTargets[groupStart[g] … groupStart[g + 1] − 1]. */
  readonly groupStart: Int32Array;
  readonly groupTargets: Int32Array;
}

/**
 * Puts the categories of a node in an order in which the best split into two sets is (for one target) or is close to
 * (for several) a cut.
 *
 * One target: by its mean (Fisher, 1958; Breiman et al., 1984, theorem 4.5). Several: by the categories' scaled target
 * means projected on the first principal component of these means, weighted by the categories' rows (Coppersmith, Hong
 * and Hosking, 1999), so that the tasks on which categories differ most decide. A category without labels for a task
 * counts as the node's mean there.
 */
export class CategoryOrder {
  private readonly targets: Int32Array;
  private readonly targetWeight: Int32Array;
  private readonly deviations: Float64Array;
  private readonly weights = new Float64Array(MOST_ITEMS);
  private readonly scores = new Float64Array(MOST_ITEMS);
  private readonly direction: Float64Array;
  private readonly next: Float64Array;

  constructor(private readonly layout: TargetGroups) {
    this.targets = layout.groupTargets;
    this.targetWeight = new Int32Array(this.targets.length);
    for (let g = 0; g < layout.groupWeight.length; g++) {
      this.targetWeight.fill(layout.groupWeight[g], layout.groupStart[g], layout.groupStart[g + 1]);
    }
    this.deviations = new Float64Array(MOST_ITEMS * this.targets.length);
    this.direction = new Float64Array(this.targets.length);
    this.next = new Float64Array(this.targets.length);
  }

  /**
   * Sorts the first `count` of `order`, which are 0 … count − 1.
   *
   * @param items channel-major (channels × MOST_ITEMS), and their `total` in the node; targets times √scale
   * @param impurity the node's: categories whose means differ by nothing beside it keep their order
   */
  sort(order: Int32Array, items: Float64Array, count: number, total: Float64Array, impurity = 0): void {
    if (count < 3) return;
    this.centre(items, count, total);
    if (!this.project(count, NOISE * impurity)) return;
    const { scores } = this;
    this.round(count);
    if (count > FEW) order.subarray(0, count).sort((a, b) => scores[a] - scores[b] || a - b);
    else this.insert(order, count);
  }

  /** Sorts few items by insertion: those of equal scores keep their order. */
  private insert(order: Int32Array, count: number): void {
    const { scores } = this;
    for (let j = 1; j < count; j++) {
      const item = order[j];
      const score = scores[item];
      let to = j;
      for (; to > 0 && scores[order[to - 1]] > score; to--) order[to] = order[to - 1];
      order[to] = item;
    }
  }

  /** Scores that differ by rounding alone become equal, so that these categories keep their order. */
  private round(count: number): void {
    const { scores } = this;
    let largest = 0;
    for (let b = 0; b < count; b++) largest = Math.max(largest, Math.abs(scores[b]));
    const steps = largest > 0 ? STEPS / largest : 0;
    for (let b = 0; b < count; b++) scores[b] = Math.floor(scores[b] * steps + 0.5);
  }

  private centre(items: Float64Array, count: number, total: Float64Array): void {
    const { layout, targets, targetWeight, deviations, weights } = this;
    const width = targets.length;
    for (let b = 0; b < count; b++) {
      weights[b] = 0;
      for (const channel of layout.groupWeight) weights[b] += items[channel * MOST_ITEMS + b];
      for (let k = 0; k < width; k++) {
        const weight = items[targetWeight[k] * MOST_ITEMS + b];
        const sum = items[targets[k] * MOST_ITEMS + b];
        deviations[b * width + k] =
          weight > 0 ? sum / weight - total[targets[k]] / total[targetWeight[k]] : 0;
      }
    }
  }

  /** Scores on the first principal component, by power iteration from the deviation that weighs most. @returns whether that is above the noise */
  private project(count: number, noise: number): boolean {
    const { deviations, weights, scores, direction, next } = this;
    const width = direction.length;
    let largest = -1;
    for (let b = 0; b < count; b++) {
      let square = 0;
      for (let k = 0; k < width; k++) square += deviations[b * width + k] ** 2;
      if (weights[b] * square > CLEARLY * largest) {
        largest = weights[b] * square;
        for (let k = 0; k < width; k++) direction[k] = deviations[b * width + k];
      }
    }
    if (largest <= noise) return false;
    for (let iteration = width > 1 ? POWER_ITERATIONS : 0; iteration >= 0; iteration--) {
      next.fill(0);
      for (let b = 0; b < count; b++) {
        let score = 0;
        for (let k = 0; k < width; k++) score += deviations[b * width + k] * direction[k];
        scores[b] = score;
        for (let k = 0; k < width; k++) next[k] += weights[b] * score * deviations[b * width + k];
      }
      if (iteration === 0) break;
      let norm = 0;
      for (let k = 0; k < width; k++) norm += next[k] * next[k];
      if (norm === 0) break;
      norm = Math.sqrt(norm);
      for (let k = 0; k < width; k++) direction[k] = next[k] / norm;
    }
    return true;
  }
}
