import { describe, expect, it } from 'vitest';
import { forestLearner } from '../../../src/core/learner/forest';
import { featuresPerSplit } from '../../../src/core/learner/forest/parameters';
import type { TrainingStep } from '../../../src/core/learner/learner';
import { Random, seedFrom } from '../../../src/core/random';
import { context, grow, letters, NONE, numeric, ONE_TREE, predict, problem, table, task } from './support';

/** 120 rows, two numeric features (some cells missing) and a categorical one; three tasks of every type, some labels missing. */
function mixed(seed = 11) {
  const random = new Random(seed);
  const n = 120;
  const u = Array.from({ length: n }, () => (random.uniform() < 0.1 ? NONE : random.normal()));
  const v = Array.from({ length: n }, () => random.normal());
  const c = Array.from({ length: n }, () => 'abcd'[random.integer(4)]).join('');
  const score = v.map((x, i) => x + (c[i] === 'a' ? 1 : 0) + 0.3 * random.normal());
  const mask = (values: number[]) => values.map((value) => (random.uniform() < 0.2 ? NONE : value));
  return problem(
    table(numeric('u', u), numeric('v', v), letters('c', c)),
    [task('amount', 'regression'), task('high', 'binary'), task('level', 'multiclass', 3)],
    [
      mask(score.map((s) => 1000 + 50 * s)),
      mask(score.map((s) => (s > 0.3 ? 1 : 0))),
      mask(score.map((s) => (s < -0.5 ? 0 : s < 0.5 ? 1 : 2))),
    ],
  );
}

describe('features drawn for a split', () => {
  it.each([
    ['auto', ['binary', 'multiclass'], 9, 3],
    ['auto', ['regression', 'regression'], 9, 9],
    ['auto', ['regression', 'binary'], 9, 5],
    ['auto', ['regression', 'binary'], 3, 2],
    ['auto', ['regression', 'binary'], 1, 1],
    ['third', ['regression', 'binary'], 9, 3],
    [0.25, ['regression'], 9, 2],
    [4, ['regression'], 3, 3],
  ] as const)('%s: of tasks %j over %i features, %i', (rule, types, features, expected) => {
    const tasks = types.map((type, t) => task(`t${t}`, type));
    expect(featuresPerSplit(rule, tasks, features)).toBe(expected);
  });
});

