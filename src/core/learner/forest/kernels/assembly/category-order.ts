// What both ways of ordering categories hold to: `categories.ts` over cells, `category-matrix.ts` over a matrix.

export const POWER_ITERATIONS: i32 = 4;
/** Scores are told apart by this share of the largest. */
export const STEPS: f32 = 65536;
/** Of bins that weigh the same up to rounding, the first gives the direction to begin with. */
export const CLEARLY: f32 = 1.0001;
/** Of the node's impurity: what float32 may make of a bin whose mean is the node's. */
export const NOISE: f64 = 1e-10;
