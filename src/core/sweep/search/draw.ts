import { Random, seedFrom } from '../../random';

/**
 * Coordinates of the `index`-th draw from the unit cube: the same for the same seed, whoever asks and in whatever
 * order, so that a sweep can be extended by more draws. `quasi-random` spreads the draws evenly.
 */
export function draw(
  method: 'random' | 'quasi-random',
  index: number,
  dimensions: number,
  seed: number,
): number[] {
  if (method === 'quasi-random') {
    return Array.from({ length: dimensions }, (_, d) => scrambledHalton(index, d, seed));
  }
  const random = new Random(seedFrom(seed, 'draw', index));
  return Array.from({ length: dimensions }, () => random.uniform());
}

/** Digits that are scrambled; what is left is below the precision of a coordinate that matters. */
const DIGITS = 24;

/**
 * Halton's sequence in base p_d, its digits scrambled by random permutations that depend on the digits before (Owen
 * 1995: the points stay as evenly spread, and no two dimensions go together as in the plain sequence).
 */
function scrambledHalton(index: number, dimension: number, seed: number): number {
  const base = prime(dimension);
  let rest = index;
  let prefix = 0;
  let scale = 1 / base;
  let value = 0;
  for (let position = 0; position < DIGITS && scale > Number.EPSILON; position++) {
    const digit = rest % base;
    rest = Math.floor(rest / base);
    value += permuted(digit, base, seedFrom(seed, dimension, position, prefix)) * scale;
    prefix = prefix * base + digit + 1;
    scale /= base;
  }
  return Math.min(value, 1 - Number.EPSILON);
}

function permuted(digit: number, base: number, seed: number): number {
  const order = Int32Array.from({ length: base }, (_, i) => i);
  new Random(seed).shuffle(order);
  return order[digit];
}

function prime(index: number): number {
  let found = -1;
  let candidate = 1;
  while (found < index) {
    candidate++;
    let divisor = 2;
    while (divisor * divisor <= candidate && candidate % divisor !== 0) divisor++;
    if (divisor * divisor > candidate) found++;
  }
  return candidate;
}
