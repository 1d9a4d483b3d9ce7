import { describe, expect, it } from 'vitest';
import { delongDifference, type PairedScores } from '../../../src/core/evaluate';
import { normalTwoSided, studentTwoSided } from '../../../src/core/evaluate/tails';
import stored from './fixtures/scikit-learn.json';
import { binaryRows } from './support';

describe('DeLong’s comparison of two AUCs', () => {
  it.each([
    ['without ties', 120, 7],
    ['with many ties', 150, 0],
  ])('has the covariance of the definition, over all pairs, %s', (_, count, digits) => {
    const { positive, scores } = binaryRows(11, count, [1.1, 0.6], digits);
    const weights = new Float64Array(count).fill(1);
    const estimate = delongDifference({ positive, model: scores[0], baseline: scores[1], weights });
    const expected = naiveDelong(positive, scores[0], scores[1]);
    expect(estimate.value).toBeCloseTo(expected.value, 13);
    expect(estimate.interval[1] - estimate.interval[0]).toBeCloseTo(
      2 * 1.959963984540054 * expected.error,
      13,
    );
    expect(estimate.p).toBeCloseTo(normalTwoSided(expected.value / expected.error), 13);
  });

  it('is the same for weights of any one size', () => {
    const { positive, scores } = binaryRows(2, 90, [1, 0.5]);
    const at = (weight: number) =>
      delongDifference({
        positive,
        model: scores[0],
        baseline: scores[1],
        weights: new Float64Array(90).fill(weight),
      });
    expect(at(3).value).toBeCloseTo(at(1).value, 13);
    expect(at(3).p).toBeCloseTo(at(1).p, 13);
  });

  it('has the weighted error that resampling simulated samples shows', () => {
    const repeats = 2_000;
    const values: number[] = [];
    let claimed = 0;
    for (let seed = 0; seed < repeats; seed++) {
      const estimate = delongDifference(weightedSample(seed, 160));
      values.push(estimate.value);
      claimed += ((estimate.interval[1] - estimate.value) / 1.959963984540054) ** 2 / repeats;
    }
    const mean = values.reduce((sum, value) => sum + value / repeats, 0);
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2 / (repeats - 1), 0);
    expect(Math.sqrt(claimed / variance)).toBeGreaterThan(0.93);
    expect(Math.sqrt(claimed / variance)).toBeLessThan(1.07);
  });

  it('with rows copied within groups claims no more than without the copies', () => {
    const { positive, scores } = binaryRows(4, 200, [1, 0.7]);
    const ones = (count: number) => new Float64Array(count).fill(1);
    const once = delongDifference({ positive, model: scores[0], baseline: scores[1], weights: ones(200) });
    const twice = <T extends Float32Array | Uint8Array>(values: T, copy: (n: number) => T): T => {
      const doubled = copy(2 * values.length);
      doubled.set(values);
      doubled.set(values, values.length);
      return doubled;
    };
    const floats = (n: number) => new Float32Array(n);
    const copied = {
      positive: twice(positive, (n) => new Uint8Array(n)),
      model: twice(scores[0], floats),
      baseline: twice(scores[1], floats),
      weights: ones(400),
    };
    const groups = Int32Array.from({ length: 400 }, (_, i) => i % 200);
    const width = (paired: PairedScores) => {
      const { interval } = delongDifference(paired);
      return interval[1] - interval[0];
    };
    const honest = once.interval[1] - once.interval[0];
    expect(width({ ...copied, groups }) / honest).toBeCloseTo(1, 2);
    expect(width(copied) / honest).toBeCloseTo(Math.SQRT1_2, 2);
  });

  it('shows nothing between rankings that agree', () => {
    const { positive, scores } = binaryRows(9, 60, [1]);
    const stretched = scores[0].map((score) => 2 * score + 1);
    const weights = new Float64Array(60).fill(1);
    expect(delongDifference({ positive, model: scores[0], baseline: stretched, weights })).toEqual({
      value: 0,
      interval: [0, 0],
      p: 1,
    });
  });
});

describe('tail probabilities', () => {
  it.each(stored.tails.normal)('of the normal at %f are scipy’s', (z, p) => {
    expect(normalTwoSided(z) / p).toBeCloseTo(1, 10);
    expect(normalTwoSided(-z)).toBe(normalTwoSided(z));
  });

  it.each(stored.tails.student)('of Student’s t at %f with %i degrees of freedom are scipy’s', (t, df, p) => {
    expect(studentTwoSided(t, df) / p).toBeCloseTo(1, 10);
  });
});

function weightedSample(seed: number, count: number): PairedScores {
  const { positive, scores } = binaryRows(1000 + seed, count, [1, 0.6]);
  const weights = Float64Array.from({ length: count }, (_, i) => 0.5 + (i % 4));
  return { positive, model: scores[0], baseline: scores[1], weights };
}

/** DeLong, DeLong and Clarke-Pearson (1988), as written: placement values by comparing every pair. */
function naiveDelong(positive: Uint8Array, model: Float32Array, baseline: Float32Array) {
  const kernel = (x: number, y: number) => (x > y ? 1 : x === y ? 0.5 : 0);
  const rows = Array.from(positive.keys());
  const cases = rows.filter((i) => positive[i] === 1);
  const controls = rows.filter((i) => positive[i] === 0);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const components = [model, baseline].map((scores) => ({
    v10: cases.map((i) => mean(controls.map((j) => kernel(scores[i], scores[j])))),
    v01: controls.map((j) => mean(cases.map((i) => kernel(scores[i], scores[j])))),
  }));
  const auc = components.map(({ v10 }) => mean(v10));
  const covariance = (key: 'v10' | 'v01', a: number, b: number) =>
    components[a][key].reduce(
      (sum, value, i) => sum + (value - auc[a]) * (components[b][key][i] - auc[b]),
      0,
    ) /
    (components[a][key].length - 1);
  const s = (a: number, b: number) =>
    covariance('v10', a, b) / cases.length + covariance('v01', a, b) / controls.length;
  return { value: auc[0] - auc[1], error: Math.sqrt(s(0, 0) + s(1, 1) - 2 * s(0, 1)) };
}
