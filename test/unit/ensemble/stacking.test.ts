import { describe, expect, it } from 'vitest';
import {
  applyStacking,
  combineMean,
  fitStacking,
  type StackingOptions,
  type WeightsInput,
} from '../../../src/core/ensemble';
import type { FitContext } from '../../../src/core/learner/learner';
import { Random } from '../../../src/core/random';
import { normals, predictions, task } from '../evaluate/support';

const RIDGE: StackingOptions = { across: 'own', penalty: 'ridge', l1Ratio: 0.5 };

describe('stacking', () => {
  it('of a regression is the ridge of the members’ predictions at the λ that cross-validation prefers', async () => {
    const { input, folds } = oneRegression(1, 60, 2, 6);
    const found = await fitStacking(input, folds, RIDGE, context());
    const [lambda] = found.lambdas;
    if (lambda === null) throw new Error('There is no second level.');
    const rows = Array.from(folds.keys());
    const expected = closedFormRidge(input, rows, lambda);
    const [applied] = applyStacking(input.tasks, found.tasks, input.members);
    rows.forEach((row) => {
      expect(applied.values[row]).toBeCloseTo(expected(row), 3);
    });
    // No λ near it, by the same closed form, has a lower cross-validated error.
    const error = (at: number) => crossValidated(input, folds, at);
    expect(error(lambda)).toBeLessThanOrEqual(Math.min(error(lambda * 3), error(lambda / 3)) + 1e-6);
  });

  it('validates each fold by a fit, and a λ, that its labels had no part in', async () => {
    const { input, folds } = oneRegression(2, 60);
    const [before] = (await fitStacking(input, folds, RIDGE, context())).validation;
    const labels = input.labels.map((of) => of.map((label, row) => (folds[row] === 1 ? 100 - label : label)));
    const [after] = (await fitStacking({ ...input, labels }, folds, RIDGE, context())).validation;
    folds.forEach((fold, row) => {
      if (fold === 1) expect(after.values[row]).toBeCloseTo(before.values[row], 2);
    });
    expect(Array.from(after.values)).not.toEqual(Array.from(before.values));
  });

  it('across tasks learns from what is predicted for another task, and says so; plain stacking cannot', async () => {
    const { input, folds } = related(3, 200);
    const across = await fitStacking(input, folds, { ...RIDGE, across: 'tasks' }, context());
    const own = await fitStacking(input, folds, RIDGE, context());
    const errorOf = (values: Float32Array) =>
      input.labels[1].reduce(
        (sum, label, row) => (Number.isNaN(label) ? sum : sum + (label - values[row]) ** 2),
        0,
      );
    expect(errorOf(across.validation[1].values)).toBeLessThan(0.5 * errorOf(own.validation[1].values));
    expect(across.influence[1][0]).toBeGreaterThan(across.influence[1][1]);
    expect(own.influence).toEqual([
      [1, 0],
      [0, 1],
    ]);
  });

  it('by the lasso drops members that do not help', async () => {
    const { input, folds } = oneRegression(4, 120, 4);
    const { weights } = await fitStacking(input, folds, { ...RIDGE, penalty: 'lasso' }, context());
    expect(Math.min(...weights[0])).toBe(0);
    expect(weights[0][0] + weights[0][1]).toBeGreaterThan(0.99);
  });

  it('masks missing labels: those rows are predicted, and what stands there changes nothing', async () => {
    const { input, folds } = related(5, 120);
    const found = await fitStacking(input, folds, { ...RIDGE, across: 'tasks' }, context());
    const unlabelled = Array.from(input.labels[1].keys()).filter((row) => Number.isNaN(input.labels[1][row]));
    expect(unlabelled.length).toBeGreaterThan(10);
    for (const row of unlabelled) expect(found.validation[1].values[row]).not.toBeNaN();
  });

  it.each(['tasks', 'own'] as const)('(%s) mends probabilities that are too sure', async (across) => {
    const random = new Random(6);
    const logits = normals(random, 400);
    const labels = logits.map((z) => (random.uniform() < 1 / (1 + Math.exp(-z)) ? 1 : 0));
    const sure = [predictions(logits.map((z) => 1 / (1 + Math.exp(-5 * z))))];
    const input: WeightsInput = { tasks: [task('binary')], labels: [labels], members: [sure] };
    const folds = labels.map((_, row) => row % 5);
    const found = await fitStacking(input, Int32Array.from(folds), { ...RIDGE, across }, context());
    const loss = (values: Float32Array) =>
      labels.reduce((sum, y, row) => sum - Math.log(y === 1 ? values[row] : 1 - values[row]), 0);
    expect(loss(found.validation[0].values)).toBeLessThan(0.8 * loss(sure[0].values));
  });

  it('takes the mean of the members where a class is too rare to learn from', async () => {
    const random = new Random(7);
    const labels = Float64Array.from({ length: 30 }, (_, row) => (row === 3 ? 1 : 0));
    const members = [0, 1].map(() => [predictions(normals(random, 30).map((z) => 1 / (1 + Math.exp(-z))))]);
    const input: WeightsInput = { tasks: [task('binary')], labels: [labels], members };
    const folds = Int32Array.from({ length: 30 }, (_, row) => row % 3);
    const found = await fitStacking(input, folds, RIDGE, context());
    expect(found.tasks).toEqual(['mean']);
    expect(found.validation[0].values).toEqual(combineMean(members)[0].values);
    expect(found.lambdas).toEqual([null]);
  });

  it('does not predict a row that was never held out', async () => {
    const { input, folds } = oneRegression(8, 60);
    for (const [member] of input.members) member.values[7] = Number.NaN;
    folds[7] = -1;
    const found = await fitStacking(input, folds, RIDGE, context());
    expect(found.validation[0].values[7]).toBeNaN();
    expect(found.validation[0].values[8]).not.toBeNaN();
  });
});

