import { describe, expect, it } from 'vitest';
import { logSpaced, refineAround } from '../../../src/core/sweep';

describe('finer λ around the best', () => {
  it('lie between it and its neighbours, log-spaced', () => {
    const found = refineAround([100, 10, 1, 0.1], 10, 2);
    expect(found[0]).toBeCloseTo(10 ** 1.5, 9);
    expect(found[1]).toBeCloseTo(10 ** 0.5, 9);
    expect(refineAround([100, 10, 1], 10, 5).filter((lambda) => lambda > 10)).toHaveLength(3);
  });

  it('go on beyond the smallest of the grid by its step, and not above the largest', () => {
    const beyond = refineAround([100, 10, 1], 1, 4);
    expect(beyond.filter((lambda) => lambda < 1)).toHaveLength(2);
    expect(Math.min(...beyond)).toBeGreaterThan(0.1);
    expect(Math.max(...refineAround([100, 10, 1], 100, 3))).toBeLessThan(100);
  });

  it('between two ends include both', () => {
    expect(logSpaced(1, 0.01, 3)).toEqual([1, expect.closeTo(0.1, 12), 0.01]);
  });
});
