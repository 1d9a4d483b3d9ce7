import { describe, expect, it } from 'vitest';
import {
  bestThreshold,
  chooseThreshold,
  type DecisionMetric,
  decide,
  decisionMetrics,
  scoreTask,
} from '../../../src/core/evaluate';
import { Random } from '../../../src/core/random';
import { predictions, task } from './support';

describe('a decision threshold', () => {
  it.each(decisionMetrics)('for %s is as good as any there is', (metric) => {
    for (let seed = 0; seed < 5; seed++) {
      const { labels, values, weights } = rare(seed, 60);
      const scoreAt = (threshold: number) => scoreOf(metric, labels, values, weights, threshold);
      const found = bestThreshold(metric, { labels, values, weights }, () => true);
      const all = [0, ...values, 1].map(scoreAt);
      expect(scoreAt(found)).toBeCloseTo(Math.max(...all), 12);
    }
  });

  it('of equals is the nearest to ½, and ½ where there is nothing to choose by', () => {
    const at = (labels: readonly number[], values: readonly number[]) =>
      bestThreshold(
        'accuracy',
        { labels: Float64Array.from(labels), values: Float32Array.from(values) },
        () => true,
      );
    expect(at([0, 0, 1, 1], [0.125, 0.25, 0.75, 0.875])).toBe(0.5);
    expect(at([0, 0, 1, 1], [0.125, 0.25, 0.375, 0.5])).toBeCloseTo(0.3125, 9);
    expect(at([1, 1], [0.2, 0.3])).toBe(0.5);
    expect(at([Number.NaN, 1, 0], [0.2, Number.NaN, 0.3])).toBe(0.5);
  });

  it('of a fold is chosen by the others’ labels', () => {
    const { labels, values } = rare(3, 90);
    const folds = Int32Array.from({ length: 90 }, (_, row) => (row < 3 ? -1 : row % 3));
    const chosen = chooseThreshold('f1', { labels, values }, folds);
    const turned = labels.map((label, row) => (folds[row] === 1 ? 1 - label : label));
    const other = chooseThreshold('f1', { labels: turned, values }, folds);
    folds.forEach((fold, row) => {
      if (fold === 1) expect(other.crossFitted[row]).toBe(chosen.crossFitted[row]);
      if (fold === -1) expect(chosen.crossFitted[row]).toBe(0.5);
    });
    expect(chosen.kept).toBe(bestThreshold('f1', { labels, values }, () => true));
    expect(chooseThreshold(0.3, { labels, values }, folds).kept).toBe(0.3);
  });

  it('gives random labels no better balanced accuracy than chance once it is cross-fitted', () => {
    let cross = 0;
    for (let seed = 0; seed < 20; seed++) {
      const random = new Random(seed);
      const labels = Float64Array.from({ length: 60 }, () => random.integer(2));
      const values = Float32Array.from({ length: 60 }, () => random.uniform());
      const folds = Int32Array.from({ length: 60 }, (_, row) => row % 5);
      const { crossFitted } = chooseThreshold('balancedAccuracy', { labels, values }, folds);
      const decided = decide(predictions(values), crossFitted, { type: 'binary' });
      cross += (scoreTask(task('binary'), labels, decided).balancedAccuracy ?? 0) / 20;
    }
    expect(Math.abs(cross - 0.5)).toBeLessThan(0.04);
  });
});

/** One in five is positive, and scored low. */
function rare(seed: number, count: number) {
  const random = new Random(seed);
  const labels = Float64Array.from({ length: count }, () => (random.uniform() < 0.2 ? 1 : 0));
  const values = Float32Array.from(labels, (y) => 1 / (1 + Math.exp(2 - 1.5 * y - random.normal())));
  const weights = Float64Array.from({ length: count }, () => 1 + random.integer(3));
  return { labels, values, weights };
}

function scoreOf(
  metric: DecisionMetric,
  labels: Float64Array,
  values: Float32Array,
  weights: Float64Array,
  threshold: number,
): number {
  const decided = decide(predictions(values), threshold, { type: 'binary' });
  return scoreTask(task('binary'), labels, decided, weights)[metric] ?? Number.NEGATIVE_INFINITY;
}