describe('forest', () => {
  it('predicts the mean and the class shares of the rows in a leaf', async () => {
    const of = problem(
      table(numeric('u', [0, 0, 0, 1, 1])),
      [task('y', 'regression'), task('k', 'multiclass', 3)],
      [
        [1, 2, 6, 10, 20],
        [0, 0, 1, 2, 2],
      ],
    );
    const [y, k] = predict(await grow(of, ONE_TREE), of.dataset, [0, 4]);
    expect(y[0]).toBeCloseTo(3, 5);
    expect(y[1]).toBeCloseTo(15, 5);
    expect(k).toEqual([2 / 3, 1 / 3, 0, 0, 0, 1].map(Math.fround));
  });

  it('averages its trees: probabilities sum to 1, values stay in the range of the labels', async () => {
    const of = mixed();
    const [amount, high, level] = predict(await grow(of, { trees: 20 }), of.dataset);
    const labels = of.labels[0].filter((y) => !Number.isNaN(y));
    expect(Math.min(...amount)).toBeGreaterThanOrEqual(Math.min(...labels));
    expect(Math.max(...amount)).toBeLessThanOrEqual(Math.max(...labels));
    expect(high.every((p) => p >= 0 && p <= 1)).toBe(true);
    for (let i = 0; i < of.dataset.rowCount; i++) {
      expect(level[3 * i] + level[3 * i + 1] + level[3 * i + 2]).toBeCloseTo(1, 6);
    }
  });

  it('treats a row of weight k as k rows, and one of weight 0 as none', async () => {
    const of = mixed();
    const times = Array.from(of.rows, (row) => (row * 7) % 4);
    const repeated = Int32Array.from([...of.rows].flatMap((row) => Array(times[row]).fill(row)));
    const weighted = await grow({ ...of, sampleWeight: Float64Array.from(times) }, ONE_TREE);
    const grown = await grow({ ...of, rows: repeated }, ONE_TREE);
    expect(predict(weighted, of.dataset)[1]).toEqual(predict(grown, of.dataset)[1]);
    predict(weighted, of.dataset)[0].forEach((value, i) => {
      expect(value).toBeCloseTo(predict(grown, of.dataset)[0][i], 3);
    });
  });

  it('makes the same splits whether weights are whole numbers or fractions of them', async () => {
    const of = mixed();
    const whole = Float64Array.from(of.rows, (row) => 1 + (row % 3));
    const one = await grow({ ...of, sampleWeight: whole }, { trees: 5 });
    const other = await grow({ ...of, sampleWeight: whole.map((w) => w / 8) }, { trees: 5 });
    expect(other.serialize().arrays.feature).toEqual(one.serialize().arrays.feature);
    const expected = predict(one, of.dataset);
    predict(other, of.dataset).forEach((values, t) => {
      // Targets are float32 beside their mean.
      for (const [i, value] of values.entries()) expect(value).toBeCloseTo(expected[t][i], 3);
    });
  });

  it('keeps to max_depth and to min_samples_leaf distinct rows', async () => {
    const of = mixed();
    const { arrays } = (await grow(of, { ...ONE_TREE, max_depth: 3 })).serialize();
    expect(arrays.feature.filter((feature) => feature < 0).length).toBeLessThanOrEqual(8);
    const few = await grow(of, { ...ONE_TREE, min_samples_leaf: 15 });
    const sizes = new Map<number, number>();
    for (const value of predict(few, of.dataset)[0]) sizes.set(value, (sizes.get(value) ?? 0) + 1);
    expect(Math.min(...sizes.values())).toBeGreaterThanOrEqual(15);
  });

  it('is the same, bit for bit, with the same seed, and another with another', async () => {
    const of = mixed();
    const one = (await grow(of, { trees: 10 }, 5)).serialize();
    expect((await grow(of, { trees: 10 }, 5)).serialize()).toEqual(one);
    expect((await grow(of, { trees: 10 }, 6)).serialize().arrays.threshold).not.toEqual(one.arrays.threshold);
  });

  it('begins with the same trees when it is given more of them', async () => {
    const of = mixed();
    const few = (await grow(of, { trees: 3 })).serialize().arrays;
    const more = (await grow(of, { trees: 8 })).serialize().arrays;
    expect(more.threshold.subarray(0, few.threshold.length)).toEqual(few.threshold);
  });

  it('predicts the same after being saved and loaded', async () => {
    const of = mixed();
    const model = await grow(of, { trees: 10 });
    const { header, ...saved } = model.serialize();
    const loaded = forestLearner.load({ ...saved, header: JSON.parse(JSON.stringify(header)) });
    expect(predict(loaded, of.dataset)).toEqual(predict(model, of.dataset));
    expect(loaded.summary).toEqual(model.summary);
    expect(loaded.serialize()).toEqual(model.serialize());
  });

  it('refuses to load trees that lead out of their arrays', async () => {
    const saved = (await grow(mixed(), { trees: 2 })).serialize();
    const right = Int32Array.from(saved.arrays.right);
    right[0] = 0;
    expect(() => forestLearner.load({ ...saved, arrays: { ...saved.arrays, right } })).toThrow(RangeError);
  });

  it('says which column is missing from a table to predict', async () => {
    const model = await grow(mixed(), { trees: 1 });
    expect(() => predict(model, table(numeric('u', [1])))).toThrow(/column 'v'/);
  });

  it('stops when it is told to', async () => {
    const controller = new AbortController();
    const report = () => controller.abort(new Error('enough'));
    const stopping = { ...context(), report, signal: controller.signal };
    await expect(forestLearner.fit(mixed(), [{ parameters: {} }], stopping)).rejects.toThrow('enough');
  });
});

