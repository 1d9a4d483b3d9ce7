// What the jobs of a fit are told: see `Crew`.

/** Derivatives of one task that the kernel takes; offsets into its memory. */
export interface DerivedTask {
  readonly binary: boolean;
  readonly positions: number;
  readonly count: number;
  readonly labels: number;
  /** 0: all 1. */
  readonly weights: number;
  /** Scores; of a binary task its probabilities. */
  readonly from: number;
  readonly gradient: number;
  readonly hessian: number;
  /** w_t */
  readonly weight: number;
}

/** Numbers to be rounded into a lane. */
export interface QuantisedLane {
  readonly values: number;
  readonly positions: number;
  readonly count: number;
  readonly perUnit: number;
  readonly target: number;
  readonly stride: number;
}

/** A node whose rows are summed, and the sibling that is left of its parent when they are taken away. */
export interface Division {
  /** Ascending. */
  readonly features: Int32Array;
  readonly quads: number;
  /** Where the node's histogram is. */
  readonly histogram: number;
  /** Its rows, and their lanes in the same order, or `starts` and entries; `count` 0: they are summed already. */
  readonly rows: number;
  readonly count: number;
  readonly lanes: number;
  /** 0: lanes in order. */
  readonly starts: number;
  /** The parent's histogram, which becomes the sibling's; 0: none. */
  readonly parent: number;
  /** Totals and score of the node and the sibling where a split is looked for. */
  readonly search: readonly [Searched | undefined, Searched | undefined];
}

export interface Searched {
  readonly totals: Int32Array;
  /** What the sides' scores have to exceed. */
  readonly bar: number;
}

export interface LeafRows {
  readonly start: number;
  readonly end: number;
}

/** Arrays of an output, offsets into the memory. */
export interface LeafOutput {
  readonly gradient: number;
  readonly hessian: number;
  readonly scores: number;
}

/** Sizes of what jobs are told and find. */
export interface CrewSizes {
  readonly features: number;
  readonly outputs: number;
  readonly quads: number;
  /** Of the tasks whose derivatives the kernel takes: their labelled training rows. */
  readonly derived: readonly number[];
  readonly threads: number;
}
