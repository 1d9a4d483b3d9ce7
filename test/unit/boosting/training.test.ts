import { describe, expect, it } from 'vitest';
import { boostingLearner } from '../../../src/core/learner/boosting';
import type { TrainingStep } from '../../../src/core/learner/learner';
import { Random } from '../../../src/core/random';
import { context, numeric, problem, table, task } from '../forest/support';
import { boost, PLAIN, predictions } from './support';

const range = (length: number) => Array.from({ length }, (_, i) => i);

function noisy(rows: number, noise: number) {
  const random = new Random(11);
  const x = range(4).map(() => range(rows).map(() => random.normal()));
  const signal = range(rows).map((i) => Math.sin(2 * x[0][i]) + x[1][i]);
  const labels = [
    signal.map((s) => s + noise * random.normal()),
    signal.map((s) => (s + noise * random.normal() > 0 ? 1 : 0)),
  ];
  const dataset = table(...x.map((values, j) => numeric(`x${j}`, values)));
  return problem(dataset, [task('y', 'regression'), task('t', 'binary')], labels);
}

describe('early stopping', () => {
  const parameters = { rounds: 200, learning_rate: 0.3, patience: 7 };

  it('keeps the round with the lowest loss on the held-out rows, and stops when it falls no more', async () => {
    const steps: TrainingStep[] = [];
    const model = await boost(noisy(300, 1), parameters, 1, 1, steps);
    const losses = steps.map((step) => (step.validationLosses ?? []).reduce((sum, loss) => sum + loss, 0));
    const best = losses.indexOf(Math.min(...losses)) + 1;
    expect(model.convergence.iterations).toBe(best);
    expect(best).toBeLessThan(100);
    expect(steps.length).toBeLessThanOrEqual(best + 7);
    expect(steps.length).toBeGreaterThanOrEqual(best + 1);
  });

  it('holds whole groups out: what tells groups apart is no reason to go on', async () => {
    const random = new Random(4);
    const group = range(600).map((i) => i % 30);
    // What is predicted is the group's own, and the features say which group it is, and nothing of a new one.
    const own = range(30).map(() => random.normal());
    const place = range(30).map(() => random.normal());
    const of = problem(
      table(
        numeric(
          'place',
          group.map((g) => place[g]),
        ),
      ),
      [task('y', 'regression')],
      [group.map((g) => own[g] + 0.3 * random.normal())],
    );
    const alike = await boost(of, { rounds: 60 });
    const apart = await boost({ ...of, rowGroup: Int32Array.from(group) }, { rounds: 60 });
    expect(alike.convergence.iterations).toBeGreaterThan(20);
    expect(apart.convergence.iterations).toBeLessThan(10);
  });

  it('gives the model that the same rows would have given in so many rounds', async () => {
    const of = noisy(300, 1);
    const model = await boost(of, parameters);
    // With patience without end and as many rounds as were kept, the last is the best.
    const exact = { ...parameters, rounds: model.convergence.iterations, patience: 1000 };
    expect(predictions(await boost(of, exact), of.dataset)).toEqual(predictions(model, of.dataset));
  });

  it('has not converged where the rounds end while the held-out loss falls; fixed rounds are what was asked for', async () => {
    const of = noisy(300, 1);
    expect((await boost(of, parameters)).convergence).toMatchObject({ converged: true, criterion: 'rounds' });
    const short = { ...parameters, learning_rate: 0.01, rounds: 5 };
    const model = await boost(of, short);
    expect(model.convergence).toMatchObject({ converged: false, iterations: 5 });
    expect(boostingLearner.load(model.serialize()).convergence).toEqual(model.convergence);
    expect((await boost(of, { ...short, early_stopping: false })).convergence.converged).toBe(true);
  });

  it('is refitted for the median of the rounds of the folds, on all rows', () => {
    const refit = boostingLearner.refitParameters?.({ rounds: 300, early_stopping: true }, [40, 10, 25]);
    expect(refit).toEqual({ rounds: 25, early_stopping: false });
    const fixed = { rounds: 300, early_stopping: false };
    expect(boostingLearner.refitParameters?.(fixed, [300, 300])).toEqual(fixed);
  });

  it('ends soon on labels that are chance, and then predicts chance', async () => {
    const random = new Random(4);
    const of = noisy(400, 1);
    const chance = range(2).map(() => Float64Array.from(of.rows, () => random.normal()));
    const labels = [chance[0], chance[1].map((value) => (value > 0 ? 1 : 0))];
    const seen = { ...of, labels, rows: of.rows.filter((row) => row < 200) };
    const model = await boost(seen, {});
    const [y, t] = predictions(
      model,
      of.dataset,
      range(200).map((i) => 200 + i),
    );
    const squares = (q: (i: number) => number) =>
      range(200).reduce((sum, i) => sum + (labels[0][200 + i] - q(i)) ** 2, 0);
    expect(model.convergence.iterations).toBeLessThan(40);
    expect(squares((i) => y[i]) / squares(() => 0)).toBeGreaterThan(0.93);
    const right = t.filter((p, i) => p > 0.5 === (labels[1][200 + i] === 1)).length / 200;
    // Three standard deviations of a fair coin.
    expect(Math.abs(right - 0.5)).toBeLessThan(0.106);
  });
});

