import { describe, expect, it } from 'vitest';
import type { CurvesPart, SourcedCurve, SourcedDistribution } from '../../../src/protocol/parts';
import { type CurveSet, setsOf } from '../../../webview/curveSets';
import { WHOLE_STYLE as EACH, plotsOf } from '../../../webview/curvesData';
import { distributionPlot } from '../../../webview/spreadData';
import { summary } from '../extension/support';
import { curve } from './curve';

const setOf = (
  curves: readonly SourcedCurve[],
  distributions: readonly SourcedDistribution[] = [],
): readonly CurveSet[] => [{ key: '', label: '', curves, distributions }];

describe('loss curves as plots', () => {
  it('are one a task in the order of the tasks, then the whole model’s', () => {
    const curves = [
      curve({ task: null, quantity: 'objective' }),
      curve({ task: 'mass' }),
      curve({}),
      curve({ quantity: 'validationLoss' }),
      curve({ task: null, quantity: 'penalty', values: [null, null, null] }),
    ];
    const plots = plotsOf(setOf(curves), ['sex', 'mass', 'unlabelled'], EACH);
    expect(plots.map(({ title }) => title)).toEqual(['Loss of sex', 'Loss of mass', 'Objective Σ wₜLₜ + λR']);
    expect(plots[0].series.map(({ dash, label }) => [dash, label])).toEqual([
      [undefined, 'fold 1'],
      [true, 'fold 1, held out'],
    ]);
  });

  it('say in words what they show, and when points are left out', () => {
    const curves = [curve({ total: 300 }), curve({ fold: null, trial: 't1', values: [5, 4, 3], total: 300 })];
    const [plot] = plotsOf(setOf(curves), ['sex'], EACH);
    expect(plot.note).toBe('6 of 600 points, extremes kept');
    expect(plot.summary).toBe('Loss of sex: from 4.000 to 2.000 over 3 steps; mean of 2 lines');
    expect(plotsOf(setOf([curve({})]), ['sex'], EACH)[0].note).toBeUndefined();
  });

  it('average folds where wanted, over those that have the step', () => {
    const curves = [
      curve({}),
      curve({ fold: 1, trial: 't1', steps: [1, 2, 3, 4], values: [5, null, 3, 7], total: 4 }),
      curve({ fold: null, trial: 't2' }),
    ];
    const [plot] = plotsOf(setOf(curves), ['sex'], { ...EACH, trials: 'mean' });
    expect(plot.series.map(({ label }) => label)).toEqual(['mean of 2', 'refit']);
    expect([plot.series[0].x, plot.series[0].y]).toEqual([
      [1, 2, 3, 4],
      [4, 2, 2, 7],
    ]);
  });

  it('keep what was recorded faintly behind a smoothed line', () => {
    const [plot] = plotsOf(setOf([curve({})]), ['sex'], { ...EACH, smoothing: 0.5 });
    expect(plot.series.map(({ faint }) => faint === true)).toEqual([true, false]);
    expect(plot.series[0].y).toEqual([3, 2, 1]);
    expect(Number(plot.series[1].y[2])).toBeGreaterThan(1);
  });
});

describe('which curves are drawn', () => {
  const curves = [
    curve({}),
    curve({ quantity: 'validationLoss' }),
    curve({ fold: 1, trial: 't1' }),
    curve({ fold: null, trial: 't2' }),
    curve({ task: 'mass' }),
    curve({ task: null, quantity: 'objective' }),
  ];
  const labels = (style: Partial<typeof EACH>) =>
    plotsOf(setOf(curves), ['sex', 'mass'], { ...EACH, ...style }).map(({ title, series }) => [
      title,
      series.map(({ label }) => label),
    ]);

  it('is any metric, split and trial', () => {
    expect(labels({ metric: 'objective' })).toEqual([['Objective Σ wₜLₜ + λR', ['fold 1']]]);
    expect(labels({ metric: 'loss', split: 'held-out' })).toEqual([['Loss of sex', ['fold 1, held out']]]);
    expect(labels({ metric: 'loss', trials: 1 })).toEqual([['Loss of sex', ['fold 2']]]);
    expect(labels({ metric: 'loss', trials: 'refit' })).toEqual([['Loss of sex', ['refit']]]);
  });

  it('is all tasks in one plot where wanted, a colour a task', () => {
    const style = { ...EACH, metric: 'loss', split: 'training', trials: 0, together: true } as const;
    const [plot, ...others] = plotsOf(setOf(curves), ['sex', 'mass'], style);
    expect(others).toEqual([]);
    expect(plot.series.map(({ label }) => label).sort()).toEqual(['mass · fold 1', 'sex · fold 1']);
    expect(new Set(plot.series.map(({ color }) => color)).size).toBe(2);
  });
});

