import { describe, expect, it } from 'vitest';
import type { Curve, Distribution } from '../../../src/protocol/queries';
import { distributionPlot, plotsOf } from '../../../webview/curvesData';

const EACH = { folds: 'each', smoothing: 0 } as const;

const curve = (part: Partial<Curve>): Curve => ({
  model: 'net',
  scope: 'joint',
  trial: 't0',
  fold: 0,
  configuration: 0,
  lambda: 0.1,
  task: 'sex',
  quantity: 'taskLoss',
  steps: [1, 2, 3],
  values: [3, 2, 1],
  total: 3,
  ...part,
});

describe('loss curves as plots', () => {
  it('are one a task in the order of the tasks, then the whole model’s', () => {
    const curves = [
      curve({ task: null, quantity: 'objective' }),
      curve({ task: 'mass' }),
      curve({}),
      curve({ quantity: 'validationLoss' }),
      curve({ task: null, quantity: 'penalty', values: [null, null, null] }),
    ];
    const plots = plotsOf(curves, ['sex', 'mass', 'unlabelled'], EACH);
    expect(plots.map(({ title }) => title)).toEqual(['Loss of sex', 'Loss of mass', 'Objective Σ wₜLₜ + λR']);
    expect(plots[0].series.map(({ dash, label }) => [dash, label])).toEqual([
      [undefined, 'fold 1'],
      [true, 'fold 1, held out'],
    ]);
  });

  it('say in words what they show, and when points are left out', () => {
    const curves = [curve({ total: 300 }), curve({ fold: null, trial: 't1', values: [5, 4, 3], total: 300 })];
    const [plot] = plotsOf(curves, ['sex'], EACH);
    expect(plot.note).toBe('6 of 600 points, extremes kept');
    expect(plot.summary).toBe('Loss of sex: from 4.000 to 2.000 over 3 steps; mean of 2 lines');
    expect(plotsOf([curve({})], ['sex'], EACH)[0].note).toBeUndefined();
  });

  it('average folds where wanted, over those that have the step', () => {
    const curves = [
      curve({}),
      curve({ fold: 1, trial: 't1', steps: [1, 2, 3, 4], values: [5, null, 3, 7], total: 4 }),
      curve({ fold: null, trial: 't2' }),
    ];
    const [plot] = plotsOf(curves, ['sex'], { folds: 'mean', smoothing: 0 });
    expect(plot.series.map(({ label }) => label)).toEqual(['mean of 2', 'refit']);
    expect([plot.series[0].x, plot.series[0].y]).toEqual([
      [1, 2, 3, 4],
      [4, 2, 2, 7],
    ]);
  });

  it('keep what was recorded faintly behind a smoothed line', () => {
    const [plot] = plotsOf([curve({})], ['sex'], { folds: 'each', smoothing: 0.5 });
    expect(plot.series.map(({ faint }) => faint === true)).toEqual([true, false]);
    expect(plot.series[0].y).toEqual([3, 2, 1]);
    expect(Number(plot.series[1].y[2])).toBeGreaterThan(1);
  });
});

describe('the distribution over tasks', () => {
  const spread: Distribution = {
    model: 'net',
    scope: 'joint',
    configuration: 0,
    quantity: 'taskLoss',
    tasks: 100,
    steps: [0, 1],
    low: [1, 0],
    high: [9, 4],
    quantiles: [0.1, 0.25, 0.5, 0.75, 0.9].map((q) => ({ q, values: [1 + 8 * q, 4 * q] })),
    ends: [],
    total: 2,
  };

  it('is bands around the median task, told in words', () => {
    const plot = distributionPlot([spread]);
    expect(plot?.series[0].y).toEqual([5, 2]);
    expect(plot?.bands?.map(({ label }) => label)).toEqual(['all tasks', '80 % of tasks', 'half of tasks']);
    expect(plot?.bands?.[2]).toMatchObject({ low: [3, 1], high: [7, 3] });
    expect(plot?.summary).toBe(
      'Training loss of 100 tasks: median 2.000 at the end, half of the tasks between 1.000 and 3.000, all between 0.000 and 4.000',
    );
  });

  it('is nothing before a step is recorded', () => {
    expect(distributionPlot([{ ...spread, steps: [] }])).toBeUndefined();
  });
});
