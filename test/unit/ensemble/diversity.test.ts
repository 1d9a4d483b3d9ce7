import { describe, expect, it } from 'vitest';
import { errorCorrelation } from '../../../src/core/ensemble';
import { predictions, task } from '../evaluate/support';

describe('correlation of errors', () => {
  it('is that of label − prediction, over the rows that both predicted', () => {
    const labels = Float64Array.of(1, 2, 3, 4, Number.NaN);
    const errors = [
      [0.1, -0.2, 0.3, 0.4],
      [0.2, -0.1, 0.1, 0.5],
      [-0.1, 0.2, -0.3, -0.4],
    ];
    const members = errors.map((own) => [predictions([...own.map((e, row) => labels[row] - e), 7])]);
    const [table] = errorCorrelation({ tasks: [task('regression')], labels: [labels], members });
    expect(table[0][1]).toBeCloseTo(pearson(errors[0], errors[1]), 5);
    expect(table[1][0]).toBe(table[0][1]);
    expect(table[0][2]).toBeCloseTo(-1, 5);
    expect(table.map((row, m) => row[m])).toEqual([1, 1, 1]);
  });

  it('weighs rows, leaves out what a member did not predict, and is undefined where nothing varies', () => {
    const labels = Float64Array.of(0, 1, 0, 1);
    const members = [
      [predictions([0.2, 0.9, 0.4, Number.NaN])],
      [predictions([0.3, 0.6, 0.1, 0.5])],
      [predictions([Number.NaN, Number.NaN, Number.NaN, 0.5])],
    ];
    const weights = Float64Array.of(2, 1, 1, 1);
    const [table] = errorCorrelation({ tasks: [task('binary')], labels: [labels], members, weights });
    const repeated = (of: readonly number[]) => [of[0], of[0], of[1], of[2]];
    expect(table[0][1]).toBeCloseTo(pearson(repeated([-0.2, 0.1, -0.4]), repeated([-0.3, 0.4, -0.1])), 5);
    expect(table[0][2]).toBeNull();
  });

  it('of classes is that of what is missing to 1', () => {
    const labels = Float64Array.of(0, 1, 2);
    const of = (p: readonly number[]) => [
      predictions(
        p.flatMap((own, k) => [0, 1, 2].map((c) => (c === k ? own : (1 - own) / 2))),
        3,
      ),
    ];
    const [table] = errorCorrelation({
      tasks: [task('multiclass')],
      labels: [labels],
      members: [of([0.9, 0.5, 0.4]), of([0.8, 0.3, 0.6])],
    });
    expect(table[0][1]).toBeCloseTo(pearson([0.1, 0.5, 0.6], [0.2, 0.7, 0.4]), 5);
  });
});

function pearson(a: readonly number[], b: readonly number[]): number {
  const mean = (of: readonly number[]) => of.reduce((sum, v) => sum + v, 0) / of.length;
  const [ma, mb] = [mean(a), mean(b)];
  const sum = (f: (i: number) => number) => a.reduce((total, _, i) => total + f(i), 0);
  return (
    sum((i) => (a[i] - ma) * (b[i] - mb)) /
    Math.sqrt(sum((i) => (a[i] - ma) ** 2) * sum((i) => (b[i] - mb) ** 2))
  );
}
