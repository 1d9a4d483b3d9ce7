import { describe, expect, it } from 'vitest';
import { pairedBootstrap, Resamples } from '../../../src/core/evaluate';
import { Random } from '../../../src/core/random';
import { normals } from './support';

const ones = (count: number) => new Float64Array(count).fill(1);

describe('paired bootstrap, over many draws', () => {
  it('covers the true difference in R² about 95 times in 100', () => {
    let covered = 0;
    const repeats = 300;
    for (let seed = 0; seed < repeats; seed++) {
      const random = new Random(seed);
      const target = normals(random, 150);
      const gains = target.map(() => (0.9 * random.normal()) ** 2 - (0.7 * random.normal()) ** 2);
      const estimate = pairedBootstrap({ gains, weights: ones(150), target }, new Resamples(seed));
      if (estimate && estimate.interval[0] <= 0.32 && estimate.interval[1] >= 0.32) covered++;
    }
    expect(covered / repeats).toBeGreaterThan(0.9);
    expect(covered / repeats).toBeLessThan(0.985);
  });

  it('has p values that are uniform when there is no difference', () => {
    const p: number[] = [];
    for (let seed = 0; seed < 400; seed++) {
      const gains = normals(new Random(9_000 + seed), 100);
      p.push(pairedBootstrap({ gains, weights: ones(100) }, new Resamples(seed))?.p ?? Number.NaN);
    }
    const share = (below: number) => p.filter((value) => value < below).length / p.length;
    expect(share(0.05)).toBeLessThan(0.085);
    expect(Math.abs(share(0.5) - 0.5)).toBeLessThan(0.08);
  });
});
