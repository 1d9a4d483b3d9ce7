/**
 * Probabilities are clipped to [ε, 1 − ε] in the log loss, ε = 2⁻²³: the spacing of the float32 numbers they are stored
 * as, and scikit-learn's choice for them. One row costs at most 15.9 nats.
 */
export const PROBABILITY_FLOOR = 2 ** -23;

/** Probability that a row's predictions gave to its class, clipped. `values` is row-major (rows × width). */
export function probabilityOfLabel(values: Float32Array, width: number, row: number, label: number): number {
  const probability = width > 1 ? values[row * width + label] : label === 1 ? values[row] : 1 - values[row];
  return Math.min(Math.max(probability, PROBABILITY_FLOOR), 1 - PROBABILITY_FLOOR);
}

/** Class that a row's probabilities predict: the most probable, the earliest of equals (so binary needs P > ½). */
export function predictedClass(values: Float32Array, width: number, row: number): number {
  if (width === 1) return values[row] > 0.5 ? 1 : 0;
  let best = 0;
  for (let k = 1; k < width; k++) {
    if (values[row * width + k] > values[row * width + best]) best = k;
  }
  return best;
}
