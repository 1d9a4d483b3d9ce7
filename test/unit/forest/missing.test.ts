import { describe, expect, it } from 'vitest';
import { grow, letters, NONE, numeric, ONE_TREE, predict, problem, table, task } from './support';

const rows = (length: number, value: (i: number) => number) => Array.from({ length }, (_, i) => value(i));

describe('missing labels', () => {
  it('leave a leaf without labels of a task the value of its nearest ancestor that has some', async () => {
    // The first task, which outweighs the other, splits at 3.5 first; the other has labels only where u < 3.
    const of = problem(
      table(
        numeric(
          'u',
          rows(8, (i) => i),
        ),
      ),
      [task('a', 'regression'), { ...task('b', 'regression'), weight: 0.1 }],
      [
        [0, 0, 10, 10, 200, 200, 250, 250],
        [1, 1, 5, NONE, NONE, NONE, NONE, NONE],
      ],
    );
    const [a, b] = predict(await grow(of, ONE_TREE), of.dataset);
    for (const [i, value] of [0, 0, 10, 10, 200, 200, 250, 250].entries()) expect(a[i]).toBeCloseTo(value, 4);
    for (const [i, value] of [1, 1, 5, 5].entries()) expect(b[i]).toBeCloseTo(value, 5);
    for (const value of b.slice(4)) expect(value).toBeCloseTo(7 / 3, 6);
  });

  it('do not change what the other tasks learn', async () => {
    const dataset = table(
      numeric(
        'u',
        rows(40, (i) => (i * 7) % 40),
      ),
    );
    const y = rows(40, (i) => (((i * 7) % 40) - 20) ** 2);
    const alone = await grow(problem(dataset, [task('y', 'regression')], [y]), ONE_TREE);
    const beside = await grow(
      problem(dataset, [task('y', 'regression'), task('none', 'binary')], [y, rows(40, () => NONE)]),
      ONE_TREE,
    );
    expect(predict(beside, dataset)[0]).toEqual(predict(alone, dataset)[0]);
    expect(predict(beside, dataset)[1]).toEqual(rows(40, () => 0.5));
  });

  it('of every task take a row out of the training', async () => {
    const y = [1, 2, NONE, 4];
    const dataset = table(numeric('u', [0, 1, 2, 3]));
    const all = await grow(problem(dataset, [task('y', 'regression')], [y]), { trees: 7 });
    const without = await grow(
      { ...problem(dataset, [task('y', 'regression')], [y]), rows: Int32Array.of(0, 1, 3) },
      { trees: 7 },
    );
    expect(predict(all, dataset)).toEqual(predict(without, dataset));
  });
});

describe('missing features', () => {
  it('go to the side on which they lower the impurity', async () => {
    const u = [1, 2, 3, 4, NONE, NONE];
    for (const missing of [0, 1]) {
      const of = problem(table(numeric('u', u)), [task('y', 'binary')], [[0, 0, 1, 1, missing, missing]]);
      const model = await grow(of, ONE_TREE);
      expect(predict(model, of.dataset)[0]).toEqual([0, 0, 1, 1, missing, missing]);
      expect(model.serialize().arrays.feature.length).toBe(3);
    }
  });

  it('are told from all values that are there, when that is what matters', async () => {
    const of = problem(
      table(numeric('u', [1, NONE, 2, NONE, 3, NONE])),
      [task('y', 'regression')],
      [[7, 8, 7, 8, 7, 8]],
    );
    const model = await grow(of, ONE_TREE);
    const unseen = table(numeric('u', [-1e9, 1e9, NONE]));
    expect(predict(model, unseen)[0]).toEqual([7, 7, 8]);
  });

  it('that training never saw go with the larger side', async () => {
    const of = problem(table(numeric('u', [1, 2, 3, 4, 5])), [task('y', 'binary')], [[0, 0, 1, 1, 1]]);
    expect(predict(await grow(of, ONE_TREE), table(numeric('u', [NONE])))[0]).toEqual([1]);
  });
});

describe('categories', () => {
  const of = problem(table(letters('c', 'abcabcab.')), [task('y', 'binary')], [[0, 1, 0, 0, 1, 0, 0, 1, 1]]);

  it('are split into sets, the missing ones learned like another', async () => {
    const model = await grow(of, ONE_TREE);
    expect(predict(model, of.dataset)[0]).toEqual([...of.labels[0]]);
    expect(model.serialize().arrays.feature.length).toBe(3);
  });

  it('are recognised by name in a table whose dictionary differs; an unknown one counts as missing', async () => {
    const model = await grow(of, ONE_TREE);
    const other = table({
      kind: 'categorical',
      name: 'c',
      categories: ['z', 'c', 'b', 'a'],
      codes: Int32Array.of(3, 2, 1, 0),
    });
    expect(predict(model, other)[0]).toEqual([0, 1, 0, 1]);
  });

  it('beyond the 254 most frequent share a bin', async () => {
    const categories = rows(300, (i) => i).map(String);
    const codes = Int32Array.from([...rows(300, (i) => i), ...rows(200, (i) => i)]);
    const dataset = table({ kind: 'categorical', name: 'c', codes, categories });
    const model = await grow(
      problem(dataset, [task('y', 'regression')], [rows(500, (i) => codes[i])]),
      ONE_TREE,
    );
    const [predictions] = predict(model, dataset);
    expect(predictions[17]).toBeCloseTo(17, 4);
    expect(predictions[254]).toBeCloseTo(276.5, 3);
    expect(predictions[299]).toBeCloseTo(276.5, 3);
  });
});
