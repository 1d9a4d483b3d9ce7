import { describe, expect, it } from 'vitest';
import { scoreTask, scoreTogether } from '../../../src/core/evaluate';
import type { TaskPredictions } from '../../../src/core/learner/learner';
import reference from './fixtures/metrics.json';
import { predictions, task } from './support';

// Scores by scikit-learn 1.9.1 of 80 rows with missing labels, with and without sample weights; ECE by its
// `calibration_curve(strategy='uniform')` where there are no weights.
const weights = Float64Array.from(reference.weights);
const labelsOf = (labels: readonly (number | null)[]) => Float64Array.from(labels, (y) => y ?? Number.NaN);

function expectScores(
  computed: Readonly<Record<string, number | null>>,
  wanted: Record<string, number>,
): void {
  for (const [name, value] of Object.entries(wanted)) {
    expect(computed[name], name).toBeCloseTo(value, 6);
  }
}

describe('scores of one task', () => {
  it.each([0, 1, 2, 3])('binary %i are scikit-learn’s', (t) => {
    const one = reference.binary[t];
    const of = task('binary');
    const labels = labelsOf(one.labels);
    expectScores(scoreTask(of, labels, predictions(one.predictions)), one.plain);
    expectScores(scoreTask(of, labels, predictions(one.predictions), weights), one.weighted);
  });

  it.each([0, 1])('regression %i are scikit-learn’s', (t) => {
    const one = reference.regression[t];
    const of = task('regression');
    const labels = labelsOf(one.labels);
    expectScores(scoreTask(of, labels, predictions(one.predictions)), one.plain);
    expectScores(scoreTask(of, labels, predictions(one.predictions), weights), one.weighted);
  });

  it('multiclass are scikit-learn’s', () => {
    const { labels, predictions: values, plain, weighted } = reference.multiclass;
    const of = task('multiclass');
    expectScores(scoreTask(of, labelsOf(labels), predictions(values, 3)), plain);
    expectScores(scoreTask(of, labelsOf(labels), predictions(values, 3), weights), weighted);
  });
});

describe('scores of all tasks together', () => {
  const tasks = [
    ...reference.binary.map((_, t) => task('binary', `b${t}`)),
    task('regression', 'r0'),
    task('regression', 'r1'),
  ];
  const labels = [...reference.binary, ...reference.regression].map((one) => labelsOf(one.labels));
  const made = [...reference.binary, ...reference.regression].map((one) => predictions(one.predictions));
  const constant: TaskPredictions[] = made.map(({ values }, t) =>
    predictions(values.map(() => (t < 4 ? 0.5 : reference.regression[0].constant))),
  );

  it('mask missing labels cell by cell', () => {
    const rows = { tasks, labels, predictions: made, constant };
    expectScores(scoreTogether(rows), reference.together.plain);
    expectScores(scoreTogether({ ...rows, weights }), reference.together.weighted);
  });

  it('are those of multi-label functions where every label is there', () => {
    const { rows, ...wanted } = reference.complete;
    const at = <T extends Float64Array | Float32Array>(values: T, make: (list: number[]) => T): T =>
      make(rows.map((row) => values[row]));
    const computed = scoreTogether({
      tasks: tasks.slice(0, 4),
      labels: labels.slice(0, 4).map((list) => at(list, (values) => Float64Array.from(values))),
      predictions: made.slice(0, 4).map(({ values }) => predictions(rows.map((row) => values[row]))),
      constant: made.slice(0, 4).map(() => predictions(rows.map(() => 0.5))),
      weights: at(weights, (values) => Float64Array.from(values)),
    });
    expectScores(computed, wanted);
  });

  it('are of the types that there are: none for one binary task, aRRMSE alone for regressions', () => {
    const only = (from: number, to: number) =>
      scoreTogether({
        tasks: tasks.slice(from, to),
        labels: labels.slice(from, to),
        predictions: made.slice(from, to),
        constant: constant.slice(from, to),
      });
    expect(only(0, 1)).toEqual({});
    expect(Object.keys(only(4, 6))).toEqual(['aRRMSE']);
  });

  it('say of the constant itself that its aRRMSE is 1', () => {
    expect(scoreTogether({ tasks, labels, predictions: constant, constant }).aRRMSE).toBe(1);
  });
});
