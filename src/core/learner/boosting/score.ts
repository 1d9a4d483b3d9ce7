import { SEARCH } from './kernel';
import type { Lanes } from './lanes';
import type { Derivatives } from './losses';
import type { Workspace } from './workspace';

/**
 * What a set of rows is worth, Σ_o a_o G_o² / (H_o + λ): twice what the second-order expansion of the loss and λ/2 ‖values‖² falls
 * by when the rows get the values −G_o / (H_o + λ) that minimise it (Chen and Guestrin, 2016).
 *
 * a_o makes tasks of any type and at any stage of the fit count alike: 1 over Σ_i g_i² / (w_i h̄), what the task would gain if
 * each of its rows could be fitted alone with its mean curvature h̄. A task's share of the score is then the share of its
 * gradient that is explained, times w_t. With a single output it changes nothing.
 */
export class Score {
  /** In units of the lanes. */
  readonly scale: Float64Array;
  readonly shrinkage: Float64Array;
  /** What a category whose gradients are noise is worth if it has a value of its own: as much as the mean row. */
  private chance = 0;

  constructor(
    private readonly lanes: Lanes,
    private readonly lambda: number,
    private readonly leastRows: number,
    private readonly leastHessian: number,
    private readonly taskWeight: readonly number[],
    /** Per output, its reach when it was farthest: kept for whoever goes on with the fit. */
    private readonly first: Float64Array,
  ) {
    const width = lanes.outputs.length;
    this.scale = new Float64Array(width);
    this.shrinkage = new Float64Array(width);
  }

  /** Takes on the units of the lanes, and how far each task is. */
  update(derivatives: readonly Derivatives[]): void {
    const { lanes } = this;
    const { outputs, gradientUnit, hessianUnit } = lanes;
    const reach = this.reach(derivatives);
    for (let o = 0; o < outputs.length; o++) {
      // Of a task that is fitted to the last digit, rounding is all that is left.
      this.first[o] = Math.max(this.first[o], reach[o]);
      const most = Math.max(reach[o], LEAST_REACH * this.first[o]);
      const unit = gradientUnit[o];
      this.scale[o] = most > 0 ? (unit * unit) / hessianUnit[o] / most : 0;
      this.shrinkage[o] = Math.max(this.lambda / hessianUnit[o], LEAST_SHRINKAGE);
    }
    this.chance = this.chanceOf(derivatives);
  }

  /**
   * What the best division of so many categories gains by chance, beyond what the best cut of a number does: of m categories whose
   * sums of gradients are noise, those above their mean against those below it gain (2 / π) (m − 1) times what one of them does.
   */
  priceOfOrder(categories: number): number {
    return Math.max(0, (2 / Math.PI) * (categories - 1) - CHANCE_OF_CUT) * this.chance;
  }

  /** Outputs that gain together, as one order serves them all: between the mean, of independent ones, and the sum, of alike ones. */
  private chanceOf(derivatives: readonly Derivatives[]): number {
    const { lanes, scale } = this;
    let squared = 0;
    lanes.outputs.forEach((_, o) => {
      const unit = lanes.gradientUnit[o] ** 2 / lanes.hessianUnit[o];
      const rows = Math.max(1, lanes.rowsOf(o));
      squared += ((reachOf(derivatives[lanes.outputIndex[o]]) * scale[o]) / unit / rows) ** 2;
    });
    return Math.sqrt(squared);
  }

  /** Per output, what its whole task could gain in units of the loss, over w_t. */
  private reach(derivatives: readonly Derivatives[]): Float64Array {
    const { outputs, outputIndex } = this.lanes;
    const byTask = new Map<number, number>();
    outputs.forEach(({ task }, o) => {
      const more = reachOf(derivatives[outputIndex[o]]) / this.taskWeight[task];
      byTask.set(task, (byTask.get(task) ?? 0) + more);
    });
    return Float64Array.from(outputs, ({ task }) => byTask.get(task) ?? 0);
  }

  /** Makes the workspace's kernel search with this score. */
  writeBlock({ block: { integers, floats } }: Workspace): void {
    const { lanes } = this;
    const { outputs } = lanes;
    integers[SEARCH.outputs] = outputs.length;
    integers[SEARCH.quads] = lanes.quads;
    integers[SEARCH.leastRows] = this.leastRows;
    floats[SEARCH.leastHessian] = this.leastHessian;
    for (let o = 0; o < outputs.length; o++) {
      const at = SEARCH.header + SEARCH.output * o;
      integers[at / 4] = 4 * lanes.gradient[o];
      integers[at / 4 + 1] = 4 * lanes.hessian[o];
      floats[at / 8 + 1] = this.scale[o];
      floats[at / 8 + 2] = this.shrinkage[o];
      floats[at / 8 + 3] = lanes.hessianUnit[o];
    }
  }

  of(sums: Int32Array, offset = 0): number {
    const { gradient, hessian } = this.lanes;
    let score = 0;
    for (let o = 0; o < gradient.length; o++) {
      const g = sums[offset + gradient[o]];
      score += (this.scale[o] * g * g) / (sums[offset + hessian[o]] + this.shrinkage[o]);
    }
    return score;
  }

  /** Whether rows with these sums may be a leaf. */
  admits(sums: Int32Array): boolean {
    if (sums[0] < this.leastRows) return false;
    const { hessian, hessianUnit } = this.lanes;
    let total = 0;
    for (let o = 0; o < hessian.length; o++) total += hessianUnit[o] * sums[hessian[o]];
    return total >= this.leastHessian;
  }

  /** G² / (H + λ) of one output, in units of the loss. */
  gainOf(sums: Int32Array, o: number): number {
    const { gradientUnit, hessianUnit, gradient, hessian } = this.lanes;
    const g = gradientUnit[o] * sums[gradient[o]];
    const h = hessianUnit[o] * (sums[hessian[o]] + this.shrinkage[o]);
    return (g * g) / h;
  }

  /** −G / (H + λ) of one output. */
  valueOf(sums: Int32Array, o: number): number {
    const { gradientUnit, hessianUnit, gradient, hessian } = this.lanes;
    const g = gradientUnit[o] * sums[gradient[o]];
    return -g / (hessianUnit[o] * (sums[hessian[o]] + this.shrinkage[o]));
  }
}

/** Share of its first reach below which a task's reach is not taken to fall. */
const LEAST_REACH = 1e-6;
/** Keeps 0 / 0 out where λ is 0; lanes hold whole numbers. */
const LEAST_SHRINKAGE = 1e-9;
/** What the best cut of a number gains by chance, in the same units. */
const CHANCE_OF_CUT = 4;

/** What an output could gain if each of its rows could be fitted alone with their mean curvature. */
function reachOf({ squares, curvature, weight }: Derivatives): number {
  return curvature > 0 ? (squares * weight) / curvature : 0;
}
