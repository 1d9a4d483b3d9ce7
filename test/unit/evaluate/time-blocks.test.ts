import { describe, expect, it } from 'vitest';
import { pairedBootstrap, Resamples, timeBlocks } from '../../../src/core/evaluate';
import { Random } from '../../../src/core/random';

const range = (count: number, from = 0) => Int32Array.from({ length: count }, (_, i) => from + i);

describe('blocks of time', () => {
  it('follow each other, are about √m times long, and are never fewer than twenty', () => {
    const lengths = (count: number) => {
      const blocks = timeBlocks(Float64Array.from(range(count)), range(count)) ?? [];
      expect([...blocks]).toEqual([...blocks].sort((a, b) => a - b));
      const sizes = new Map<number, number>();
      for (const block of blocks) sizes.set(block, (sizes.get(block) ?? 0) + 1);
      return [...sizes.values()];
    };
    expect(lengths(2500)).toEqual(new Array(50).fill(50));
    expect(lengths(101)).toEqual([...new Array(19).fill(5), 6]);
    expect(lengths(30)).toEqual(new Array(30).fill(1));
  });

  it('go by time, whatever the order of the rows, and keep those of one time together', () => {
    const times = Float64Array.from(range(80), (i) => (i * 37) % 40);
    const blocks = timeBlocks(times, range(60, 20)) ?? new Int32Array(0);
    range(60, 20).forEach((row, i) => {
      expect(blocks[i]).toBe(Math.floor(times[row] / 2));
    });
  });

  it('are none where there are hardly any times', () => {
    expect(
      timeBlocks(
        Float64Array.from(range(300), (i) => i % 4),
        range(300),
      ),
    ).toBeUndefined();
  });

  it('make the interval of a mean as wide as errors that last need, where rows alone make it a third', () => {
    // Autoregressive noise: the variance of its mean is (1 + φ) / (1 − φ) times that of independent values.
    const phi = 0.8;
    const count = 2_500;
    const random = new Random(7);
    const gains = new Float64Array(count);
    for (let i = 1; i < count; i++) gains[i] = phi * gains[i - 1] + random.normal();
    const error = 1 / (1 - phi) / Math.sqrt(count);
    const weights = new Float64Array(count).fill(1);
    const width = (groups?: Int32Array) => {
      const estimate = pairedBootstrap({ gains, weights, ...(groups && { groups }) }, new Resamples(1));
      return ((estimate?.interval[1] ?? 0) - (estimate?.interval[0] ?? 0)) / (2 * 1.96 * error);
    };
    const times = Float64Array.from(range(count));
    expect(width(timeBlocks(times, range(count)))).toBeGreaterThan(0.75);
    expect(width(timeBlocks(times, range(count)))).toBeLessThan(1.2);
    expect(width()).toBeLessThan(0.4);
  });
});