describe('curves of several models and runs', () => {
  const part = (beside: CurvesPart['beside']): CurvesPart => ({
    kind: 'curves',
    generation: 1,
    run: 'r1',
    model: 'net',
    scope: 'joint',
    scopes: ['joint'],
    configurations: [],
    configuration: 0,
    task: null,
    range: null,
    beside,
    curves: [
      curve({}),
      ...beside.map((source) => curve({ ...source, trial: `of ${source.run} ${source.model}` })),
    ],
    distributions: [],
  });
  const runs = ['r3', 'r2', 'r1'].map((run) =>
    summary({ run, marks: { star: false, name: `try ${run}`, note: null, tags: [], deleted: false } }),
  );

  it('are in one plot, named by what differs, a colour a run that stays whatever is beside it', () => {
    const colorOf = (sets: readonly CurveSet[], key: string) =>
      sets.find((set) => set.key.includes(key))?.color;
    const two = setsOf(part([{ run: 'r2', model: 'net' }]), runs);
    const three = setsOf(
      part([
        { run: 'r3', model: 'net' },
        { run: 'r2', model: 'net' },
      ]),
      runs,
    );
    expect(two.map(({ label }) => label)).toEqual(['try r1', 'try r2']);
    for (const run of ['r1', 'r2']) expect(colorOf(three, run)).toBe(colorOf(two, run));
    const [plot] = plotsOf(two, ['sex'], EACH);
    expect(plot.series.map(({ color }) => color)).toEqual(two.map(({ color }) => color));
    expect(plot.series[1].label).toMatch(/^try r2 · fold 1$/);
  });

  it('of one run are named and coloured by model, and averaged apart', () => {
    const sets = setsOf(part([{ run: 'r1', model: 'wide net' }]), runs);
    expect(sets.map(({ label }) => label)).toEqual(['net', 'wide net']);
    expect(sets[0].color).not.toBe(sets[1].color);
    const [plot] = plotsOf(sets, ['sex'], { ...EACH, trials: 'mean' });
    expect(plot.series.map(({ label }) => label).sort()).toEqual(['net · fold 1', 'wide net · fold 1']);
  });

  it('alone have no label and no colour of their own', () => {
    const [alone] = setsOf(part([]), runs);
    expect([alone.label, alone.color]).toEqual(['', undefined]);
  });
});

describe('the distribution over tasks', () => {
  const spread: SourcedDistribution = {
    run: 'r1',
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
    const plot = distributionPlot(setOf([], [spread]));
    expect(plot?.series[0].y).toEqual([5, 2]);
    expect(plot?.bands?.map(({ label }) => label)).toEqual(['all tasks', '80 % of tasks', 'half of tasks']);
    expect(plot?.bands?.[2]).toMatchObject({ low: [3, 1], high: [7, 3] });
    expect(plot?.summary).toBe(
      'Training loss of 100 tasks: median 2.000 at the end, half of the tasks between 1.000 and 3.000, all between 0.000 and 4.000',
    );
  });

  it('has a key of its bands; beside other models it says whose they are', () => {
    const alone = distributionPlot(setOf([], [spread]));
    expect(alone?.keys?.map(({ label }) => label)).toEqual(['all tasks', '80 % of tasks', 'half of tasks']);
    const depths = alone?.keys?.map(({ opacity = 1 }) => opacity) ?? [];
    expect(depths).toEqual([...depths].sort((a, b) => a - b));
    expect(alone?.note).toBeUndefined();
    const set = (label: string) => ({ key: label, label, curves: [], distributions: [spread] });
    const both = distributionPlot([set('net'), set('wide')]);
    expect(both?.note).toBe('bands of net alone, medians of the others');
    expect(both?.bands?.length).toBe(3);
  });

  it('is nothing before a step is recorded', () => {
    expect(distributionPlot(setOf([], [{ ...spread, steps: [] }]))).toBeUndefined();
  });
});
