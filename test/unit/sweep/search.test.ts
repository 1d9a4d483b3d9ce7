import { describe, expect, it } from 'vitest';
import { draw, gridOf, pointAt, promote, propose, rungsOf, type Space } from '../../../src/core/sweep/search';
import { fitGaussianProcess } from '../../../src/core/sweep/search/gaussian-process';

const range = (from: number, to: number, scale: 'linear' | 'log' = 'linear', integer = false, points = 5) =>
  ({ kind: 'range', from, to, points, scale, integer }) as const;

describe('a space of hyperparameters', () => {
  const space: Space = {
    dimensions: [
      { name: 'penalty', values: { kind: 'list', values: ['lasso', 'ridge'] } },
      { name: 'rate', values: range(0.001, 1, 'log', false, 4) },
      { name: 'depth', values: range(1, 4, 'linear', true, 7) },
    ],
  };

  it('has every combination on its grid, ends included, whole numbers once', () => {
    const grid = gridOf(space);
    expect(new Set(grid.map(({ depth }) => depth))).toEqual(new Set([1, 2, 3, 4]));
    expect(new Set(grid.map(({ rate }) => Number(Number(rate).toPrecision(12))))).toEqual(
      new Set([0.001, 0.01, 0.1, 1]),
    );
    expect(grid).toHaveLength(2 * 4 * 4);
    expect(new Set(grid.map((point) => JSON.stringify(point))).size).toBe(32);
    expect(gridOf({ dimensions: [] })).toEqual([{}]);
  });

  it('gives each value of a list, and each whole number, an equal part of the unit interval', () => {
    const depths = Array.from({ length: 400 }, (_, i) => pointAt(space, [0, 0, (i + 0.5) / 400]).depth);
    for (const depth of [1, 2, 3, 4]) expect(depths.filter((one) => one === depth)).toHaveLength(100);
    expect(pointAt(space, [0.49, 0, 0]).penalty).toBe('lasso');
    expect(pointAt(space, [0.51, 0.5, 0])).toMatchObject({
      penalty: 'ridge',
      rate: expect.closeTo(Math.sqrt(0.001), 12),
    });
  });
});

describe('draws', () => {
  it('are the same for the same seed and index, and others for another seed', () => {
    for (const method of ['random', 'quasi-random'] as const) {
      expect(draw(method, 7, 3, 1)).toEqual(draw(method, 7, 3, 1));
      expect(draw(method, 7, 3, 1)).not.toEqual(draw(method, 7, 3, 2));
    }
  });

  it('that are quasi-random put one point into each equal interval of every dimension', () => {
    // Of p^k points of Halton’s sequence in base p, one falls into each interval [i/p^k, (i+1)/p^k); scrambling keeps that.
    for (const [dimension, count] of [
      [0, 64],
      [1, 81],
      [2, 125],
    ]) {
      const cells = Array.from({ length: count }, (_, i) =>
        Math.floor(draw('quasi-random', i, 3, 9)[dimension] * count),
      );
      expect(new Set(cells).size).toBe(count);
    }
  });
});

describe('successive halving', () => {
  it('gives a third of the configurations three times as much, up to all of it', () => {
    expect(rungsOf(27, 9, 3)).toEqual([
      { configurations: 27, resource: 1 },
      { configurations: 9, resource: 3 },
      { configurations: 3, resource: 9 },
    ]);
    expect(rungsOf(6, 5, 2)).toEqual([
      { configurations: 6, resource: 2 },
      { configurations: 3, resource: 3 },
      { configurations: 2, resource: 5 },
    ]);
    expect(rungsOf(2, 5, 3)).toEqual([{ configurations: 2, resource: 5 }]);
  });

  it('promotes the best, the earlier of equals, and those without a score last', () => {
    expect(promote([0.1, 0.5, null, 0.5, 0.9], [0, 1, 2, 3, 4], 3)).toEqual([1, 3, 4]);
    expect(promote([0.5, 0.5, 0.5], [0, 1, 2], 2)).toEqual([0, 1]);
    expect(promote([0.9, null, 0.2], [1, 2], 1)).toEqual([2]);
  });
});

