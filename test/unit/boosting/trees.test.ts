import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random';
import { letters, NONE, numeric, problem, table, task } from '../forest/support';
import { boost, expectClose, ONE_TREE, PLAIN, predictions } from './support';

const range = (length: number) => Array.from({ length }, (_, i) => i);
const sum = (values: readonly number[]) => values.reduce((so, value) => so + value, 0);

describe('one tree', () => {
  const x = [1, 2, 3, 4, 5, 6, 7, 8];
  const y = [0, 1, 0, 2, 5, 6, 5, 9];
  const mean = sum(y) / 8;
  const sd = Math.sqrt(sum(y.map((value) => (value - mean) ** 2)) / 8);
  const z = y.map((value) => (value - mean) / sd);
  const dataset = table(numeric('x', x));
  const of = problem(dataset, [task('y', 'regression')], [y]);

  it('cuts where G² / (H + λ) of both sides is highest and predicts −G / (H + λ)', async () => {
    const lambda = 2.5;
    const worth = (rows: readonly number[]) => sum(rows.map((i) => z[i])) ** 2 / (rows.length + lambda);
    const cuts = range(7).map((i) => worth(range(8).slice(0, i + 1)) + worth(range(8).slice(i + 1)));
    const best = cuts.indexOf(Math.max(...cuts)) + 1;
    const value = (rows: readonly number[]) => sum(rows.map((i) => z[i])) / (rows.length + lambda);
    const expected = range(8).map((i) =>
      i < best ? value(range(8).slice(0, best)) : value(range(8).slice(best)),
    );
    const [p] = predictions(await boost(of, { ...ONE_TREE, max_leaves: 2 }, lambda), dataset);
    expectClose(
      p,
      p.map((_, i) => mean + sd * expected[i]),
      5,
    );
  });

  it('splits where it gains enough, and only there', async () => {
    const lambda = 1;
    const worth = (rows: readonly number[]) => sum(rows.map((i) => z[i])) ** 2 / (rows.length + lambda);
    const gains = range(7).map((i) => worth(range(8).slice(0, i + 1)) + worth(range(8).slice(i + 1)));
    const gain = Math.max(...gains) - worth(range(8));
    const leaves = async (min_split_gain: number) => {
      const [p] = predictions(
        await boost(of, { ...ONE_TREE, max_leaves: 2, min_split_gain }, lambda),
        dataset,
      );
      return new Set(p).size;
    };
    expect([await leaves(0.999 * gain), await leaves(1.001 * gain)]).toEqual([2, 1]);
  });

  it('steps by the learning rate', async () => {
    const whole = predictions(await boost(of, { ...ONE_TREE, max_leaves: 2 }), dataset)[0];
    const tenth = predictions(
      await boost(of, { ...ONE_TREE, max_leaves: 2, learning_rate: 0.1 }),
      dataset,
    )[0];
    expectClose(
      tenth.map((q) => q - mean),
      tenth.map((_, i) => (whole[i] - mean) / 10),
      5,
    );
  });

  it('has log odds of the leaf by one Newton step for a binary task', async () => {
    const labels = [0, 0, 0, 1, 0, 1, 1, 1];
    const binary = problem(dataset, [task('y', 'binary')], [labels]);
    const [p] = predictions(await boost(binary, { ...ONE_TREE, max_leaves: 2 }, 1), dataset);
    // Starts at p = ½: g = ½ − y, h = ¼. Cuts after 3 and after 5 gain alike; the first is taken.
    const score = (rows: readonly number[]) => -sum(rows.map((i) => 0.5 - labels[i])) / (rows.length / 4 + 1);
    const left = score([0, 1, 2]);
    const right = score([3, 4, 5, 6, 7]);
    expectClose(
      p,
      p.map((_, i) => 1 / (1 + Math.exp(-(i < 3 ? left : right)))),
      6,
    );
  });

  it('predicts the constant when λ is without end', async () => {
    const [p] = predictions(await boost(of, { ...PLAIN, rounds: 20 }, 1e12), dataset);
    expectClose(
      p,
      p.map(() => mean),
      5,
    );
  });

  it('fits the training rows when λ is 0 and leaves are single rows', async () => {
    const [p] = predictions(await boost(of, { ...ONE_TREE, max_leaves: 8 }, 0), dataset);
    expectClose(
      p,
      p.map((_, i) => y[i]),
      5,
    );
  });

  it('splits by all tasks: by what is best for their summed shares of gradient', async () => {
    // Task a alone would cut after 2, task b after 6; b weighs more.
    const a = [5, 5, 0, 0, 0, 0, 0, 0.1];
    const b = [0, 0.1, 0, 0, 0, 0, 5, 5];
    const cut = async (weight: number) => {
      const tasks = [task('a', 'regression'), { ...task('b', 'regression'), weight }];
      const model = await boost(
        problem(dataset, tasks, [a, b.map((v) => 1000 * v)]),
        { ...ONE_TREE, max_leaves: 2 },
        0,
      );
      const [p] = predictions(model, dataset);
      return p.findIndex((value, i) => i > 0 && value !== p[i - 1]);
    };
    expect([await cut(0.5), await cut(2)]).toEqual([2, 6]);
  });
});

