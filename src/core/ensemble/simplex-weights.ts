/** Weights on the simplex, with how far they are from optimal. */
export interface SimplexWeights {
  /** ≥ 0, summing to 1 (members). */
  readonly weights: Float64Array;
  /**
   * Bound on what the best weights could still gain, max over members of the gradient's descent towards that member
   * (Frank and Wolfe's duality gap), as a share of the loss's own scale.
   */
  readonly gap: number;
}

/** `values` divided by their sum; all equal when that is not positive. */
export function toSimplex(values: Float64Array): Float64Array {
  const sum = values.reduce((total, value) => total + value, 0);
  return sum > 0 ? values.map((value) => value / sum) : values.map(() => 1 / values.length);
}
