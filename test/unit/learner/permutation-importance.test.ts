import { describe, expect, it } from 'vitest';
import { type FittedModel, learners, permutationImportance } from '../../../src/core/learner';
import { Random } from '../../../src/core/random';
import { context, letters, NONE, numeric, problem, table, task } from '../forest/support';

/** A model that is known: predicts 3u + v for the first task, v for the second, class 0 surely for the third. */
const KNOWN: FittedModel = {
  convergence: { converged: true, iterations: 0, criterion: 'none' },
  summary: { sharedParameters: 0, privateParameters: 0 },
  predict(dataset, rows) {
    const [u, v] = dataset.columns.map((column) =>
      column.kind === 'numeric' ? column.values : new Float64Array(),
    );
    return [
      { values: Float32Array.from(rows, (row) => 3 * u[row] + v[row]), width: 1 },
      { values: Float32Array.from(rows, (row) => v[row]), width: 1 },
    ];
  },
  serialize: () => {
    throw new Error('It is not saved.');
  },
};

const random = new Random(2);
const n = 300;
const u = Array.from({ length: n }, () => random.normal());
const v = Array.from({ length: n }, () => random.normal());
const of = problem(
  table(numeric('u', u), numeric('v', v), numeric('unused', u)),
  [task('sum', 'regression'), { ...task('v', 'regression'), weight: 3 }],
  [u.map((x, i) => 3 * x + v[i]), v.map((x, i) => (i % 3 === 0 ? NONE : x))],
);

function mean(values: readonly number[]): number {
  return values.reduce((sum, x) => sum + x, 0) / values.length;
}

/** Population variance. */
function variance(values: readonly number[]): number {
  const centre = mean(values);
  return values.reduce((sum, x) => sum + (x - centre) ** 2, 0) / values.length;
}

describe('permutation importance', () => {
  it('is what a known model loses of R²: twice the share of variance that the feature has in expectation', () => {
    const { byTask, jointly } = permutationImportance(KNOWN, of, of.rows, { repeats: 200, seed: 1 });
    // E (x − x′)² over shuffles is 2 n / (n − 1) variances when rows may keep their own, 2 variances to 1 %.
    const spread = variance([...of.labels[0]]);
    expect(byTask[0]).toBeCloseTo((2 * 9 * variance(u)) / spread, 1);
    expect(byTask[2]).toBeCloseTo((2 * variance(v)) / spread, 1);
    expect(byTask[1]).toBe(0);
    // Rows without a label lend their values too.
    const labelled = v.filter((_, i) => i % 3 !== 0);
    const lent = v.reduce((sum, x) => sum + (x - mean(labelled)) ** 2, 0) / n;
    expect(byTask[3]).toBeCloseTo(1 + lent / variance(labelled), 1);
    expect([byTask[4], byTask[5]]).toEqual([0, 0]);
    expect(jointly[1]).toBeCloseTo((byTask[2] + 3 * byTask[3]) / 4, 12);
  });

  it('has no value for a task whose labels do not vary, and leaves it out jointly', () => {
    const constant = { ...of, labels: [of.labels[0], new Float64Array(n).fill(4)] };
    const { byTask, jointly } = permutationImportance(KNOWN, constant, of.rows);
    expect(byTask[1]).toBeNaN();
    expect(jointly[0]).toBe(byTask[0]);
  });

  it('finds, for a forest of mixed tasks, the category that one task depends on', async () => {
    const text = Array.from({ length: n }, () => 'abc'[random.integer(3)]).join('');
    const mixed = problem(
      table(numeric('u', u), letters('c', text)),
      [task('class', 'multiclass', 3), task('high', 'binary')],
      [[...text].map((c) => 'abc'.indexOf(c)), u.map((x) => Number(x > 0))],
    );
    const [model] = await learners.forest.fit(mixed, [{ parameters: { trees: 20 } }], context());
    const { byTask } = permutationImportance(model, mixed, mixed.rows, { seed: 3 });
    expect(byTask[2]).toBeGreaterThan(0.5);
    expect(byTask[1]).toBeGreaterThan(0.5);
    expect(Math.abs(byTask[0])).toBeLessThan(0.1);
    expect(Math.abs(byTask[3])).toBeLessThan(0.1);
  });

  it('is the same with the same seed', () => {
    const one = permutationImportance(KNOWN, of, of.rows, { seed: 5 });
    expect(permutationImportance(KNOWN, of, of.rows, { seed: 5 })).toEqual(one);
  });
});
