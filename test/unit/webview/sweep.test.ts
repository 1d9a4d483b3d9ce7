import { describe, expect, it } from 'vitest';
import { parseExperiment, plan, sweepOnly } from '../../../src/core/experiment';
import { families } from '../../../src/core/learner/families';
import { hyperparametersOf } from '../../../src/extension/hyperparameters';
import { type SweepableModel, sweepSpec } from '../../../src/protocol/panel';
import {
  forecastWords,
  initialFields,
  offered,
  readSweep,
  type SweepFields,
} from '../../../webview/sweepData';
import { readValues } from '../../../webview/sweepValues';

const MODEL: SweepableModel = {
  name: 'net',
  kind: 'neural',
  lambda: true,
  lambdaMax: false,
  hyperparameters: [...hyperparametersOf(families.neural.parameters, { dropout: 0.3 })],
  ratio: 0.001,
  from: 2,
  to: null,
  points: 7,
};

const fields = (part: Partial<SweepFields> = {}): SweepFields => ({ ...initialFields(MODEL, 5), ...part });

describe('values as they are typed', () => {
  const number = (text: string) => readValues(text, { kind: 'number' });

  it('are a list, a range, a range of so many points, on a log scale, or in steps', () => {
    expect(number('0, 0.2,0.5')).toEqual({ values: [0, 0.2, 0.5], count: 3 });
    expect(number('0.1..0.5')).toEqual({ values: { from: 0.1, to: 0.5 }, count: 5 });
    expect(number('0.001 .. 0.1 x7 log')).toEqual({
      values: { from: 0.001, to: 0.1, points: 7, scale: 'log' },
      count: 7,
    });
    expect(number('0..1 by 0.1').values).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
    expect(number('10..4 by 3').values).toEqual([10, 7, 4]);
    expect(readValues('1..3', { kind: 'integer' }).count).toBe(3);
    expect(readValues('true, false', { kind: 'boolean' }).values).toEqual([true, false]);
  });

  it('have their mistakes told', () => {
    for (const [text, words] of [
      ['', /give values/],
      ['0.1,,2', /between two commas/],
      ['abc', /not a number/],
      ['0..1 log', /above 0/],
      ['1..1', /same/],
      ['0..1 x1', /from 2 to/],
      ['0..1 by 0', /other than 0/],
      ['0..1 by 0.0001', /10001 values/],
      ['1, 1', /twice/],
    ] as const) {
      expect(number(text).mistake).toMatch(words);
    }
    expect(readValues('1.5', { kind: 'integer' }).mistake).toMatch(/whole number/);
    expect(readValues('a..b', { kind: 'text' }).mistake).toMatch(/give a list/);
    expect(readValues('rmsprop', { kind: 'text', options: ['adam', 'sgd'] }).mistake).toMatch(
      /none of adam, sgd/,
    );
  });
});

describe('the sweep form', () => {
  it('starts from what the file says, and offers every hyperparameter with its value', () => {
    expect(initialFields(MODEL, 5)).toMatchObject({
      model: 'net',
      from: '2',
      to: '',
      points: '7',
      folds: '5',
    });
    const dropout = offered(MODEL).find(({ name }) => name === 'dropout');
    expect(dropout).toMatchObject({ kind: 'number', value: '0.3' });
    expect(dropout?.description).not.toBe('');
    expect(offered(MODEL).find(({ name }) => name === 'optimizer')?.options).toContain('adam');
  });

  it('is a sweep as the file writes it', () => {
    const reading = readSweep(
      fields({
        over: { dropout: '0, 0.2', learning_rate: '0.001..0.1 x3 log' },
        folds: '4',
        rule: 'one-standard-error',
        select: 'per-task',
        maxFits: '500',
      }),
      MODEL,
      { tasks: 3 },
    );
    expect(reading.sweep).toEqual({
      model: 'net',
      over: {
        lambda: { points: 7, from: 2 },
        dropout: [0, 0.2],
        learning_rate: { from: 0.001, to: 0.1, points: 3, scale: 'log' },
      },
      folds: 4,
      rule: 'one-standard-error',
      select: 'per-task',
      budget: { fits: 500 },
    });
    expect(reading.words).toBe(
      '7 λ × 2 dropout × 3 learning_rate = 42 configurations × 4 folds + 1 refit = 169 fits, the same for each of 3 tasks alone.',
    );
    expect(sweepSpec.safeParse(reading.sweep).success).toBe(true);
  });

  it('counts as the plan of the same sweep does, for grids and for draws', () => {
    const text = `data: { source: a.csv, folds: 4 }
tasks: { a: { target: a }, b: { target: b } }
models: { net: { kind: neural } }
`;
    for (const part of [
      { over: { dropout: '0, 0.2' }, points: '3' },
      { lambda: false, over: { dropout: '0..0.5 x4' } },
      { method: 'random', configurations: '9', over: { dropout: '0..0.5' } },
    ] as const) {
      const { sweep, words } = readSweep(fields(part), MODEL, { tasks: 2 });
      if (!sweep) throw new Error(words);
      const { experiment, diagnostics } = parseExperiment(sweepOnly(text, JSON.parse(JSON.stringify(sweep))));
      expect(diagnostics).toEqual([]);
      if (!experiment) throw new Error('the experiment has mistakes');
      const tasks = ['a', 'b'].map((id) => ({ id, type: 'regression' as const, classes: [], weight: 1 }));
      const planned = plan(experiment, {
        fingerprint: 'f',
        engineVersion: '1',
        tasks,
        longForm: false,
        lambdaMax: {},
      });
      const own = planned.trials
        .filter((trial) => trial.kind === 'fit' && trial.key.model === 'net' && trial.key.scope === 'joint')
        .reduce((sum, trial) => sum + (trial.kind === 'fit' ? trial.configurations[0].length : 0), 0);
      expect(Number(/= ([\d,]+) fits/.exec(words)?.[1].replace(',', ''))).toBe(own + 1);
    }
  });

  it('says what is to be mended first, and where', () => {
    const reading = readSweep(fields({ from: '', to: '3', points: '0', folds: '1' }), MODEL, { tasks: 2 });
    expect(reading.sweep).toBeUndefined();
    expect(Object.keys(reading.mistakes)).toEqual(['from', 'points', 'folds']);
    expect(reading.words).toBe('From λ: this model has no λ_max: give the largest λ');
    expect(readSweep(fields({ from: '1', to: '2' }), MODEL, { tasks: 2 }).mistakes.to).toMatch(
      /not be above/,
    );
    expect(readSweep(fields({ lambda: false }), MODEL, { tasks: 2 }).words).toMatch(
      /choose λ or a hyperparameter/,
    );
    expect(readSweep(fields({ over: { dropout: 'much' } }), MODEL, { tasks: 2 }).words).toMatch(
      /^dropout: “much”/,
    );
  });

  it('tells the forecast of the plan', () => {
    expect(forecastWords({ fits: 1200, seconds: 75, basis: 'measured', reused: 20, workers: 2 })).toBe(
      '1,200 fits with baselines, 20 of them done already; about 1 min 15 s on 2 workers, by earlier runs on this data.',
    );
  });
});