describe('a Gaussian process', () => {
  it('goes through its points, is unsure between them, and knows nothing far away', () => {
    const points = [[0], [0.25], [0.5], [0.75], [1]];
    const scores = points.map(([x]) => Math.sin(6 * x));
    const process = fitGaussianProcess(points, scores);
    points.forEach((point, i) => {
      expect(process.at(point).mean).toBeCloseTo(scores[i], 2);
    });
    expect(process.at([0.6]).mean).toBeCloseTo(Math.sin(3.6), 1);
    expect(process.at([0.6]).deviation).toBeGreaterThan(process.at([0.5]).deviation);
    expect(process.at([9]).mean).toBeCloseTo(scores.reduce((a, b) => a + b) / 5, 6);
  });
});

/** Branin’s function (Dixon and Szegő 1978) on the unit square, negated: three maxima of −0.397887. */
function branin([u, v]: readonly number[]): number {
  const x = 15 * u - 5;
  const y = 15 * v;
  const bowl = y - (5.1 / (4 * Math.PI ** 2)) * x * x + (5 / Math.PI) * x - 6;
  return -(bowl ** 2 + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10);
}

describe('Bayesian search', () => {
  const square: Space = {
    dimensions: [
      { name: 'u', values: range(0, 1) },
      { name: 'v', values: range(0, 1) },
    ],
  };

  function search(seed: number, score: (unit: readonly number[]) => number): number {
    const tried = Array.from({ length: 8 }, (_, i) => draw('quasi-random', i, 2, seed)).map((unit) => ({
      unit,
      score: score(unit),
    }));
    for (let batch = 0; batch < 6; batch++) {
      for (const unit of propose(square, tried, 4, seed + batch)) tried.push({ unit, score: score(unit) });
    }
    return Math.max(...tried.map((one) => one.score));
  }

  it('finds a maximum of Branin’s function that as many draws do not come near', () => {
    for (const seed of [1, 2, 3]) {
      const drawn = Array.from({ length: 32 }, (_, i) => branin(draw('random', i, 2, seed)));
      expect(search(seed, branin)).toBeGreaterThan(-0.6);
      expect(search(seed, branin)).toBeGreaterThan(Math.max(...drawn));
    }
  });

  it('proposes the same for the same scores, none twice, and gets by without scores', () => {
    const tried = Array.from({ length: 6 }, (_, i) => draw('quasi-random', i, 2, 5)).map((unit, i) => ({
      unit,
      score: i === 2 ? null : branin(unit),
    }));
    const proposals = propose(square, tried, 5, 1);
    expect(propose(square, tried, 5, 1)).toEqual(proposals);
    expect(new Set(proposals.map((one) => JSON.stringify(one))).size).toBe(5);
    const blind = tried.map(({ unit }) => ({ unit, score: null }));
    expect(propose(square, blind, 3, 1)).toHaveLength(3);
  });

  it('chooses among the values of a list', () => {
    const space: Space = {
      dimensions: [
        { name: 'kind', values: { kind: 'list', values: ['a', 'b', 'c'] } },
        { name: 'x', values: range(0, 1) },
      ],
    };
    const score = (unit: readonly number[]) => {
      const { kind, x } = pointAt(space, unit);
      return (kind === 'b' ? 1 : 0) - (Number(x) - 0.3) ** 2;
    };
    const tried = Array.from({ length: 6 }, (_, i) => draw('quasi-random', i, 2, 4)).map((unit) => ({
      unit,
      score: score(unit),
    }));
    for (let batch = 0; batch < 4; batch++) {
      for (const unit of propose(space, tried, 3, batch)) tried.push({ unit, score: score(unit) });
    }
    expect(Math.max(...tried.map((one) => one.score))).toBeGreaterThan(0.995);
  });
});