function context(): FitContext {
  return {
    seed: 1,
    signal: new AbortController().signal,
    report: () => {},
    tensorBackend: () => Promise.reject(new Error('No nets here.')),
  };
}

/** A label, and members that know a part of it each; those from the third on know nothing. */
function oneRegression(seed: number, rows: number, members = 2, noise = 0.3) {
  const random = new Random(seed);
  const parts = [normals(random, rows), normals(random, rows)];
  const labels = parts[0].map((a, row) => 3 * a + parts[1][row] + noise * random.normal());
  const input: WeightsInput = {
    tasks: [task('regression')],
    labels: [labels],
    members: Array.from({ length: members }, (_, m) => [
      predictions(m < 2 ? parts[m].map((a) => a + 0.1 * random.normal()) : normals(random, rows)),
    ]),
  };
  return { input, folds: Int32Array.from({ length: rows }, (_, row) => row % 4) };
}

/** Task 1 is known through task 0's prediction only, and lacks labels. */
function related(seed: number, rows: number) {
  const random = new Random(seed);
  const common = normals(random, rows);
  const labels = [
    common.map((a) => a + 0.1 * random.normal()),
    common.map((a) => (random.uniform() < 0.3 ? Number.NaN : 10 - 2 * a + 0.1 * random.normal())),
  ];
  const input: WeightsInput = {
    tasks: [task('regression', 'first'), task('regression', 'second')],
    labels,
    members: [
      [predictions(common.map((a) => a + 0.1 * random.normal())), predictions(normals(random, rows))],
    ],
  };
  return { input, folds: Int32Array.from({ length: rows }, (_, row) => row % 5) };
}

/** min ½ mean (z − y)² + λ ½ ‖w‖² on standardised members and target, for two members. */
function closedFormRidge({ labels, members }: WeightsInput, rows: readonly number[], lambda: number) {
  const columns = members.map(([{ values }]) => standardiser(Array.from(values), rows));
  const y = standardiser(Array.from(labels[0]), rows);
  const [a, b] = columns;
  const dot = (u: (row: number) => number, v: (row: number) => number) =>
    rows.reduce((sum, row) => sum + (u(row) * v(row)) / rows.length, 0);
  const [aa, ab, bb] = [dot(a.of, a.of) + lambda, dot(a.of, b.of), dot(b.of, b.of) + lambda];
  const [ya, yb] = [dot(y.of, a.of), dot(y.of, b.of)];
  const determinant = aa * bb - ab * ab;
  const wa = (ya * bb - yb * ab) / determinant;
  const wb = (yb * aa - ya * ab) / determinant;
  return (row: number) => y.mean + y.scale * (wa * a.of(row) + wb * b.of(row));
}

function standardiser(values: readonly number[], rows: readonly number[]) {
  const mean = rows.reduce((sum, row) => sum + values[row], 0) / rows.length;
  const scale = Math.sqrt(rows.reduce((sum, row) => sum + (values[row] - mean) ** 2, 0) / rows.length);
  return { mean, scale, of: (row: number) => (values[row] - mean) / scale };
}

function crossValidated(input: WeightsInput, folds: Int32Array, lambda: number): number {
  let error = 0;
  for (const fold of new Set(folds)) {
    const rest = Array.from(folds.keys()).filter((row) => folds[row] !== fold);
    const predict = closedFormRidge(input, rest, lambda);
    folds.forEach((own, row) => {
      if (own === fold) error += (input.labels[0][row] - predict(row)) ** 2;
    });
  }
  return error;
}
