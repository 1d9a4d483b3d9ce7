import { describe, expect, it } from 'vitest';
import { metricsFor, PROBABILITY_FLOOR, scorePrimary, scoreTask } from '../../../src/core/evaluate';
import { ascendingOrder } from '../../../src/core/evaluate/order';
import { Random } from '../../../src/core/random';
import stored from './fixtures/scikit-learn.json';
import { binaryRows, normals, predictions, task } from './support';

const cases = [
  { task: task('binary'), width: 1, fixture: stored.binary },
  { task: task('multiclass'), width: 3, fixture: stored.multiclass },
  { task: task('regression'), width: 1, fixture: stored.regression },
];

describe.each(cases)('scores of a $task.type task', ({ task, width, fixture }) => {
  const labels = Float64Array.from(fixture.labels);
  const given = predictions(fixture.predictions, width);
  const weights = Float64Array.from(fixture.weights);

  it('are scikit-learn’s', () => expectScores(scoreTask(task, labels, given), fixture.scores));

  it('are scikit-learn’s with sample weights', () =>
    expectScores(scoreTask(task, labels, given, weights), fixture.weighted));

  it('are those of the labelled, predicted rows of positive weight alone', () => {
    const rows = labels.length + 3;
    const moreLabels = new Float64Array(rows).fill(Number.NaN);
    const moreValues = new Float32Array(rows * width).fill(0.5);
    const moreWeights = new Float64Array(rows).fill(1);
    moreLabels.set(labels, 2);
    moreValues.set(given.values, 2 * width);
    moreWeights.set(weights, 2);
    moreLabels[0] = 1;
    moreValues[width - 1] = Number.NaN;
    moreLabels[rows - 1] = 0;
    moreWeights[rows - 1] = 0;
    expectScores(scoreTask(task, moreLabels, { values: moreValues, width }, moreWeights), fixture.weighted);
  });

  it('name every metric of the type, and the primary one is computed alike alone', () => {
    const scores = scoreTask(task, labels, given);
    expect(Object.keys(scores)).toEqual(metricsFor(task.type).map(({ name }) => name));
    expect(Object.values(scores)).toContain(scorePrimary(task, labels, given));
  });

  it('are null, not NaN, without a labelled row', () => {
    const none = scoreTask(
      task,
      new Float64Array(2).fill(Number.NaN),
      predictions(new Array(2 * width).fill(0), width),
    );
    expect(new Set(Object.values(none))).toEqual(new Set([null]));
  });

  it('refuse predictions of the wrong shape', () => {
    expect(() => scoreTask(task, labels, predictions([1], width))).toThrow(/rows of/);
    expect(() => scoreTask(task, labels, predictions(fixture.predictions, width + 1))).toThrow(/column/);
  });
});

describe('undefined scores', () => {
  it('AUC, average precision and balanced accuracy are null with one class, log loss is not', () => {
    const scores = scoreTask(task('binary'), Float64Array.of(1, 1), predictions([0.25, 0.5]));
    expect(scores).toMatchObject({ auc: null, averagePrecision: null, balancedAccuracy: null });
    expect(scores.logLoss).toBeCloseTo((Math.log(4) + Math.log(2)) / 2, 12);
  });

  it('R² is null for a target that does not vary, even where its computed variance is not 0', () => {
    const scores = scoreTask(
      task('regression'),
      new Float64Array(7).fill(0.1),
      predictions([1, 2, 3, 4, 5, 6, 7]),
    );
    expect(scores.r2).toBeNull();
    expect(scores.mae).not.toBeNull();
  });

  it('macro AUC leaves out the classes without rows', () => {
    const values = [0.5, 0.3, 0.2, 0.2, 0.7, 0.1, 0.6, 0.3, 0.1];
    const scores = scoreTask(task('multiclass'), Float64Array.of(0, 1, 0), predictions(values, 3));
    expect(scores.auc).toBe(1);
  });
});

describe('log loss', () => {
  it('clips a certain mistake at the float32 spacing', () => {
    const scores = scoreTask(task('binary'), Float64Array.of(1, 0), predictions([0, 0]));
    expect(scores.logLoss).toBeCloseTo(
      (-Math.log(PROBABILITY_FLOOR) - Math.log1p(-PROBABILITY_FLOOR)) / 2,
      12,
    );
  });
});

describe('AUC', () => {
  it.each([0, 1, 7])('counts pairs exactly with scores of %i decimals', (digits) => {
    const { labels, scores } = binaryRows(3, 300, [0.8], digits);
    let pairs = 0;
    let right = 0;
    for (let i = 0; i < labels.length; i++) {
      for (let j = 0; j < labels.length; j++) {
        if (labels[i] !== 1 || labels[j] !== 0) continue;
        pairs++;
        right += scores[0][i] > scores[0][j] ? 1 : scores[0][i] === scores[0][j] ? 0.5 : 0;
      }
    }
    expect(scorePrimary(task('binary'), labels, predictions(scores[0]))).toBeCloseTo(right / pairs, 14);
  });

  it('is one half for a constant and for random labels of a large sample near it', () => {
    const { labels, scores } = binaryRows(5, 20_000, [0]);
    expect(scorePrimary(task('binary'), labels, predictions(new Array(20_000).fill(0.3)))).toBe(0.5);
    expect(Math.abs((scorePrimary(task('binary'), labels, predictions(scores[0])) ?? 0) - 0.5)).toBeLessThan(
      0.012,
    );
  });

  it('refuses a label that is no class code', () => {
    expect(() => scoreTask(task('binary'), Float64Array.of(2), predictions([1]))).toThrow(/class code/);
  });
});

describe('ascending order', () => {
  it('is that of a stable comparison sort, signs, zeros, infinities and ties included', () => {
    const values = Float32Array.from(
      normals(new Random(1), 5_000),
      (value) => Number(value.toFixed(2)) * 1e3,
    );
    values.set([0, -0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1e-45, -1e-45, 3.4e38], 100);
    const expected = Array.from(values.keys()).sort((a, b) => values[a] - values[b] || a - b);
    expect(Array.from(ascendingOrder(values))).toEqual(expected);
  });
});

function expectScores(
  actual: Readonly<Record<string, number | null>>,
  expected: Record<string, number>,
): void {
  for (const [metric, value] of Object.entries(expected))
    expect(actual[metric], metric).toBeCloseTo(value, 12);
}
