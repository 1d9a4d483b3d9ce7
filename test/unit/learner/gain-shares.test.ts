import { describe, expect, it } from 'vitest';
import { gainShares, meanOverTasks } from '../../../src/core/learner';
import { Random } from '../../../src/core/random';
import { boost } from '../boosting/support';
import { grow, numeric, problem, table, task } from '../forest/support';

describe('shares of what splits gained', () => {
  it('sum to 1 for each task, whatever its unit; a loss is no share', () => {
    // Three features by three tasks; the last task was never split for.
    const gains = Float64Array.of(3, 50, 0, 1, -2, 0, 0, 150, 0);
    const shares = gainShares(gains, 3);
    expect([...shares]).toEqual([0.75, 0.25, Number.NaN, 0.25, 0, Number.NaN, 0, 0.75, Number.NaN]);
    const weights = [{ weight: 1 }, { weight: 3 }, { weight: 1 }];
    expect([...meanOverTasks(shares, weights)]).toEqual([0.375, 0.0625, 0.5625]);
  });

  it.each(['vector-leaf', 'per-task'])('are of boosting (%s) what they are of a forest', async (sharing) => {
    const random = new Random(7);
    const [u, v, noise] = [1, 2, 3].map(() => Array.from({ length: 200 }, () => random.normal()));
    const of = problem(
      table(numeric('u', u), numeric('v', v), numeric('noise', noise)),
      [task('sum', 'regression'), task('sign', 'binary')],
      [u.map((x, i) => 3 * x + v[i]), v.map((x) => Number(x > 0))],
    );
    const columns: number[][] = [];
    for (const { gains } of [await boost(of, { sharing, rounds: 60 }, 1), await grow(of, { trees: 30 })]) {
      const shares = gainShares(gains?.byTask ?? new Float64Array(), 2);
      for (const t of [0, 1]) columns.push([0, 1, 2].map((f) => shares[2 * f + t]));
    }
    for (const column of columns) {
      expect(column[0] + column[1] + column[2]).toBeCloseTo(1, 12);
      expect(Math.min(...column)).toBeGreaterThanOrEqual(0);
    }
    const [sum, sign, forestSum, forestSign] = columns;
    for (const [boosted, grown] of [
      [sum, forestSum],
      [sign, forestSign],
    ]) {
      expect(boosted.indexOf(Math.max(...boosted))).toBe(grown.indexOf(Math.max(...grown)));
    }
  });
});
