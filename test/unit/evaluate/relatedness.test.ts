import { describe, expect, it } from 'vitest';
import { clusterItems, correlationMatrix, gainMatrix, paretoFront } from '../../../src/core/evaluate';
import { Random } from '../../../src/core/random';
import { normals } from './support';

describe('clusters', () => {
  /** Points on a line, far apart in groups. */
  const points = [0, 10, 0.5, 20.2, 10.4, 20, 0.2, 10.1];
  const distance = Float64Array.from(points.flatMap((a) => points.map((b) => Math.abs(a - b))));

  it('find groups that are far apart, and put them side by side', () => {
    const { order, clusters } = clusterItems(distance, points.length);
    const groups = points.map((p) => Math.round(p / 10));
    for (let i = 0; i < points.length; i++) {
      for (let j = 0; j < points.length; j++) {
        expect(clusters[i] === clusters[j]).toBe(groups[i] === groups[j]);
      }
    }
    expect(order.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(new Set(order.map((i) => clusters[i]).filter((c, k, all) => c !== all[k - 1])).size).toBe(3);
    expect(clusters[order[0]]).toBe(0);
  });

  it('leave items alone that have no groups', () => {
    const equal = Float64Array.from({ length: 36 }, (_, k) => (k % 7 === 0 ? 0 : 1));
    expect(new Set(clusterItems(equal, 6).clusters).size).toBe(1);
  });
});

describe('the relatedness of tasks', () => {
  it('is the correlation of what was learned, by its definition', () => {
    const random = new Random(1);
    const a = normals(random, 50);
    const b = a.map((value) => 2 * value + random.normal());
    const mean = (v: Float64Array) => v.reduce((sum, x) => sum + x, 0) / v.length;
    const [ma, mb] = [mean(a), mean(b)];
    const covariance = (u: Float64Array, mu: number, v: Float64Array, mv: number) =>
      u.reduce((sum, x, i) => sum + (x - mu) * (v[i] - mv), 0);
    const expected =
      covariance(a, ma, b, mb) / Math.sqrt(covariance(a, ma, a, ma) * covariance(b, mb, b, mb));
    const flat = new Float64Array(50);
    const { values } = correlationMatrix('parameters', 'linear', [a, b, a.map((x) => -x), flat]);
    expect(values[0][1]).toBeCloseTo(expected, 4);
    expect(values[0][2]).toBe(-1);
    expect(values[1][1]).toBe(1);
    expect(values[0][3]).toBeNull();
  });

  it('by gains puts tasks together that help each other', () => {
    const help = [
      [null, 0.1, -0.05, -0.04],
      [0.12, null, -0.06, -0.05],
      [-0.03, -0.05, null, 0.08],
      [-0.05, -0.04, 0.09, null],
    ];
    const { clusters } = gainMatrix('linear', help, help);
    expect(clusters[0]).toBe(clusters[1]);
    expect(clusters[2]).toBe(clusters[3]);
    expect(clusters[0]).not.toBe(clusters[2]);
  });
});

describe('the front of score against cost', () => {
  it('has the points that no other beats, by definition', () => {
    const random = new Random(2);
    const points = Array.from({ length: 60 }, () => ({
      score: Math.round(8 * random.uniform()) / 8,
      cost: Math.round(8 * random.uniform()) / 8,
    }));
    const beaten = points.map(({ score, cost }) =>
      points.some((one) => one.score >= score && one.cost <= cost && (one.score > score || one.cost < cost)),
    );
    expect(paretoFront(points)).toEqual(beaten.map((is) => !is));
  });
});