describe('what a fit reports', () => {
  it('is the loss of its predictions, round by round', async () => {
    const of = noisy(120, 0.5);
    const steps: TrainingStep[] = [];
    const model = await boost(of, { ...PLAIN, rounds: 12 }, 1, 1, steps);
    expect(steps.map(({ step }) => step)).toEqual(range(12).map((i) => i + 1));
    const [y, t] = predictions(model, of.dataset);
    const mean = of.labels[0].reduce((sum, v) => sum + v, 0) / 120;
    const variance = of.labels[0].reduce((sum, v) => sum + (v - mean) ** 2, 0) / 120;
    const squared = of.labels[0].reduce((sum, v, i) => sum + (v - y[i]) ** 2, 0) / 240 / variance;
    const logistic = of.labels[1].reduce((sum, v, i) => sum - Math.log(v === 1 ? t[i] : 1 - t[i]), 0) / 120;
    expect(steps[11].taskLosses?.[0]).toBeCloseTo(squared, 5);
    expect(steps[11].taskLosses?.[1]).toBeCloseTo(logistic, 5);
    steps.slice(1).forEach(({ taskLosses = [] }, i) => {
      for (const task of [0, 1]) expect(taskLosses[task]).toBeLessThan(steps[i].taskLosses?.[task] ?? 0);
    });
  });

  it('is the objective, losses weighted by tasks and λ R over the rows', async () => {
    const of = noisy(80, 0.5);
    const tasks = of.tasks.map((task, t) => ({ ...task, weight: 1 + t }));
    const steps: TrainingStep[] = [];
    await boost({ ...of, tasks }, { ...PLAIN, rounds: 3 }, 4, 1, steps);
    for (const { objective, taskLosses: [y, t] = [], penalty = 0 } of steps) {
      expect(objective).toBeCloseTo(y + 2 * t + (4 * penalty) / 80, 10);
    }
  });

  it('has R, half the sum of squares of the leaf values before the learning rate', async () => {
    const of = noisy(50, 0.5);
    const one = { ...of, tasks: [of.tasks[0]], labels: [of.labels[0]] };
    const steps: TrainingStep[] = [];
    const model = await boost(one, { ...PLAIN, rounds: 5, learning_rate: 0.5, max_leaves: 4 }, 1, 1, steps);
    const { values } = model.serialize().arrays;
    expect(values.length).toBe(20);
    expect(steps[4].penalty).toBeCloseTo(
      [...values].reduce((sum, value) => sum + (value / 0.5) ** 2 / 2, 0),
      5,
    );
  });
});

it('a drawn part of the rows and features fits as well as all', async () => {
  const of = noisy(600, 0.3);
  const seen = { ...of, rows: of.rows.filter((row) => row < 400) };
  const unseen = range(200).map((i) => 400 + i);
  const error = async (parameters: object) => {
    const [y] = predictions(await boost(seen, { ...PLAIN, rounds: 100, ...parameters }), of.dataset, unseen);
    return y.reduce((sum, p, i) => sum + (of.labels[0][400 + i] - p) ** 2, 0) / 200;
  };
  expect(await error({ subsample: 0.5, feature_fraction: 0.5 })).toBeLessThan(1.3 * (await error({})));
});

it('a fit ends when its signal is aborted', async () => {
  const reason = new Error('enough');
  const fit = boostingLearner.fit(noisy(50, 1), [{ parameters: {} }], {
    ...context(),
    signal: AbortSignal.abort(reason),
  });
  await expect(fit).rejects.toBe(reason);
});

describe('monotone constraints', () => {
  const random = new Random(6);
  const rows = 400;
  const x = range(rows).map(() => 6 * random.uniform());
  const other = range(rows).map(() => random.normal());
  // Rises and falls; the constrained fit may only rise.
  const wave = x.map((v, i) => Math.sin(2 * v) + v / 2 + other[i] * Math.cos(v) + random.normal() / 3);
  const dataset = table(numeric('x', x), numeric('other', other));
  const tasks = [task('y', 'regression'), task('t', 'binary'), task('falling', 'regression')];
  const labels = [wave, wave.map((v) => (v > 1.5 ? 1 : 0)), wave.map((v) => -v)];
  const of = problem(dataset, tasks, labels);
  const grid = range(121).map((i) => i / 20);
  const curves = async (parameters: object) => {
    const model = await boost(of, { ...PLAIN, rounds: 40, min_samples_leaf: 5, ...parameters });
    return [-2, -0.5, 0, 0.7, 2].flatMap((value) =>
      predictions(
        model,
        table(
          numeric('x', grid),
          numeric(
            'other',
            grid.map(() => value),
          ),
        ),
      ),
    );
  };
  const falls = (curve: readonly number[]) =>
    Math.max(...curve.map((value, i) => (i === 0 ? 0 : curve[i - 1] - value)));

  it.each(['vector-leaf', 'per-task'])('hold everywhere and for all tasks: %s', async (sharing) => {
    for (const curve of await curves({ sharing, monotone: { x: 1 } }))
      expect(falls(curve)).toBeLessThan(1e-6);
    for (const curve of await curves({ sharing, monotone: { x: -1 } })) {
      expect(falls(curve.map((value) => -value))).toBeLessThan(1e-6);
    }
    const free = await curves({ sharing });
    expect(Math.max(...free.map(falls))).toBeGreaterThan(0.1);
  });

  it('leave what they allow to be learned', async () => {
    const up = problem(dataset, [task('y', 'regression')], [x.map((v) => Math.round(v))]);
    const model = await boost(up, { ...PLAIN, rounds: 60, monotone: { x: 1, other: -1 } });
    const [p] = predictions(model, dataset);
    const squares = p.reduce((sum, q, i) => sum + (q - Math.round(x[i])) ** 2, 0);
    expect(Math.sqrt(squares / rows)).toBeLessThan(0.05);
  });

  it('are refused on columns that are no numeric features', async () => {
    await expect(curves({ monotone: { z: 1 } })).rejects.toThrow(
      /monotone constraint is on a column that is no feature/,
    );
  });
});
