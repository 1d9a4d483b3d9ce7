import type { GramSpace } from '../gram-space';
import type { LinearProblem } from '../linear-problem';
import type { RowNorm, RowPenalty } from '../penalties';
import type { Iterate } from './extrapolation';
import { isScreened } from './gap-safe';
import { featureLengths } from './one-gram';

/** Rounding of a bound, at most, as a part of λ. */
const MARGIN = 1e-6;

/** A point where V of every feature without a slot is known. */
interface Anchor extends Iterate {
  /** features × columns. */
  readonly others: Float64Array;
}

/**
 * V of the features that have no slot in a `GramSpace`, looked up in the data only where it may matter. Two earlier points
 * A and B where it is known give V̂ = V_B + t (V_B − V_A), and with Ŵ made in the same way
 *
 *     ‖V_j − V̂_j‖ ≤ ‖x̃_j‖ ‖X̃(W − Ŵ)‖   (Cauchy and Schwarz),   ‖X̃ΔW‖² = −⟨ΔW, ΔV⟩,
 *
 * which the slots tell; t makes it least. A feature that cannot have come to λ in this way has V̂_j: below λ, V_j makes
 * no difference to the duality gap. Features that gap-safe screening excludes are left out of a λ.
 */
export class OtherFeatures {
  /** What the gap is measured with, features × columns: 0 for features with a slot and for excluded ones. */
  readonly V: Float64Array;
  readonly excluded: Uint8Array;
  private readonly lengths: Float64Array;
  /** The dual norm of V_j, at most. */
  private readonly bound: Float64Array;
  private readonly skip: Uint8Array;
  /** Oldest first; one or two. */
  private anchors: Anchor[];
  /** Features looked up since the last anchor. */
  private spent = 0;

  /** @param startV −∇L at W = 0, features × columns, in the space's units; becomes the first anchor's */
  constructor(
    private readonly problem: LinearProblem,
    private readonly space: GramSpace,
    private readonly rows: RowPenalty,
    private readonly norm: RowNorm,
    startV: Float64Array,
  ) {
    const { featureCount } = problem.design;
    this.V = new Float64Array(startV.length);
    this.excluded = new Uint8Array(featureCount);
    this.lengths = featureLengths(problem);
    this.bound = new Float64Array(featureCount);
    this.skip = new Uint8Array(featureCount);
    const { length } = space.W;
    this.anchors = [{ W: new Float64Array(length), V: new Float64Array(length), others: startV }];
  }

  /** A new λ: none is excluded. */
  open(): void {
    this.excluded.fill(0);
    this.V.fill(0);
  }

  /** Slots from `first` on are new. */
  include(first: number): void {
    this.V.fill(0);
    for (const { W, V } of this.anchors) this.space.correlateSlots(W, V, first);
  }

  /**
   * Fills V for the space's W.
   * @param lambda in the space's units
   */
  lookUp(lambda: number): void {
    const { space, skip, excluded, bound, V, problem } = this;
    const distance = this.foresee();
    const enough = lambda * this.norm.share * (1 - MARGIN);
    let unknown = 0;
    let all = 0;
    for (let j = 0; j < skip.length; j++) {
      bound[j] = this.urgencyOf(j) + this.lengths[j] * distance;
      const isOther = space.slots[j] < 0;
      skip[j] = !isOther || excluded[j] || bound[j] <= enough ? 1 : 0;
      if (isOther) all++;
      if (!skip[j]) unknown++;
    }
    this.spent += unknown;
    const isAnchor = 2 * this.spent > all;
    if (isAnchor) for (let j = 0; j < skip.length; j++) skip[j] = space.slots[j] < 0 ? 0 : 1;
    space.correlateOthers(V, skip);
    if (isAnchor) this.dropAnchor();
    const { columns } = problem;
    for (let j = 0; j < skip.length; j++) {
      if (!skip[j]) bound[j] = this.urgencyOf(j);
      if (space.slots[j] >= 0 || excluded[j]) V.fill(0, j * columns, (j + 1) * columns);
    }
  }

  /** Excludes features that have a zero row in every solution. */
  screen(lambda: number, { scale, gap }: { readonly scale: number; readonly gap: number }): void {
    if (this.norm.share !== 1) return;
    const { excluded, space, V, bound, lengths } = this;
    const { columns } = this.problem;
    for (let j = 0; j < excluded.length; j++) {
      if (space.slots[j] >= 0 || excluded[j]) continue;
      if (!isScreened(bound[j], scale, lengths[j], gap, lambda)) continue;
      excluded[j] = 1;
      V.fill(0, j * columns, (j + 1) * columns);
    }
  }

  /** Makes V the V̂ that is nearest to the space's point; returns ‖X̃(W − Ŵ)‖. */
  private foresee(): number {
    const { space, V, anchors } = this;
    const [older, last = older] = anchors;
    const length = space.size * space.width;
    let along = 0;
    let square = 0;
    for (let i = 0; i < length; i++) {
      const way = last.W[i] - older.W[i];
      along -= way * (space.V[i] - last.V[i]);
      square -= way * (last.V[i] - older.V[i]);
    }
    const t = square > 0 ? along / square : 0;
    let rest = 0;
    for (let i = 0; i < length; i++) {
      const w = space.W[i] - last.W[i] - t * (last.W[i] - older.W[i]);
      rest -= w * (space.V[i] - last.V[i] - t * (last.V[i] - older.V[i]));
    }
    for (let i = 0; i < V.length; i++) V[i] = last.others[i] + t * (last.others[i] - older.others[i]);
    return Math.sqrt(Math.max(0, rest));
  }

  private dropAnchor(): void {
    const { anchors, space, V } = this;
    const anchor =
      anchors.length === 2
        ? anchors[0]
        : { W: anchors[0].W.slice(), V: anchors[0].V.slice(), others: V.slice() };
    space.keep(anchor);
    anchor.others.set(V);
    this.anchors = [anchors[anchors.length - 1], anchor];
    this.spent = 0;
  }

  private urgencyOf(j: number): number {
    const { columns } = this.problem;
    return this.rows.urgency(this.V, j * columns, columns);
  }
}