describe('with next to nothing to learn from, a forest', () => {
  it('predicts the mean when there is no feature, or only constant ones', async () => {
    const of = problem(table(numeric('same', [2, 2, 2, 2])), [task('y', 'regression')], [[1, 2, 3, 6]]);
    const tree = { trees: 1, bootstrap: false };
    expect(predict(await grow(of, tree), of.dataset)[0]).toEqual([3, 3, 3, 3]);
    expect(predict(await grow({ ...of, features: [] }, tree), of.dataset)[0]).toEqual([3, 3, 3, 3]);
  });

  it('predicts 0 and equal shares when there is no label at all', async () => {
    const nothing = [NONE, NONE];
    const tasks = [task('y', 'regression'), task('k', 'multiclass', 4)];
    const of = problem(table(numeric('u', [1, 2])), tasks, [nothing, nothing]);
    const [y, k] = predict(await grow(of, { trees: 3 }), of.dataset, [0]);
    expect(y).toEqual([0]);
    expect(k).toEqual([0.25, 0.25, 0.25, 0.25]);
  });

  it('gives a task that a tree saw no label of the share of classes in all training rows', async () => {
    // One label among 60 rows: about a third of the trees do not draw it, and would say 0.5 if they knew nothing.
    const of = problem(
      table(numeric('u', Array(60).fill(1))),
      [task('common', 'binary'), task('rare', 'binary')],
      [Array.from({ length: 60 }, (_, i) => i % 2), [1, ...Array(59).fill(NONE)]],
    );
    expect(predict(await grow(of, { trees: 20 }), of.dataset, [0])[1]).toEqual([1]);
  });
});

describe('out-of-bag losses', () => {
  it('are those of each tree on the rows its sample left out', async () => {
    const n = 80;
    const random = new Random(2);
    const x = Array.from({ length: n }, () => random.normal());
    const y = x.map((value) => value + random.normal());
    const of = problem(table(numeric('x', x)), [task('y', 'regression')], [y]);
    const steps: TrainingStep[] = [];
    const [model] = await forestLearner.fit(of, [{ parameters: { trees: 1 } }], context(9, steps));

    const draws = new Random(seedFrom('tree', 9, 0));
    const drawn = new Set(y.map(() => Math.floor((draws.uint32() / 2 ** 32) * n)));
    const left = [...of.rows].filter((row) => !drawn.has(row));
    const mean = y.reduce((sum, value) => sum + value) / n;
    const variance = y.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n;
    const [predicted] = predict(model, of.dataset, left);
    const squares = left.reduce((sum, row, i) => sum + (y[row] - predicted[i]) ** 2, 0);
    expect(left.length).toBeGreaterThan(20);
    expect(steps[0].taskLosses?.[0]).toBeCloseTo(squares / left.length / variance / 2, 5);
  });

  it('come near the losses on fresh rows, and are reported at no more than 100 steps', async () => {
    const steps: TrainingStep[] = [];
    const of = mixed();
    const fresh = mixed(12);
    const [model] = await forestLearner.fit(of, [{ parameters: { trees: 250 } }], context(1, steps));
    expect(steps.length).toBeLessThanOrEqual(100);
    expect(steps.at(-1)?.step).toBe(250);
    const probability = predict(model, fresh.dataset)[1];
    let loss = 0;
    let rows = 0;
    fresh.labels[1].forEach((label, i) => {
      if (Number.isNaN(label)) return;
      const share = label === 1 ? probability[i] : 1 - probability[i];
      loss -= Math.log(Math.max(share, 1 / 500));
      rows++;
    });
    expect(Math.abs((steps.at(-1)?.taskLosses?.[1] ?? NONE) - loss / rows)).toBeLessThan(0.1);
  });

  it('are absent without bootstrap', async () => {
    const steps: TrainingStep[] = [];
    const parameters = { trees: 2, bootstrap: false };
    const [model] = await forestLearner.fit(mixed(), [{ parameters }], context(1, steps));
    expect(steps[0].taskLosses).toBeUndefined();
    expect(model.serialize().header.outOfBagLosses).toBeUndefined();
  });
});

describe('importance', () => {
  it('adds up to all of a task that the trees tell apart, and is 0 for a feature that no split uses', async () => {
    const of = problem(
      table(numeric('u', [0, 0, 1, 1]), numeric('same', [3, 3, 3, 3]), numeric('v', [0, 1, 0, 1])),
      [task('a', 'binary'), task('b', 'regression')],
      [
        [0, 0, 1, 1],
        [0, 1, 10, 11],
      ],
    );
    const { importance } = (await grow(of, ONE_TREE)).serialize().arrays;
    // b: variance 25.25 of which u takes 25 and v the rest.
    const expected = [1, 25 / 25.25, 0, 0, 0, 0.25 / 25.25];
    expected.forEach((share, i) => {
      expect(importance[i]).toBeCloseTo(share, 6);
    });
  });
});
