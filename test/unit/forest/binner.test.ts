import { describe, expect, it } from 'vitest';
import { binFeature, MISSING_BIN } from '../../../src/core/learner/trees/binner';
import { Random } from '../../../src/core/random';
import { letters, NONE, numeric } from './support';

const every = (values: readonly unknown[]) => Int32Array.from(values.keys());

describe('binning', () => {
  it('gives every value its own bin when there are no more values than bins', () => {
    const { bins, codes } = binFeature(numeric('u', [5, -2, NONE, 5, 1e9]), Int32Array.of(0, 1, 2, 3, 4), 3);
    expect(bins).toMatchObject({ lower: Float64Array.of(-2, 5, 1e9), upper: Float64Array.of(-2, 5, 1e9) });
    expect([...codes]).toEqual([1, 0, MISSING_BIN, 1, 2]);
  });

  it('looks at the given rows alone', () => {
    const { bins, codes } = binFeature(numeric('u', [9, 1, 2, 9, 3]), Int32Array.of(1, 2, 4), 255);
    expect(bins).toMatchObject({ lower: Float64Array.of(1, 2, 3) });
    expect([...codes]).toEqual([0, 1, 2]);
  });

  it.each(['normal', 'skewed', 'tied'])('puts each value into the bin whose range holds it (%s)', (shape) => {
    const random = new Random(4);
    const values = Array.from({ length: 3000 }, () => {
      const x = random.normal();
      return shape === 'normal' ? x : shape === 'skewed' ? Math.exp(9 * x) : Math.round(200 * x) / 100;
    });
    const { bins, codes } = binFeature(numeric('u', values), every(values), 64);
    if (bins.kind !== 'numeric') throw new Error('numbers have numeric bins');
    expect(bins.lower.length).toBe(64);
    values.forEach((value, i) => {
      expect(value >= bins.lower[codes[i]] && value <= bins.upper[codes[i]]).toBe(true);
    });
    for (let b = 1; b < 64; b++) expect(bins.lower[b]).toBeGreaterThan(bins.upper[b - 1]);
  });

  it('fills bins about equally', () => {
    const random = new Random(5);
    const values = Array.from({ length: 5000 }, () => Math.exp(3 * random.normal()));
    const counts = new Int32Array(50);
    for (const code of binFeature(numeric('u', values), every(values), 50).codes) counts[code]++;
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(95);
    expect(Math.max(...counts)).toBeLessThanOrEqual(105);
  });

  it('uses all bins when a few values have most of the rows', () => {
    const values = Array.from({ length: 1000 }, (_, i) => (i < 900 ? 0 : i));
    const { bins } = binFeature(numeric('u', values), every(values), 20);
    expect(bins).toMatchObject({ lower: { length: 20 } });
  });

  it('gives a bin to each category that occurs', () => {
    const { bins, codes } = binFeature(letters('c', 'bad.b'), Int32Array.of(0, 2, 3, 4), 255);
    expect(bins).toMatchObject({ categories: ['b', 'd'] });
    expect([...codes]).toEqual([0, 1, MISSING_BIN, 0]);
  });
});
