import { describe, expect, it } from 'vitest';
import type { Column } from '../../../src/core/dataset/dataset';
import type { Problem, Task } from '../../../src/core/dataset/problem';
import { Random } from '../../../src/core/random';
import { decrease, grow, letters, NONE, numeric, ONE_TREE, predict, problem, table, task } from './support';

/** Every way in which one split can divide the rows: cuts of numbers, sets of categories, missing values either way. */
function everyDivision(column: Column): number[][] {
  const cells =
    column.kind === 'numeric'
      ? [...column.values]
      : [...column.codes].map((code) => (code < 0 ? NONE : code));
  const distinct = [...new Set(cells.filter((cell) => !Number.isNaN(cell)))].sort((a, b) => a - b);
  const sets: number[][] = [];
  if (column.kind === 'numeric') {
    distinct.forEach((_, i) => {
      sets.push(distinct.slice(0, i + 1));
    });
  } else {
    for (let bits = 1; bits < 2 ** distinct.length; bits++) {
      sets.push(distinct.filter((_, i) => (bits >> i) & 1));
    }
  }
  return sets.flatMap((set) =>
    [false, true].map((missingLeft) =>
      [...cells.keys()].filter((row) => (Number.isNaN(cells[row]) ? missingLeft : set.includes(cells[row]))),
    ),
  );
}

function best(of: Problem): number {
  let most = 0;
  for (const column of of.dataset.columns) {
    for (const left of everyDivision(column)) {
      const right = [...of.rows].filter((row) => !left.includes(row));
      if (left.length > 0 && right.length > 0) most = Math.max(most, decrease(of, left, right));
    }
  }
  return most;
}

/** What the root split of a stump achieves, read off its predictions: rows of one side share a leaf. */
async function achieved(of: Problem): Promise<number> {
  const model = await grow(of, { ...ONE_TREE, max_depth: 1 });
  const predictions = predict(model, of.dataset);
  const widths = of.tasks.map(({ type, classes }) => (type === 'multiclass' ? classes.length : 1));
  const leaf = [...of.rows].map((row) =>
    JSON.stringify(predictions.map((values, t) => values.slice(row * widths[t], (row + 1) * widths[t]))),
  );
  return decrease(
    of,
    [...of.rows].filter((row) => leaf[row] === leaf[0]),
    [...of.rows].filter((row) => leaf[row] !== leaf[0]),
  );
}

function randomTable(random: Random, rows: number, missing: number): Column[] {
  const numbers = () =>
    Array.from({ length: rows }, () => (random.uniform() < missing ? NONE : random.integer(9) / 4));
  const text = Array.from({ length: rows }, () =>
    random.uniform() < missing ? '.' : 'abcde'[random.integer(5)],
  ).join('');
  return [numeric('u', numbers()), numeric('v', numbers()), letters('c', text)];
}

function randomLabels(random: Random, tasks: readonly Task[], rows: number, missing: number): number[][] {
  return tasks.map(({ type, classes }) =>
    Array.from({ length: rows }, () => {
      if (random.uniform() < missing) return NONE;
      return type === 'regression' ? 100 * random.normal() : random.integer(classes.length);
    }),
  );
}

describe('best split', () => {
  it.each(['regression', 'binary'] as const)(
    'is the best of all cuts and sets of categories (%s)',
    async (type) => {
      for (let seed = 0; seed < 20; seed++) {
        const random = new Random(seed);
        const tasks = [task('y', type)];
        const of = problem(
          table(...randomTable(random, 24, 0.15)),
          tasks,
          randomLabels(random, tasks, 24, 0.1),
        );
        expect(await achieved(of)).toBeCloseTo(best(of), 9);
      }
    },
  );

  it('is the best of all cuts for tasks of mixed type with missing labels, task weights and row weights', async () => {
    for (let seed = 0; seed < 20; seed++) {
      const random = new Random(100 + seed);
      const tasks = [
        { ...task('price', 'regression'), weight: 2 },
        task('sold', 'binary'),
        task('colour', 'multiclass', 3),
      ];
      const of = {
        ...problem(
          table(...randomTable(random, 24, 0.1).slice(0, 2)),
          tasks,
          randomLabels(random, tasks, 24, 0.3),
        ),
        sampleWeight: Float64Array.from({ length: 24 }, () =>
          seed % 2 === 0 ? 1 + random.integer(3) : 0.1 + random.uniform(),
        ),
      };
      expect(await achieved(of)).toBeCloseTo(best(of), 9);
    }
  });

  it('does not depend on the unit of a regression target', async () => {
    const random = new Random(7);
    const tasks = [task('a', 'regression'), task('b', 'regression'), task('c', 'binary')];
    const labels = randomLabels(random, tasks, 30, 0);
    const dataset = table(...randomTable(random, 30, 0));
    const stump = { ...ONE_TREE, max_depth: 1 };
    const split = async (a: readonly number[]) => {
      const { arrays } = (await grow(problem(dataset, tasks, [a, labels[1], labels[2]]), stump)).serialize();
      return [arrays.feature[0], arrays.threshold[0]];
    };
    expect(await split(labels[0].map((y) => 1e6 * y + 3e6))).toEqual(await split(labels[0]));
  });

  it('orders categories over several tasks so that the groups they fall into are told apart', async () => {
    // Categories a, c, e raise the first task and lower the second; b, d, f do the opposite; the third task is noise.
    const text = 'abcdefabcdefabcdef';
    const odd = [...text].map((c) => ('ace'.includes(c) ? 1 : 0));
    const random = new Random(3);
    const of = problem(
      table(letters('c', text)),
      [task('up', 'binary'), task('down', 'regression'), task('noise', 'regression')],
      [odd, odd.map((o, i) => -50 * o + (i % 5)), odd.map(() => random.normal() / 1000)],
    );
    const model = await grow(of, { ...ONE_TREE, max_depth: 1 });
    expect(predict(model, of.dataset)[0]).toEqual(odd);
  });

  it('is made even where it gains nothing, when the labels differ', async () => {
    const of = problem(
      table(numeric('u', [0, 0, 1, 1]), numeric('v', [0, 1, 0, 1])),
      [task('xor', 'binary')],
      [[0, 1, 1, 0]],
    );
    expect(predict(await grow(of, ONE_TREE), of.dataset)[0]).toEqual([0, 1, 1, 0]);
  });

  it('lies halfway between the values next to it', async () => {
    const of = problem(table(numeric('u', [0, 1, 5, 9])), [task('y', 'regression')], [[0, 0, 1, 1]]);
    expect((await grow(of, ONE_TREE)).serialize().arrays.threshold[0]).toBe(3);
  });
});
