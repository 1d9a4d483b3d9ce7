/** How a node is split. */
export interface Split {
  /** Score of the sides over that of the node: what the trees of a round are grown to gain. */
  readonly gain: number;
  readonly feature: number;
  /** Numbers: cells up to `cut` go left; `next` is the next present one with rows in the node, −1 when there is none. */
  readonly cut: number;
  readonly next: number;
  /** Whether the node had rows with a missing value: the side they go to was learned. */
  readonly sawMissing: boolean;
  readonly missingLeft: boolean;
  /** Categories: 1 for each cell that goes left, and for each that the node's rows have (256 each). */
  readonly categories?: { readonly left: Uint8Array; readonly seen: Uint8Array };
  /** Lanes summed over the left side. */
  readonly left: Int32Array;
}

/** Bounds of a node's values, an output each (monotone constraints). */
export interface Bounds {
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

export class Node {
  /** Place of its histogram; −1: none is kept. */
  slot = -1;
  split: Split | undefined;
  left: Node | undefined;
  right: Node | undefined;
  /** Split: decrease of the score, then of each output's expanded loss. */
  gains: Float64Array | undefined;
  /** Leaf: what is added to the scores, an output each. */
  values: Float32Array | undefined;
  /** Where rows go whose feature is missing, or of a category that no row of the node has. */
  missingLeft = false;

  /** @param totals lanes summed over its rows, which are those from `start` to `end` − 1 */
  constructor(
    readonly start: number,
    readonly end: number,
    readonly depth: number,
    readonly totals: Int32Array,
    readonly bounds: Bounds | undefined,
  ) {}
}
