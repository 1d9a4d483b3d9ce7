import { describe, expect, it } from 'vitest';
import type { NetShape } from '../../../src/core/learner/neural/blueprint';
import type { Head } from '../../../src/core/learner/neural/heads';
import { panelIndex } from '../../../src/core/learner/neural/panels';
import { Random } from '../../../src/core/random';
import { blueprintWith, computed, entry, referenceLosses, referenceOutputs, wasm } from './reference';

const ROWS = 9;
const heads: readonly Head[] = [
  { type: 'multiclass', offset: 0, width: 4, weight: 0.7 },
  { type: 'regression', offset: 4, width: 1, weight: 1.3 },
  { type: 'binary', offset: 5, width: 1, weight: 2 },
];
const factors = heads.map((head) => head.weight);

function makeCase(shape: Partial<NetShape>) {
  const random = new Random(17);
  const blueprint = blueprintWith({ heads, ...shape });
  const tasks = blueprint.shape.heads;
  const values = new Float32Array(ROWS * tasks.length);
  const shares = new Float64Array(ROWS * tasks.length);
  for (let i = 0; i < ROWS; i++) {
    tasks.forEach(({ type, width }, t) => {
      const value = type === 'regression' ? random.normal() : random.integer(Math.max(2, width));
      values[i * tasks.length + t] = value;
      shares[i * tasks.length + t] = random.uniform() < 0.3 ? 0 : Math.fround(0.1 + random.uniform() / ROWS);
    });
  }
  const { inputs: width } = blueprint.shape;
  const inputs = Float32Array.from({ length: ROWS * width }, () => random.normal());
  const parameters = new Float32Array(blueprint.size);
  for (const parameter of blueprint.parameters) {
    for (let i = 0; i < parameter.rows; i++) {
      for (let j = 0; j < parameter.columns; j++) {
        parameters[parameter.offset + panelIndex(parameter, i, j)] = 0.7 * random.normal();
      }
    }
  }
  const masks = blueprint.masks.map((units) =>
    Array.from({ length: ROWS }, () => Array.from({ length: units }, () => (random.uniform() < 0.3 ? 0 : 2))),
  );
  return { blueprint, examples: { count: ROWS, inputs, values, shares }, parameters, masks };
}

const shapes: readonly Partial<NetShape>[] = [
  { hidden: [5, 4] },
  { hidden: [5, 4], activation: 'tanh' },
  { hidden: [5, 10], dropout: 0.3 },
  { hidden: [5, 4], activation: 'tanh', dropout: 0.3, tower: [3] },
  { hidden: [1], activation: 'tanh' },
  { hidden: [] },
  { hidden: [6, 4], normalisation: 'layer', activation: 'tanh' },
  { hidden: [6, 4], normalisation: 'batch', activation: 'tanh', dropout: 0.3 },
  { architecture: 'mmoe', hidden: [9], activation: 'tanh', tower: [4] },
  { architecture: 'mmoe', hidden: [5, 4], activation: 'relu' },
  { architecture: 'cgc', hidden: [5, 4], activation: 'tanh' },
  { architecture: 'ple', hidden: [5], activation: 'tanh' },
  { architecture: 'ple', hidden: [5, 9], activation: 'tanh', tower: [3], normalisation: 'layer' },
  { inputs: 8, embedding: 2, categories: [{ from: 1, to: 5 }], hidden: [5], activation: 'tanh' },
  { architecture: 'cross-stitch', hidden: [5, 4], activation: 'tanh' },
  { architecture: 'cross-stitch', hidden: [9, 3], tower: [4], normalisation: 'batch', activation: 'tanh' },
  { architecture: 'soft-sharing', hidden: [5, 9], activation: 'tanh', dropout: 0.3 },
  {
    architecture: 'soft-sharing',
    hidden: [5],
    activation: 'tanh',
    tieHeads: true,
    heads: [0, 1, 2].map((t) => ({ type: 'binary', offset: t, width: 1, weight: 1 + t })),
  },
];

