import { describe, expect, it } from 'vitest';
import type { Configuration, TrainingCheckpoint, TrainingStep } from '../../../src/core/learner/learner';
import { type NeuralParameters, neuralLearner } from '../../../src/core/learner/neural';
import { headsOf } from '../../../src/core/learner/neural/training-data';
import { weightingOf } from '../../../src/core/learner/neural/weighting';
import { blueprintWith } from './reference';
import { allRows, bits, context, mixedProblem, parameters } from './support';

const problem = mixedProblem({ rows: 260, features: 6, seed: 11, missing: [0.2, 0.1, 0.3] });
const quick = { hidden: [8, 5], epochs: 5, batch_size: 32, activation: 'tanh' as const };

function configuration(lambda: number | undefined, given: Partial<NeuralParameters> = {}): Configuration {
  return { ...(lambda !== undefined && { lambda }), parameters: parameters({ ...quick, ...given }) };
}

async function train(configurations: readonly Configuration[], seed = 3, steps?: TrainingStep[]) {
  return neuralLearner.fit(problem, configurations, context(seed, steps));
}

describe('soft sharing', () => {
  it('under a strength without bound is the net that shares its layers wholly', async () => {
    const bottom = configuration(undefined, { architecture: 'shared-bottom', tower: [3], epochs: 20 });
    const soft = configuration(1e12, {
      architecture: 'soft-sharing',
      tower: [3],
      epochs: 20,
      lambda_on: 'sharing',
    });
    const [shared] = await train([bottom]);
    const [tied] = await train([soft]);
    const [a, b] = [shared, tied].map((model) => model.predict(problem.dataset, allRows(problem)));
    a.forEach(({ values }, t) => {
      const unit = t === 0 ? 800 : 1;
      values.forEach((value, i) => {
        expect(Math.abs(value - b[t].values[i]) / unit).toBeLessThan(0.01);
      });
    });
  });

  it('with its heads pulled together too, is one pooled net', async () => {
    const tasks = [0, 1].map((t) => ({ ...problem.tasks[1], id: `sex${t}` }));
    const flipped = problem.labels[1].map((value, row) => (row % 4 === 0 ? 1 - value : value));
    const twice = { ...problem, tasks, labels: [problem.labels[1], flipped] };
    const settings = { architecture: 'soft-sharing', tie_heads: true, lambda_on: 'sharing' } as const;
    const models = await neuralLearner.fit(
      twice,
      [configuration(1e12, settings), configuration(0.001, settings)],
      context(3),
    );
    const largest = models.map((model) => {
      const [a, b] = model.predict(problem.dataset, allRows(problem));
      return Math.max(...a.values.map((value, i) => Math.abs(value - b.values[i])));
    });
    expect(largest[0]).toBeLessThan(1e-5);
    expect(largest[1]).toBeGreaterThan(0.01);
  });

  it('pulls the tasks nearer, the stronger it is', async () => {
    const steps: TrainingStep[] = [];
    const strengths = [0.01, 1, 100];
    const soft = { architecture: 'soft-sharing', lambda_on: 'sharing', epochs: 30 } as const;
    await train(
      strengths.map((strength) => configuration(strength, soft)),
      3,
      steps,
    );
    const [weak, middle, strong] = steps.slice(-3).map(({ penalty = Number.NaN }) => penalty);
    expect(weak).toBeGreaterThan(middle);
    expect(middle).toBeGreaterThan(strong);
  });
});

const nets: readonly Partial<NeuralParameters>[] = [
  { architecture: 'mmoe', dropout: 0.2 },
  { architecture: 'ple', normalization: 'layer', schedule: 'cosine' },
  { architecture: 'cross-stitch', weighting: 'gradnorm' },
  { architecture: 'soft-sharing', lambda_on: 'sharing', weighting: 'uncertainty' },
  { normalization: 'batch', weighting: 'pcgrad', clip: 1 },
  { tower: [4], weighting: 'dwa', optimizer: 'adamw', schedule: 'step', schedule_epochs: 2 },
];

