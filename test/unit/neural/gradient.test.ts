import { beforeAll, describe, expect, it } from 'vitest';
import { accumulateLosses, type Head } from '../../../src/core/learner/neural/losses';
import { addPenaltyGradient, layOut, type Net } from '../../../src/core/learner/neural/net';
import { backwardPass } from '../../../src/core/learner/neural/tensor-pass';
import { Random } from '../../../src/core/random';
import { chooseTensorBackend } from '../../../src/jobs/tensor-backend';
import { wasmFolder } from './support';

const ROWS = 9;
const heads: readonly Head[] = [
  { type: 'multiclass', offset: 0, width: 4, weight: 0.7 },
  { type: 'regression', offset: 4, width: 1, weight: 1.3 },
  { type: 'binary', offset: 5, width: 1, weight: 2 },
];
const LAMBDA = 0.05;

interface Case {
  readonly net: Net;
  readonly inputs: Float32Array;
  readonly parameters: Float32Array;
  readonly values: Float32Array;
  readonly shares: Float64Array;
  readonly masks: readonly Float32Array[];
}

function makeCase(hidden: number[], activation: 'relu' | 'tanh', dropout: boolean): Case {
  const random = new Random(17);
  const net = layOut({ inputs: 3, hidden, activation, outputs: 6 });
  const values = new Float32Array(ROWS * 3);
  const shares = new Float64Array(ROWS * 3);
  for (let i = 0; i < ROWS; i++) {
    values.set([random.integer(4), random.normal(), random.integer(2)], i * 3);
    for (let t = 0; t < 3; t++) shares[i * 3 + t] = random.uniform() < 0.3 ? 0 : random.uniform() / ROWS;
  }
  return {
    net,
    inputs: Float32Array.from({ length: ROWS * 3 }, () => random.normal()),
    parameters: Float32Array.from({ length: net.size }, () => 0.7 * random.normal()),
    values,
    shares,
    masks: hidden.map((width) =>
      Float32Array.from({ length: ROWS * width }, () =>
        dropout && random.uniform() < 0.3 ? 0 : dropout ? 2 : 1,
      ),
    ),
  };
}

/** The objective as the page has it, one row and one unit at a time, in double precision. */
function objective({ net, inputs, values, shares, masks }: Case, theta: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < ROWS; i++) {
    let x = [...inputs.subarray(i * 3, i * 3 + 3)];
    net.layers.forEach(({ weights, bias, outputs }, l) => {
      x = Array.from({ length: outputs }, (_, j) => {
        const z = x.reduce(
          (total, value, k) => total + value * theta[weights + k * outputs + j],
          theta[bias + j],
        );
        if (l === net.layers.length - 1) return z;
        return (net.shape.activation === 'tanh' ? Math.tanh(z) : Math.max(0, z)) * masks[l][i * outputs + j];
      });
    });
    const [y0, y1, y2] = values.subarray(i * 3, i * 3 + 3);
    const exponentials = x.slice(0, 4).map(Math.exp);
    const probability = exponentials[y0] / exponentials.reduce((a, b) => a + b);
    const losses = [
      -Math.log(probability),
      (x[4] - y1) ** 2 / 2,
      -Math.log(y2 === 1 ? 1 / (1 + Math.exp(-x[5])) : 1 / (1 + Math.exp(x[5]))),
    ];
    losses.forEach((loss, t) => {
      sum += heads[t].weight * shares[i * 3 + t] * loss;
    });
  }
  for (const { weights, bias } of net.layers) {
    for (let i = weights; i < bias; i++) sum += (LAMBDA / 2) * theta[i] ** 2;
  }
  return sum;
}

function gradientOf({ net, inputs, parameters, values, shares, masks }: Case): Float32Array {
  const gradient = new Float32Array(net.size);
  const rows = Int32Array.from({ length: ROWS }, (_, i) => i);
  const lossGradient = (outputs: Float32Array) => {
    const filled = new Float32Array(outputs.length).fill(Number.NaN);
    accumulateLosses(heads, { values, shares }, outputs, rows, ROWS, new Float64Array(3), 1, filled);
    return filled;
  };
  backwardPass(net, parameters, inputs, ROWS, lossGradient, gradient, masks);
  addPenaltyGradient(net, LAMBDA, parameters, gradient);
  return gradient;
}

describe('the gradient', () => {
  beforeAll(async () => {
    await chooseTensorBackend({ backend: 'wasm', wasmFolder });
  });

  it.each([
    { hidden: [5, 4], activation: 'relu', dropout: false },
    { hidden: [5, 4], activation: 'tanh', dropout: false },
    { hidden: [5, 4], activation: 'relu', dropout: true },
    { hidden: [5, 4], activation: 'tanh', dropout: true },
    { hidden: [1], activation: 'tanh', dropout: false },
    { hidden: [], activation: 'relu', dropout: false },
  ] as const)('is that of finite differences: %o', ({ hidden, activation, dropout }) => {
    const example = makeCase([...hidden], activation, dropout);
    const gradient = gradientOf(example);
    const theta = Float64Array.from(example.parameters);
    for (let i = 0; i < theta.length; i++) {
      const h = 1e-5;
      theta[i] = example.parameters[i] + h;
      const above = objective(example, theta);
      theta[i] = example.parameters[i] - h;
      const below = objective(example, theta);
      theta[i] = example.parameters[i];
      expect(Math.abs(gradient[i] - (above - below) / (2 * h))).toBeLessThan(2e-6);
    }
  });

  it('is exactly zero for a row without a label, whatever stands in its place', () => {
    const values = Float32Array.from([Number.NaN, 1e30, Number.NaN]);
    const outputs = Float32Array.from([1, 2, 3, 4, 5, 6]);
    const gradient = new Float32Array(6).fill(7);
    const losses = new Float64Array(3);
    accumulateLosses(
      heads,
      { values, shares: new Float64Array(3) },
      outputs,
      Int32Array.of(0),
      1,
      losses,
      1,
      gradient,
    );
    expect([...gradient]).toEqual([0, 0, 0, 0, 0, 0]);
    expect([...losses]).toEqual([0, 0, 0]);
  });

  it('stays finite at outputs where exp overflows', () => {
    const outputs = Float32Array.from([1000, -1000, 0, 0, 3, -800]);
    const gradient = new Float32Array(6);
    const losses = new Float64Array(3);
    const targets = { values: Float32Array.from([1, 3, 1]), shares: Float64Array.from([1, 1, 1]) };
    accumulateLosses(heads, targets, outputs, Int32Array.of(0), 1, losses, 1, gradient);
    expect([...losses]).toEqual([2000, 0, 800]);
    expect(gradient[0]).toBeCloseTo(0.7, 6);
    expect(gradient[1]).toBeCloseTo(-0.7, 6);
    expect(gradient[5]).toBeCloseTo(-2, 6);
  });
});
