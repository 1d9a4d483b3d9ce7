import type { Lanes } from './lanes';
import type { Bounds, Node, Split } from './node';
import type { Score } from './score';

/**
 * Monotone constraints: on a constrained column no cut may put values in the wrong order, and no later split may undo that, for
 * which the values of a node keep within bounds: the middle of the two sides' values where a constrained split was made
 * (as XGBoost does).
 *
 * A tree of many tasks has few cuts that suit all of them. An output that a cut would put in the wrong order gets, on both sides,
 * the one value that suits the node: the cut is neither a gain nor a loss to it.
 */
export class Monotone {
  private readonly width: number;

  /**
   * @param signs per feature: 1, −1, or 0 for no constraint
   * @param bound per output: 1 where the constraints apply to it
   */
  constructor(
    private readonly lanes: Lanes,
    private readonly score: Score,
    private readonly signs: Int8Array,
    private readonly bound: Uint8Array,
  ) {
    this.width = lanes.outputs.length;
  }

  unbounded(): Bounds {
    return {
      lower: new Float64Array(this.width).fill(-Infinity),
      upper: new Float64Array(this.width).fill(Infinity),
    };
  }

  scoreOf(sums: Int32Array, bounds: Bounds | undefined): number {
    let total = 0;
    for (let o = 0; o < this.width; o++) total += this.worth(sums, o, this.value(sums, o, bounds));
    return total;
  }

  scoreOfSides(left: Int32Array, right: Int32Array, bounds: Bounds | undefined): number {
    return this.scoreOf(left, bounds) + this.scoreOf(right, bounds);
  }

  /** The best cut as the kernel's `bestCut` finds it, by values that keep to the constraints. @returns score and cut */
  bestCut(
    node: Node,
    feature: number,
    histogram: Int32Array,
    firstCell: number,
    cells: number,
    sides: Int32Array,
    bar: number,
  ): [number, number] {
    const stride = this.lanes.quads * 4;
    const left = sides.subarray(0, stride);
    const right = sides.subarray(stride, 2 * stride);
    let best = bar;
    let cut = -1;
    for (let c = 0; c < cells; c++) {
      const cell = (firstCell + c) * stride;
      if (histogram[cell] === 0) continue;
      for (let l = 0; l < stride; l++) {
        left[l] += histogram[cell + l];
        right[l] -= histogram[cell + l];
      }
      if (!this.score.admits(left) || !this.score.admits(right)) continue;
      const total = this.scoreOfCut(node, this.signs[feature], left, right);
      if (total <= best) continue;
      best = total * (1 + 1e-12);
      cut = c;
    }
    return [best, cut];
  }

  /** Bounds of the two children of a node. */
  divide(node: Node, { feature, left }: Split): [Bounds, Bounds] {
    const bounds = node.bounds ?? this.unbounded();
    const right = node.totals.map((sum, l) => sum - left[l]);
    const sign = this.signs[feature];
    const below = { lower: bounds.lower.slice(), upper: bounds.upper.slice() };
    const above = { lower: bounds.lower.slice(), upper: bounds.upper.slice() };
    for (let o = 0; o < this.width; o++) {
      if (sign === 0 || this.bound[o] === 0) continue;
      const a = this.value(left, o, bounds);
      const b = this.value(right, o, bounds);
      const middle = sign * (b - a) < 0 ? this.value(node.totals, o, bounds) : a + (b - a) / 2;
      if (sign > 0) {
        below.upper[o] = middle;
        above.lower[o] = middle;
      } else {
        below.lower[o] = middle;
        above.upper[o] = middle;
      }
    }
    return [below, above];
  }

  private scoreOfCut(node: Node, sign: number, left: Int32Array, right: Int32Array): number {
    let total = 0;
    for (let o = 0; o < this.width; o++) {
      const a = this.value(left, o, node.bounds);
      const b = this.value(right, o, node.bounds);
      if (sign * this.bound[o] * (b - a) < 0) {
        total += this.worth(node.totals, o, this.value(node.totals, o, node.bounds));
      } else {
        total += this.worth(left, o, a) + this.worth(right, o, b);
      }
    }
    return total;
  }

  /** In units of the lanes: −G / (H + λ), kept within the bounds. */
  private value(sums: Int32Array, o: number, bounds: Bounds | undefined): number {
    const value = this.score.valueOf(sums, o);
    return bounds === undefined ? value : Math.min(Math.max(value, bounds.lower[o]), bounds.upper[o]);
  }

  /** −(2 G v + (H + λ) v²), scaled as the score: G² / (H + λ) for the best v. */
  private worth(sums: Int32Array, o: number, value: number): number {
    const { lanes, score } = this;
    const v = (value * lanes.hessianUnit[o]) / lanes.gradientUnit[o];
    const h = sums[lanes.hessian[o]] + score.shrinkage[o];
    return -score.scale[o] * v * (2 * sums[lanes.gradient[o]] + h * v);
  }
}
