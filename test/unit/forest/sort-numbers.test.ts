import { describe, expect, it } from 'vitest';
import { sortNumbers } from '../../../src/core/learner/trees/sort-numbers';
import { Random } from '../../../src/core/random';

describe('numbers are sorted as by comparing them', () => {
  const random = new Random(3);
  const many = (value: (i: number) => number) => Float64Array.from({ length: 10_000 }, (_, i) => value(i));
  it.each([
    ['of both signs', many(() => random.normal())],
    ['that repeat', many(() => random.integer(7) - 3)],
    [
      'of any size, infinite ones too',
      many((i) => (i % 100 === 0 ? -1 / 0 : random.normal() * 10 ** random.integer(300))),
    ],
    ['that differ in their last digits alone', many(() => 1 + random.integer(100_000) * Number.EPSILON)],
    ['in order already', many((i) => i)],
    ['that are few', Float64Array.of(3, -1, 2)],
  ])('%s', (_, values) => {
    const expected = Float64Array.from(values).sort();
    expect(sortNumbers(values)).toEqual(expected);
  });
});
