import type { GramSpace } from '../gram-space';
import { type MemoryLayout, singleScratch } from '../kernel';
import type { RowNorm } from '../penalties';
import { andersonWeights, type Iterate, MEMORY } from './extrapolation';

/** Slots from which on the Gram matrix in double precision is more than a core's own cache holds. */
const MANY = 512;

/** What decides over passes: the solver's measure. */
export interface PassJudge {
  isDone(): boolean;
  /** The relative duality gap. */
  gap(): number;
  objectiveOf(iterate: Iterate): number;
}

export interface PassOrder {
  /** In the space's units. */
  readonly lambda: number;
  /** Those that take part. */
  readonly slots: Int32Array;
  /** Passes that there may be. */
  readonly limit: number;
  /** Passes may go by G and V in single precision; V has only its digits then. */
  readonly roughly: boolean;
}

/** Room for passes in the memory of a space. */
export class PassRoom {
  readonly order: number;
  readonly scratch: number;
  readonly trailW: number;
  readonly trailV: number;
  readonly steps: number;
  readonly dots: number;
  readonly weights: number;
  readonly guessW: number;
  readonly guessV: number;
  readonly singleGram: number;
  readonly singleV: number;
  /** Numbers in a row of G and in a column of V in single precision. */
  readonly singleStride: number;

  constructor(layout: MemoryLayout, features: number, columns: number) {
    const pairs = Math.ceil(columns / 2);
    this.singleStride = 16 * Math.ceil(features / 16);
    const rowsOfAll = features * 2 * pairs;
    this.order = layout.place(features);
    this.scratch = layout.place(Math.max(8 * pairs, singleScratch(pairs)));
    this.trailW = layout.place((MEMORY + 1) * rowsOfAll);
    this.trailV = layout.place((MEMORY + 1) * rowsOfAll);
    this.steps = layout.place(MEMORY * rowsOfAll);
    this.dots = layout.place(MEMORY * MEMORY);
    this.weights = layout.place(MEMORY);
    this.guessW = layout.place(rowsOfAll);
    this.guessV = layout.place(rowsOfAll);
    this.singleGram = layout.place(features >= MANY ? (features * this.singleStride) / 2 : 0);
    this.singleV = layout.place(features >= MANY ? pairs * this.singleStride : 0);
  }
}

/**
 * Passes of block coordinate descent over slots of a `GramSpace`, in the kernel, and after every `MEMORY` of them their
 * Anderson extrapolation where it has the lower objective.
 *
 * Where the Gram matrix is large, reading it and moving V are what a pass takes. A pass may then go by both in single
 * precision, W staying in double: what is rounded is V, to about 1e-6 of λ after some passes, and its changes. Who asks for
 * such passes works V out anew before it believes a gap.
 */
export class GramPasses {
  /** Slots whose inner products are there in single precision. */
  private singles = 0;

  constructor(
    private readonly space: GramSpace,
    private readonly room: PassRoom,
    private readonly norm: RowNorm,
  ) {}

  /** Whether passes in single precision are worth their while. */
  get isLarge(): boolean {
    return this.space.size >= MANY;
  }

  /** A few passes, and their extrapolation; returns how many passes. */
  run(order: PassOrder, judge: PassJudge): number {
    const { space, room } = this;
    const { slots, limit, roughly } = order;
    space.kernel.integers(room.order, slots.length).set(slots);
    space.keep(this.kept(0));
    if (roughly) this.round();
    for (let pass = 1; pass <= limit; pass++) {
      const change = roughly ? this.descendSingle(order) : this.descend(order);
      if (roughly) this.readSingleV();
      space.keep(this.kept(pass));
      if (change === 0 || judge.isDone()) return pass;
    }
    const guess = limit === MEMORY ? this.extrapolate() : undefined;
    if (guess && roughly) this.takeIfNearer(guess, judge);
    else if (guess && judge.objectiveOf(guess) < judge.objectiveOf(space)) space.take(guess);
    return limit;
  }