describe('missing values', () => {
  const x = [1, 2, 3, 4, NONE, NONE, NONE];
  const dataset = table(numeric('x', x));
  const fitTo = (y: readonly number[]) =>
    boost(problem(dataset, [task('y', 'regression')], [y]), { ...ONE_TREE, max_leaves: 2 }, 0);

  it.each([
    ['left', [0, 0, 5, 5, 0, 0, 0]],
    ['right', [0, 0, 5, 5, 5, 5, 5]],
    ['apart from all others', [0, 0, 0, 0, 5, 5, 5]],
  ])('go where the loss is lowest: %s', async (_, y) => {
    const [p] = predictions(await fitTo(y), dataset);
    expectClose(
      p,
      p.map((_, i) => y[i]),
      5,
    );
  });

  it('go with most rows where training had none', async () => {
    const full = table(numeric('x', [1, 2, 3, 4, 5, 6]));
    const model = await boost(
      problem(full, [task('y', 'regression')], [[0, 0, 5, 5, 5, 5]]),
      { ...ONE_TREE, max_leaves: 2 },
      0,
    );
    expect(predictions(model, table(numeric('x', [NONE])))[0][0]).toBeCloseTo(5, 5);
  });
});

describe('categories', () => {
  it('are divided into the two sets with the lowest loss, whatever their order', async () => {
    const text = 'abcdefabcdefabcdef';
    const high = new Set('bdf');
    const random = new Random(3);
    const y = [...text].map((c) => (high.has(c) ? 5 : 0) + random.normal() / 10);
    const dataset = table(letters('c', text));
    const model = await boost(
      problem(dataset, [task('y', 'regression')], [y]),
      { ...ONE_TREE, max_leaves: 2 },
      0,
    );
    const mean = (set: (c: string) => boolean) => {
      const some = y.filter((_, i) => set(text[i]));
      return sum(some) / some.length;
    };
    const [p] = predictions(model, dataset);
    expectClose(
      p,
      p.map((_, i) => mean((c) => high.has(c) === high.has(text[i]))),
      5,
    );
  });

  it('of several tasks are divided where they differ most, and a missing one is a category too', async () => {
    const text = 'abc.abc.abc.abc.';
    const y = [...text].map((c) => ('b.'.includes(c) ? 1 : 0));
    const dataset = table(letters('c', text));
    const tasks = [task('one', 'binary'), task('two', 'regression')];
    const model = await boost(
      problem(dataset, tasks, [y, y.map((v) => 10 * v)]),
      { ...ONE_TREE, max_leaves: 2 },
      0,
    );
    const [, p] = predictions(model, dataset);
    expectClose(
      p,
      p.map((_, i) => 10 * y[i]),
      4,
    );
  });

  it('that training never saw go with most rows', async () => {
    const dataset = table(letters('c', 'aaaabb'));
    const model = await boost(
      problem(dataset, [task('y', 'regression')], [[0, 0, 0, 0, 5, 5]]),
      { ...ONE_TREE, max_leaves: 2 },
      0,
    );
    expect(predictions(model, table(letters('c', 'z')))[0][0]).toBeCloseTo(0, 5);
  });
});

describe('the limits of a tree', () => {
  const random = new Random(1);
  const rows = 200;
  const x = range(rows).map(() => random.uniform());
  const y = x.map((v) => Math.sin(9 * v) + random.normal() / 5);
  const dataset = table(numeric('x', x));
  const of = problem(dataset, [task('y', 'regression')], [y]);
  const leaves = async (parameters: object) => {
    const model = await boost(of, { ...ONE_TREE, ...parameters });
    const [p] = predictions(model, dataset);
    const sizes = new Map<number, number>();
    for (const q of p) sizes.set(q, (sizes.get(q) ?? 0) + 1);
    return [...sizes.values()];
  };

  it('holds leaves, rows of a leaf and depth', async () => {
    expect((await leaves({ max_leaves: 7 })).length).toBe(7);
    expect(Math.min(...(await leaves({ min_samples_leaf: 20 })))).toBeGreaterThanOrEqual(20);
    expect((await leaves({ max_depth: 3 })).length).toBe(8);
    expect(Math.min(...(await leaves({ min_child_weight: 25 })))).toBeGreaterThanOrEqual(25);
  });
});
