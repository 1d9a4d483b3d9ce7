import { describe, expect, it } from 'vitest';
import type { Column } from '../../../src/core/dataset/dataset';
import type { Problem } from '../../../src/core/dataset/problem';
import { Random } from '../../../src/core/random';
import { numeric, problem, table, task } from '../forest/support';
import { boost, predictions } from './support';

describe('a category of many values', () => {
  /** y = x + effect of the category + noise; rows from 600 on are held out. */
  const made = (effect: number) => {
    const random = new Random(5);
    const n = 1200;
    const values = 80;
    const effects = Array.from({ length: values }, () => effect * random.normal());
    const x = Array.from({ length: n }, () => random.normal());
    const codes = Int32Array.from({ length: n }, () => random.integer(values));
    const y = x.map((value, i) => value + effects[codes[i]] + random.normal());
    const category: Column = {
      kind: 'categorical',
      name: 'k',
      codes,
      categories: Array.from({ length: values }, (_, k) => `value ${k}`),
    };
    const of = problem(table(numeric('x', x), category), [task('y', 'regression')], [y]);
    return { ...of, rows: of.rows.subarray(0, 600) };
  };
  const heldOut = Array.from({ length: 600 }, (_, i) => 600 + i);
  const error = async (of: Problem) => {
    const model = await boost(of, { rounds: 100, early_stopping: false }, 1);
    const [predicted] = predictions(model, of.dataset, heldOut);
    const errors = heldOut.map((row, i) => (predicted[i] - of.labels[0][row]) ** 2);
    return errors.reduce((sum, one) => sum + one, 0) / errors.length;
  };

  it('that says nothing costs next to nothing: its divisions have to gain more than by chance', async () => {
    const noise = made(0);
    const without = await error({ ...noise, features: [0] });
    expect(await error(noise)).toBeLessThan(1.05 * without);
  });

  it('that says much is divided', async () => {
    const telling = made(1);
    const without = await error({ ...telling, features: [0] });
    expect(await error(telling)).toBeLessThan(0.75 * without);
  });
});