  /** Objectives are too much alike to be told apart in single precision; gaps are not. */
  private takeIfNearer(guess: Iterate, judge: PassJudge): void {
    const gap = judge.gap();
    this.space.take(guess);
    if (judge.gap() >= gap) this.space.take(this.kept(MEMORY));
  }

  private descend(order: PassOrder): number {
    const { space } = this;
    const { run } = space.kernel;
    return run.descend(
      space.at.gram,
      space.stride,
      ...this.slotsOf(order),
      space.at.V,
      ...this.stepsOf(order),
    );
  }

  private descendSingle(order: PassOrder): number {
    const { space, room } = this;
    const { run } = space.kernel;
    const { singleGram, singleStride, singleV } = room;
    return run.descendSingle(
      singleGram,
      singleStride,
      ...this.slotsOf(order),
      singleV,
      ...this.stepsOf(order),
    );
  }

  /** What the kernel goes over, as it asks for it. */
  private slotsOf({ slots }: PassOrder) {
    return [this.space.size, this.room.order, slots.length] as const;
  }

  /** What it moves, and by which penalty. */
  private stepsOf({ lambda }: PassOrder) {
    const { space, room, norm } = this;
    const rowwise = norm.of === 'rows' ? 1 : 0;
    const penalty = [rowwise, lambda * norm.share, lambda * (1 - norm.share)] as const;
    return [space.at.W, space.pairs, room.scratch, ...penalty] as const;
  }

  /** Where an iterate of the trail is written down. */
  private kept(place: number): Iterate {
    const { space, room } = this;
    const length = space.size * space.width;
    const at = 8 * place * length;
    return {
      W: space.kernel.floats(room.trailW + at, length),
      V: space.kernel.floats(room.trailV + at, length),
    };
  }

  private extrapolate(): Iterate | undefined {
    const { space, room } = this;
    const { kernel } = space;
    const length = space.size * space.width;
    const trail = kernel.floats(room.trailW, (MEMORY + 1) * length);
    const steps = kernel.floats(room.steps, MEMORY * length);
    for (let i = 0; i < steps.length; i++) steps[i] = trail[i + length] - trail[i];
    kernel.run.products(
      room.steps,
      length,
      MEMORY,
      room.steps,
      length,
      MEMORY,
      length / 2,
      room.dots,
      MEMORY,
    );
    const weights = andersonWeights(kernel.floats(room.dots, MEMORY * MEMORY), MEMORY);
    if (!weights) return undefined;
    kernel.floats(room.weights, MEMORY).set(weights);
    return {
      W: this.combine(room.trailW, room.guessW),
      V: this.combine(room.trailV, room.guessV),
    };
  }

  /** Combines all of a trail but its oldest. */
  private combine(trail: number, to: number): Float64Array {
    const { space, room } = this;
    const length = space.size * space.width;
    const sum = space.kernel.floats(to, length).fill(0);
    space.kernel.run.combine(trail + 8 * length, MEMORY, length / 2, room.weights, 1, to);
    return sum;
  }

  /** G, what there is new of it, and V in single precision. */
  private round(): void {
    const { space, room } = this;
    const { gram, stride, size, V, width } = space;
    const { singleStride } = room;
    if (this.singles < size) {
      const single = space.kernel.singles(room.singleGram, size * singleStride);
      for (let k = 0; k < size; k++) {
        const from = k < this.singles ? this.singles : 0;
        single.set(gram.subarray(k * stride + from, k * stride + size), k * singleStride + from);
      }
      this.singles = size;
    }
    const singleV = space.kernel.singles(room.singleV, width * singleStride);
    for (let c = 0; c < width; c++) {
      for (let s = 0; s < size; s++) singleV[c * singleStride + s] = V[s * width + c];
    }
  }

  private readSingleV(): void {
    const { space, room } = this;
    const { size, V, width } = space;
    const { singleStride } = room;
    const singleV = space.kernel.singles(room.singleV, width * singleStride);
    for (let c = 0; c < width; c++) {
      for (let s = 0; s < size; s++) V[s * width + c] = singleV[c * singleStride + s];
    }
  }
}
