import type { GramSpace } from '../gram-space';
import { combineIterates, type Iterate, pathWeights } from './extrapolation';

/** Solutions that the next one is guessed from. */
const HISTORY = 3;

/** The last solutions of a path, and the guess at the next that they give. */
export class PathHistory {
  private readonly solutions: (Iterate & { lambda: number })[] = [];
  private readonly room: Iterate;

  constructor(private readonly space: GramSpace) {
    this.room = this.makeIterate();
  }

  /** The polynomials through the last two, three, … solutions, at λ; each is overwritten by the next. */
  *guesses(lambda: number): Generator<Iterate> {
    const { solutions, room, space } = this;
    for (let points = 2; points <= solutions.length; points++) {
      const last = solutions.slice(-points);
      const weights = pathWeights(
        last.map((one) => one.lambda),
        lambda,
      );
      combineIterates(last, weights, space.size * space.width, room);
      yield room;
    }
  }

  remember(lambda: number): void {
    const { solutions, space } = this;
    if (solutions.some((one) => one.lambda === lambda)) return;
    const oldest = solutions.length === HISTORY ? solutions.shift() : undefined;
    const entry = Object.assign(oldest ?? this.makeIterate(), { lambda });
    space.keep(entry);
    solutions.push(entry);
  }

  /** Fills V in the slots from `first` on, which are new. */
  include(first: number): void {
    for (const { W, V } of this.solutions) this.space.correlateSlots(W, V, first);
  }

  private makeIterate(): Iterate {
    const { length } = this.space.W;
    return { W: new Float64Array(length), V: new Float64Array(length) };
  }
}
