import { describe, expect, it } from 'vitest';
import { pairedBootstrap, RESAMPLES, Resamples } from '../../../src/core/evaluate';
import { Random } from '../../../src/core/random';
import { normals } from './support';

const ones = (count: number) => new Float64Array(count).fill(1);

describe('paired bootstrap', () => {
  it.each([
    ['row by row', 1_500],
    ['by random blocks', 40_000],
  ])('of a mean has the interval that theory gives, %s', (_, count) => {
    const gains = normals(new Random(1), count).map((value) => 0.1 + value);
    const estimate = pairedBootstrap({ gains, weights: ones(count) }, new Resamples(5));
    const mean = gains.reduce((sum, gain) => sum + gain / count, 0);
    const error = Math.sqrt(gains.reduce((sum, gain) => sum + (gain - mean) ** 2 / (count - 1), 0) / count);
    expect(estimate?.value).toBeCloseTo(mean, 12);
    expect(((estimate?.interval[0] ?? 0) - mean) / error).toBeCloseTo(-1.96, 0);
    expect(
      ((estimate?.interval[1] ?? 0) - (estimate?.interval[0] ?? 0)) / (2 * 1.96 * error),
    ).toBeGreaterThan(0.92);
    expect(((estimate?.interval[1] ?? 0) - (estimate?.interval[0] ?? 0)) / (2 * 1.96 * error)).toBeLessThan(
      1.08,
    );
  });

  it('is the difference in R² of the two predictors', () => {
    const target = Float64Array.of(1, 2, 4, 9);
    const better = Float64Array.of(0.5, 0.5, 0, 1);
    const worse = Float64Array.of(1, 2, 1, 3);
    const gains = target.map((_, i) => worse[i] ** 2 - better[i] ** 2);
    expect(pairedBootstrap({ gains, weights: ones(4), target }, new Resamples(0))?.value).toBeCloseTo(
      13.5 / 38,
      14,
    );
  });

  it('does not change when sample weights are given as copies of rows in one group', () => {
    const gains = normals(new Random(2), 200);
    const weights = gains.map((_, i) => 1 + (i % 3));
    const copies = Array.from(gains.keys()).flatMap((i) => new Array<number>(weights[i]).fill(i));
    const weighted = pairedBootstrap({ gains, weights }, new Resamples(3));
    const copied = pairedBootstrap(
      {
        gains: Float64Array.from(copies, (i) => gains[i]),
        weights: ones(copies.length),
        groups: Int32Array.from(copies),
      },
      new Resamples(3),
    );
    expect(copied?.value).toBeCloseTo(weighted?.value ?? Number.NaN, 12);
    expect(copied?.interval[0]).toBeCloseTo(weighted?.interval[0] ?? Number.NaN, 12);
    expect(copied?.p).toBe(weighted?.p);
  });

  it('gives p values fine enough for hundreds of tasks, and never above what the resamples show', () => {
    const gains = normals(new Random(4), 400).map((value) => 1 + value);
    const estimate = pairedBootstrap({ gains, weights: ones(400) }, new Resamples(1));
    expect(estimate?.p).toBeLessThan(1e-20);
    const few = Float64Array.of(0.8, 1, 1.2);
    const bound = pairedBootstrap({ gains: few, weights: ones(3) }, new Resamples(1));
    expect(bound?.p).toBeLessThanOrEqual(2 / (RESAMPLES + 1));
    expect(bound?.p).toBeGreaterThan(1e-4);
  });

  it('is the same bit for bit from the same seed, whatever was drawn before', () => {
    const gains = normals(new Random(2), 300);
    const used = new Resamples(7);
    pairedBootstrap({ gains: gains.subarray(0, 50), weights: ones(50) }, used);
    pairedBootstrap({ gains: normals(new Random(3), 5_000), weights: ones(5_000) }, used);
    expect(pairedBootstrap({ gains, weights: ones(300) }, used)).toEqual(
      pairedBootstrap({ gains, weights: ones(300) }, new Resamples(7)),
    );
  });

  it('has nothing to say without rows, or about a target that does not vary', () => {
    expect(pairedBootstrap({ gains: ones(0), weights: ones(0) }, new Resamples(1))).toBeNull();
    expect(
      pairedBootstrap({ gains: ones(5), weights: ones(5), target: ones(5) }, new Resamples(1)),
    ).toBeNull();
  });

  it('of two equal predictors shows no difference', () => {
    const estimate = pairedBootstrap({ gains: new Float64Array(50), weights: ones(50) }, new Resamples(1));
    expect(estimate).toEqual({ value: 0, interval: [0, 0], p: 1 });
  });
});

describe('resamples', () => {
  it('draw every unit equally often', () => {
    const counts = new Float64Array(40);
    for (const index of new Resamples(1).indices(40)) counts[index]++;
    for (const count of counts) expect(Math.abs(count - RESAMPLES)).toBeLessThan(5 * Math.sqrt(RESAMPLES));
  });

  it('put many rows into blocks of nearly one size, each row in one', () => {
    const units = new Resamples(1).units(10_000);
    const sizes = new Map<number, number>();
    for (const unit of units) sizes.set(unit, (sizes.get(unit) ?? 0) + 1);
    expect(new Set(sizes.values())).toEqual(new Set([4, 5]));
  });
});
