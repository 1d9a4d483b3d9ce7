import { BlockGram } from '../block-gram';
import type { GramMatrix } from '../gram';
import type { LinearProblem, TaskRows } from '../linear-problem';
import { type GramPanels, PanelGram } from '../panel-gram';

/** Mean change of h, in parts of it, up to which models take the inner products from before. */
const DRIFT = 0.03;

/**
 * Gram matrix of a task of one column whose h changes from point to point, kept for as long as h is about what it was made
 * with. A model with it has the right gradient and about the right curvature: its minimiser is a direction of descent
 * that costs no look at rows.
 *
 * Lee, Sun and Saunders, SIAM J. Optim. 24 (2014): proximal Newton methods with approximate Hessians.
 */
export class KeptGram {
  private readonly weight: Float64Array;
  private readonly gram: PanelGram | BlockGram;
  private readonly capacity: number;
  private scale = 1;

  /**
   * @param panels that the problem's tasks share; none of a design made on demand
   * @param most features asked for at once, at most
   */
  constructor(
    problem: LinearProblem,
    private readonly task: TaskRows,
    panels: GramPanels | undefined,
    most: number,
  ) {
    const { design, intercept } = problem;
    this.weight = new Float64Array(task.count);
    this.capacity = Math.min(design.featureCount, 2 * most);
    this.gram = panels
      ? new PanelGram(problem, task, panels, this.capacity)
      : new BlockGram(design, task.rows, this.weight, 0, intercept);
  }

  /**
   * Looks whether the inner products still hold for h, and makes those of tasks together that have to be made by blocks of rows.
   * @param H h at the model's centre, laid out like predictions
   * @param features those that the model is over
   */
  static prepare(grams: Iterable<KeptGram>, H: Float64Array, features: Int32Array): void {
    const byBlocks: BlockGram[] = [];
    for (const kept of grams) {
      kept.follow(H, features);
      if (kept.gram instanceof BlockGram) byBlocks.push(kept.gram);
    }
    BlockGram.includeTogether(byBlocks, features);
  }

  /** As prepared: a Gram matrix, and what to multiply it by, as h as a whole shrinks along a path. */
  get prepared(): { readonly gram: GramMatrix; readonly scale: number } {
    return { gram: this.gram, scale: this.scale };
  }

  private follow(H: Float64Array, features: Int32Array): void {
    const { weight, task, gram } = this;
    const { offset, count } = task;
    let kept = 0;
    let total = 0;
    for (let i = 0; i < count; i++) {
      kept += weight[i];
      total += H[offset + i];
    }
    this.scale = total / kept;
    if (kept > 0 && this.hasRoom(features) && this.changeFrom(H, this.scale) <= DRIFT * total) return;
    this.scale = 1;
    weight.set(H.subarray(offset, offset + count));
    if (gram instanceof BlockGram) gram.forget();
    else gram.reweigh(H);
  }

  private hasRoom(features: Int32Array): boolean {
    const { gram, capacity } = this;
    let size = gram.size;
    for (const j of features) if (gram.slots[j] < 0) size++;
    return size <= capacity;
  }

  private changeFrom(H: Float64Array, scale: number): number {
    const { weight, task } = this;
    let change = 0;
    for (let i = 0; i < weight.length; i++) change += Math.abs(H[task.offset + i] - scale * weight[i]);
    return change;
  }
}
