import { describe, expect, it } from 'vitest';
import { makeRelatedTasks } from '../../../src/core/experiment';

const OPTIONS = { rows: 4000, features: 20, informative: 15, tasks: 2, seed: 3, flip: 0 };

function agreement(relatedness: number): number {
  const { labels } = makeRelatedTasks({ ...OPTIONS, relatedness });
  return labels[0].reduce((sum, label, row) => sum + (label === labels[1][row] ? 1 : 0), 0) / OPTIONS.rows;
}

describe('related tasks from one source', () => {
  it('have two classes of the same size', () => {
    const { labels } = makeRelatedTasks({ ...OPTIONS, relatedness: 0.5 });
    for (const task of labels) expect(task.reduce((sum, label) => sum + label, 0)).toBe(OPTIONS.rows / 2);
  });

  it('agree more the more they are related: for normal scores on a share 1 − arccos(ρ)/π of the rows', () => {
    // The quadrant probability of a bivariate normal (Sheppard 1899); the scores are only roughly normal.
    for (const relatedness of [0, 0.5, 0.8]) {
      expect(Math.abs(agreement(relatedness) - (1 - Math.acos(relatedness) / Math.PI))).toBeLessThan(0.04);
    }
    expect(agreement(1)).toBe(1);
  });

  it('turn round the share of labels that is asked for', () => {
    const clean = makeRelatedTasks({ ...OPTIONS, relatedness: 1 });
    const noisy = makeRelatedTasks({ ...OPTIONS, relatedness: 1, flip: 0.1 });
    const turned = clean.labels[0].reduce(
      (sum, label, row) => sum + (label === noisy.labels[0][row] ? 0 : 1),
      0,
    );
    // Binomial: .1 ± 4 √(.09 / 4000)
    expect(Math.abs(turned / OPTIONS.rows - 0.1)).toBeLessThan(0.019);
    expect(noisy.features).toEqual(clean.features);
  });

  it('have features that tell of the labels, and noise that does not', () => {
    const { features, labels } = makeRelatedTasks({ ...OPTIONS, relatedness: 0.5 });
    const correlation = (j: number): number => {
      let [n, x, y, xx, xy] = [0, 0, 0, 0, 0];
      for (let row = 0; row < OPTIONS.rows; row++) {
        const value = features[row * OPTIONS.features + j];
        const label = 2 * labels[0][row] - 1;
        n++;
        x += value;
        y += label;
        xx += value * value;
        xy += value * label;
      }
      return (xy / n - (x / n) * (y / n)) / Math.sqrt(xx / n - (x / n) ** 2);
    };
    const all = Array.from({ length: OPTIONS.features }, (_, j) => Math.abs(correlation(j)));
    expect(Math.max(...all.slice(0, 15))).toBeGreaterThan(0.2);
    // Noise: within 4 standard errors of 0.
    expect(Math.max(...all.slice(15))).toBeLessThan(4 / Math.sqrt(OPTIONS.rows));
  });

  it('are the same for the same seed, and others for another', () => {
    const make = (seed: number) => makeRelatedTasks({ ...OPTIONS, rows: 50, relatedness: 0.5, seed });
    expect(make(7)).toEqual(make(7));
    expect(make(7).features).not.toEqual(make(8).features);
  });

  it('refuse sizes that make no data', () => {
    expect(() => makeRelatedTasks({ ...OPTIONS, informative: 21, relatedness: 0 })).toThrow(RangeError);
    expect(() => makeRelatedTasks({ ...OPTIONS, relatedness: 1.5 })).toThrow(RangeError);
  });
});
