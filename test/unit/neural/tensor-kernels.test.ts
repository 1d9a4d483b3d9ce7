import { beforeAll, describe, expect, it } from 'vitest';
import { plainKernels } from '../../../src/core/learner/neural/kernels';
import { tensorKernels } from '../../../src/core/learner/neural/kernels/tensor';
import { Random } from '../../../src/core/random';
import { chooseTensorBackend } from '../../../src/jobs/tensor-backend';
import { blueprintWith, computed } from './reference';
import { wasmFolder } from './support';

describe('kernels whose products are TensorFlow.js’s', () => {
  beforeAll(async () => {
    // The folder has no kernels of our own: the tensor library's own backend is made ready.
    await chooseTensorBackend({ backend: 'wasm', wasmFolder });
  });

  it.each([
    { hidden: [5, 9], activation: 'relu' },
    { hidden: [17], tower: [4], activation: 'tanh' },
    { architecture: 'mmoe', hidden: [9], activation: 'tanh' },
    { architecture: 'soft-sharing', hidden: [9], activation: 'tanh' },
  ] as const)('give the outputs and gradients of the plain ones: %o', (shape) => {
    const random = new Random(2);
    const heads = [
      { type: 'binary', offset: 0, width: 1, weight: 1 },
      { type: 'multiclass', offset: 1, width: 3, weight: 1 },
    ] as const;
    const { hidden, ...rest } = shape;
    const blueprint = blueprintWith({ heads, hidden: [...hidden], ...rest });
    const parameters = new Float32Array(blueprint.size);
    for (const { offset, rows, columns } of blueprint.parameters) {
      for (let j = 0; j < columns; j++) {
        for (let i = 0; i < rows; i++) {
          parameters[offset + (j >> 3) * rows * 8 + i * 8 + (j & 7)] = random.normal();
        }
      }
    }
    const examples = {
      count: 7,
      inputs: Float32Array.from({ length: 21 }, () => random.normal()),
      values: Float32Array.from({ length: 14 }, (_, i) =>
        i % 2 === 0 ? random.integer(2) : random.integer(3),
      ),
      shares: Float64Array.from({ length: 14 }, () => random.uniform()),
    };
    const plain = computed(blueprint, parameters, examples, [1, 1]);
    const products = { transposes: false, fewest: 0 };
    const handing = tensorKernels(plainKernels(), products);
    const tensors = computed(blueprint, parameters, examples, [1, 1], [], handing);
    tensors.outputs.flat().forEach((value, i) => {
      expect(value).toBeCloseTo(plain.outputs.flat()[i], 4);
    });
    tensors.gradient.forEach((value, i) => {
      expect(Math.abs(value - plain.gradient[i])).toBeLessThan(
        1e-4 * Math.max(1, Math.abs(plain.gradient[i])),
      );
    });
  });
});