describe.each(nets)('a net of %o', (given) => {
  const settings = { ...given, early_stopping: true, patience: 3 };

  it('has the same bits alone, together, and by the plain kernels', async () => {
    const list = [
      configuration(0.3, settings),
      configuration(0.001, settings),
      configuration(0.3, { ...settings, learning_rate: 0.02 }),
    ];
    const together = await train(list);
    const [alone] = await train([list[2]]);
    const [plain] = await neuralLearner.fit(problem, [list[1]], {
      ...context(3),
      tensorBackend: () => Promise.resolve({ name: 'cpu' }),
    });
    expect(bits(alone)).toBe(bits(together[2]));
    expect(bits(plain)).toBe(bits(together[1]));
    expect(new Set(together.map(bits)).size).toBe(3);
  });

  it('is the same after it was written and read', async () => {
    const [model] = await train([configuration(0.1, settings)]);
    const written = model.serialize();
    const read = neuralLearner.load({ ...written, header: JSON.parse(JSON.stringify(written.header)) });
    expect(read.predict(problem.dataset, allRows(problem))).toEqual(
      model.predict(problem.dataset, allRows(problem)),
    );
    expect(read.summary).toEqual(model.summary);
  });

  it('goes on from a checkpoint with the bits of a training that was never interrupted', async () => {
    const list = [configuration(0.3, settings), configuration(0.001, { ...settings, batch_size: 50 })];
    const whole = await train(list);
    const taken: string[] = [];
    const resume = await new Promise<TrainingCheckpoint>((resolve, reject) => {
      const controller = new AbortController();
      let count = 0;
      neuralLearner
        .fit(problem, list, {
          ...context(3, undefined, controller.signal),
          checkpoints: {
            offer: (take) => {
              if (++count !== 8) return;
              const checkpoint = take();
              taken.push(...Object.keys(checkpoint.arrays));
              resolve(checkpoint);
              controller.abort(new Error('interrupted'));
            },
          },
        })
        .then(
          () => reject(new Error('it was to be interrupted')),
          () => {},
        );
    });
    expect(taken).toContain('1.0.parameters');
    const resumed = await neuralLearner.fit(problem, list, {
      ...context(3),
      checkpoints: { resume, offer: () => {} },
    });
    expect(resumed.map(bits)).toEqual(whole.map(bits));
  });
});

describe('weighting', () => {
  const heads = headsOf(problem.tasks);
  const blueprint = blueprintWith({ heads });

  it('by dynamic averaging follows the ratio of the last two epochs', () => {
    const weighting = weightingOf(parameters({ weighting: 'dwa' }), heads, blueprint, 0);
    weighting.endEpoch?.(Float64Array.of(4, 2, 1));
    expect([...weighting.factors()]).toEqual([1, 1, 1]);
    weighting.endEpoch?.(Float64Array.of(2, 2, 0.9));
    const powers = [0.5, 1, 0.9].map((ratio) => Math.exp(ratio / 2));
    const sum = powers.reduce((a, b) => a + b);
    [...weighting.factors()].forEach((factor, t) => {
      expect(factor).toBeCloseTo((3 * powers[t]) / sum, 12);
    });
  });

  it('by projection leaves gradients that agree as they are, and takes the conflict out of those that do not', () => {
    const pair = blueprintWith({ heads: heads.slice(0, 2) });
    const weighting = weightingOf(parameters({ weighting: 'pcgrad' }), heads.slice(0, 2), pair, 0);
    const shared = pair.parameters[0].offset;
    const gradients = (a: number[], b: number[]) => ({
      of: (t: number) => {
        const gradient = new Float32Array(pair.size);
        gradient.set(t === 0 ? a : b, shared);
        return gradient;
      },
    });
    const sum = (a: number[], b: number[]) => [
      ...(weighting.combine?.(gradients(a, b), 1) ?? []).slice(shared, shared + 2),
    ];
    expect(sum([1, 0], [1, 2])).toEqual([2, 2]);
    // (1, 0) and (−1, 1): each loses its part along the other, (½, ½) + (0, 1).
    expect(sum([1, 0], [-1, 1])).toEqual([0.5, 1.5]);
  });
});

describe('schedules', () => {
  it.each([
    {
      given: { schedule: 'cosine', epochs: 4 },
      rates: [1, 0.5 + Math.SQRT1_2 / 2, 0.5, 0.5 - Math.SQRT1_2 / 2],
    },
    {
      given: { schedule: 'step', schedule_epochs: 2, schedule_factor: 0.5, epochs: 4 },
      rates: [1, 1, 0.5, 0.5],
    },
  ] as const)('$given', async ({ given, rates }) => {
    const steps: TrainingStep[] = [];
    await train([configuration(0, { ...given, learning_rate: 1e-3 })], 3, steps);
    steps.forEach(({ learningRate = Number.NaN }, e) => {
      expect(learningRate).toBeCloseTo(1e-3 * rates[e], 12);
    });
  });
});