describe.each(shapes)('the gradient of %o', (shape) => {
  const { blueprint, examples, parameters, masks } = makeCase(shape);
  const rows = Array.from({ length: ROWS }, (_, i) =>
    [...examples.inputs].slice(i * blueprint.shape.inputs, (i + 1) * blueprint.shape.inputs),
  );
  const objective = (theta: Float64Array) => {
    const outputs = referenceOutputs(blueprint, entry(theta), rows, masks);
    const losses = referenceLosses(blueprint.shape.heads, outputs, examples);
    return losses.reduce((sum, loss, t) => sum + factors[t] * loss, 0);
  };
  const result = computed(blueprint, parameters, examples, factors, masks);

  it('goes with the outputs and losses of the definition', () => {
    const outputs = referenceOutputs(blueprint, entry(parameters), rows, masks);
    for (const [i, row] of outputs.entries()) {
      for (const [j, value] of row.entries()) {
        expect(Math.abs(result.outputs[i][j] - value)).toBeLessThan(1e-5 * Math.max(1, Math.abs(value)));
      }
    }
    referenceLosses(blueprint.shape.heads, outputs, examples).forEach((loss, t) => {
      expect(Math.abs(result.losses[t] - loss)).toBeLessThan(2e-6 * Math.max(1, loss));
    });
  });

  it('is that of finite differences', () => {
    const theta = Float64Array.from(parameters);
    const h = 1e-5;
    for (const parameter of blueprint.parameters) {
      if (parameter.role === 'state') continue;
      for (let i = 0; i < parameter.rows; i++) {
        for (let j = 0; j < parameter.columns; j++) {
          const at = parameter.offset + panelIndex(parameter, i, j);
          theta[at] = parameters[at] + h;
          const above = objective(theta);
          theta[at] = parameters[at] - h;
          const below = objective(theta);
          theta[at] = parameters[at];
          const difference = (above - below) / (2 * h);
          expect(Math.abs(result.gradient[at] - difference)).toBeLessThan(
            5e-6 * Math.max(1, Math.abs(difference)),
          );
        }
      }
    }
  });

  it('has the same bits by WebAssembly', () => {
    expect(computed(blueprint, parameters, examples, factors, masks, wasm())).toEqual(result);
  });
});

describe('an embedding', () => {
  it('is a product with the one-hot columns of its category; the other columns pass through', () => {
    const blueprint = blueprintWith({
      inputs: 8,
      embedding: 2,
      categories: [
        { from: 1, to: 5 },
        { from: 6, to: 8 },
      ],
      heads,
    });
    // A category of two needs no vector of two.
    expect(blueprint.embedding?.blocks).toEqual([{ from: 1, to: 5, columns: { from: 4, to: 6 } }]);
    expect(blueprint.embedding?.passed.map(({ from }) => from)).toEqual([0, 5, 6, 7]);
  });
});

describe('the losses', () => {
  it('and their slopes are exactly zero for a row without a label, whatever stands in its place', () => {
    const blueprint = blueprintWith({ heads, hidden: [] });
    const parameters = Float32Array.from({ length: blueprint.size }, (_, i) => i);
    const examples = {
      count: 1,
      inputs: Float32Array.of(1, 2, 1e30),
      values: Float32Array.of(Number.NaN, 1e30, Number.NaN),
      shares: new Float64Array(3),
    };
    const { losses, gradient } = computed(blueprint, parameters, examples, factors);
    expect(losses).toEqual([0, 0, 0]);
    expect(gradient.every((value) => value === 0)).toBe(true);
  });

  it('stay finite at outputs where exp overflows', () => {
    const blueprint = blueprintWith({ heads, hidden: [] });
    const parameters = new Float32Array(blueprint.size);
    const bias = blueprint.parameters.find(({ name }) => name === 'layer0.bias');
    parameters.set([1000, -1000, 0, 0, 3, -800], bias?.offset);
    const examples = {
      count: 1,
      inputs: new Float32Array(3),
      values: Float32Array.of(1, 3, 1),
      shares: Float64Array.of(1, 1, 1),
    };
    const { losses, gradient } = computed(blueprint, parameters, examples, factors);
    expect(losses).toEqual([2000, 0, 800]);
    const slopes = gradient.subarray(bias?.offset);
    expect(slopes[0]).toBeCloseTo(0.7, 6);
    expect(slopes[1]).toBeCloseTo(-0.7, 6);
    expect(slopes[5]).toBeCloseTo(-2, 6);
  });
});
