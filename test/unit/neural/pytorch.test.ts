import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { forward } from '../../../src/core/learner/neural/forward';
import { accumulateLosses, type Head } from '../../../src/core/learner/neural/losses';
import { addPenaltyGradient, layOut, penalty } from '../../../src/core/learner/neural/net';
import { descend, startAt, type TrainingPlan } from '../../../src/core/learner/neural/step';
import { backwardPass, forwardPass } from '../../../src/core/learner/neural/tensor-pass';
import { chooseTensorBackend } from '../../../src/jobs/tensor-backend';
import { parameters, wasmFolder } from './support';

interface Fixture {
  readonly torch: string;
  readonly rows: number;
  readonly features: number;
  readonly lambda: number;
  readonly taskWeights: readonly number[];
  readonly batches: readonly (readonly number[])[];
  readonly learningRate: number;
  readonly inputs: readonly number[];
  readonly targets: readonly number[];
  readonly shares: readonly number[];
  readonly cases: readonly {
    readonly hidden: number[];
    readonly activation: 'relu' | 'tanh';
    readonly optimizer: 'adam' | 'sgd';
    readonly initial: readonly number[];
    readonly outputs: readonly number[];
    readonly objective: number;
    readonly losses: readonly number[];
    readonly gradient: readonly number[];
    readonly afterOne: readonly number[];
    readonly afterTen: readonly number[];
  }[];
}

const fixture: Fixture = JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures/pytorch.json'), 'utf8'));

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length);
  let largest = 0;
  for (let i = 0; i < a.length; i++) largest = Math.max(largest, Math.abs(a[i] - b[i]));
  return largest;
}

describe.each(fixture.cases)(
  `PyTorch ${fixture.torch}: hidden $hidden, $activation, $optimizer`,
  (expected) => {
    const { rows } = fixture;
    const [a, b, c] = fixture.taskWeights;
    const heads: readonly Head[] = [
      { type: 'regression', offset: 0, width: 1, weight: a },
      { type: 'binary', offset: 1, width: 1, weight: b },
      { type: 'multiclass', offset: 2, width: 3, weight: c },
    ];
    const { hidden, activation, optimizer } = expected;
    const net = layOut({ inputs: fixture.features, hidden, activation, outputs: 5 });
    const training = {
      count: rows,
      inputs: Float32Array.from(fixture.inputs),
      values: Float32Array.from(fixture.targets),
      shares: Float64Array.from(fixture.shares),
    };
    const settings = parameters({ hidden, activation, optimizer, learning_rate: fixture.learningRate });
    const plan: TrainingPlan = {
      net,
      heads,
      training,
      lambda: fixture.lambda,
      parameters: settings,
      seed: 0,
    };
    const every = Int32Array.from({ length: rows }, (_, i) => i);
    const initial = Float32Array.from(expected.initial);

    beforeAll(async () => {
      await chooseTensorBackend({ backend: 'wasm', wasmFolder });
    });

    it('has the same outputs, by tensors and in plain TypeScript', () => {
      expect(
        largestDifference(forwardPass(net, initial, training.inputs, rows), expected.outputs),
      ).toBeLessThan(1e-5);
      expect(largestDifference(forward(net, initial, training.inputs, rows), expected.outputs)).toBeLessThan(
        1e-6,
      );
    });

    it('has the same losses, objective and gradient, with missing labels and weights of samples and tasks', () => {
      const losses = new Float64Array(3);
      const gradient = new Float32Array(net.size);
      const lossGradient = (outputs: Float32Array) => {
        const filled = new Float32Array(outputs.length);
        accumulateLosses(heads, training, outputs, every, rows, losses, 1, filled);
        return filled;
      };
      backwardPass(net, initial, training.inputs, rows, lossGradient, gradient);
      addPenaltyGradient(net, fixture.lambda, initial, gradient);
      expect(largestDifference(losses, expected.losses)).toBeLessThan(1e-6);
      expect(largestDifference(gradient, expected.gradient)).toBeLessThan(5e-6);
      const sum = heads.reduce((total, head, t) => total + head.weight * losses[t], 0);
      expect(sum + fixture.lambda * penalty(net, initial)).toBeCloseTo(expected.objective, 5);
    });

    it('is at the same weights after one step and after ten', () => {
      const state = startAt(initial.slice(), settings);
      for (let step = 0; step < 10; step++) {
        descend(plan, state, Int32Array.from(fixture.batches[step % 2]), new Float64Array(3));
        // Adam divides by |gradient|: the relative rounding of a small one moves a weight by a part of the learning rate.
        if (step === 0) expect(largestDifference(state.weights, expected.afterOne)).toBeLessThan(1e-5);
      }
      expect(largestDifference(state.weights, expected.afterTen)).toBeLessThan(5e-5);
    });
  },
);
