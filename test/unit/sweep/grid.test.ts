import { describe, expect, it } from 'vitest';
import { GridError, resolveGrid } from '../../../src/core/sweep';

describe('a grid of λ', () => {
  it('goes from λ_max down, evenly in the logarithm', () => {
    const grid = resolveGrid({ kind: 'grid', points: 4, ratio: 1e-3 }, 2);
    [2, 0.2, 0.02, 0.002].forEach((value, i) => {
      expect(grid[i]).toBeCloseTo(value, 14);
    });
    expect(grid[0]).toBe(2);
    expect(grid[3]).toBe(0.002);
  });

  it('goes down by a thousand where nothing says how far', () => {
    expect(resolveGrid({ kind: 'grid', points: 2 }, 2)).toEqual([2, 0.002]);
  });

  it('goes from where it is told to where it is told', () => {
    expect(resolveGrid({ kind: 'grid', points: 3, from: 1, to: 0.01, ratio: 0.5 }, 7)).toEqual([
      1,
      expect.closeTo(0.1, 15),
      0.01,
    ]);
    expect(resolveGrid({ kind: 'grid', points: 2, to: 0.5, ratio: 0.1 }, 8)).toEqual([8, 0.5]);
  });

  it('never goes up, even where its end is above λ_max', () => {
    expect(resolveGrid({ kind: 'grid', points: 2, to: 3, ratio: 0.1 }, 1)).toEqual([3, 1]);
  });

  it('of one point is its start', () => {
    expect(resolveGrid({ kind: 'grid', points: 1, ratio: 0.1 }, 5)).toEqual([5]);
  });

  it('given as a list is sorted, each λ once, zero included', () => {
    expect(resolveGrid({ kind: 'list', values: [0, 1, 0.5, 1] })).toEqual([1, 0.5, 0]);
  });

  it.each([undefined, 0, Number.NaN, Number.POSITIVE_INFINITY, -1])(
    'cannot start at λ_max = %s',
    (lambdaMax) => {
      expect(() => resolveGrid({ kind: 'grid', points: 3, ratio: 0.1 }, lambdaMax)).toThrow(GridError);
    },
  );
});
