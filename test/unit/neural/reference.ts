import { layOut } from '../../../src/core/learner/neural/architectures';
import type { Blueprint, NetShape, Parameter } from '../../../src/core/learner/neural/blueprint';
import { Executor } from '../../../src/core/learner/neural/executor';
import type { Head } from '../../../src/core/learner/neural/heads';
import {
  type Kernels,
  paddedRows,
  plainKernels,
  wasmKernels,
} from '../../../src/core/learner/neural/kernels';
import { Losses } from '../../../src/core/learner/neural/losses';
import { panelIndex } from '../../../src/core/learner/neural/panels';
import { storeTable } from '../../../src/core/learner/neural/tables';
import type { Examples } from '../../../src/core/learner/neural/training-data';
import { Workspace } from '../../../src/core/learner/neural/workspace';
import { kernelBytes } from './support';

export const plainShape: NetShape = {
  architecture: 'shared-bottom',
  inputs: 3,
  hidden: [5, 4],
  tower: [],
  activation: 'relu',
  normalisation: 'none',
  dropout: 0,
  experts: 3,
  taskExperts: 2,
  embedding: 0,
  categories: [],
  tieHeads: false,
  heads: [],
};

/** A blueprint with heads of all types. */
export function blueprintWith(shape: Partial<NetShape>): Blueprint {
  return layOut({ ...plainShape, ...shape });
}

/**
 * Outputs, one row and one unit at a time and in double precision, by the definition of every step.
 * @param value of a parameter's row i and column j
 * @param masks row-major (rows × units)
 */
export function referenceOutputs(
  blueprint: Blueprint,
  value: (parameter: Parameter, i: number, j: number) => number,
  inputs: readonly (readonly number[])[],
  masks: readonly (readonly (readonly number[])[])[] = [],
  training = true,
): number[][] {
  const buffers: number[][][] = [inputs.map((row) => [...row])];
  const activate = { relu: (z: number) => Math.max(0, z), tanh: Math.tanh };
  for (const step of blueprint.steps) {
    switch (step.kind) {
      case 'dense': {
        const { weights, bias, offsets, rectify } = step;
        const w = (i: number, j: number) =>
          value(weights, i, j) + (offsets ? value(offsets.weights, i, j) : 0);
        const b = (j: number) => (bias ? value(bias, 0, j) : 0) + (offsets ? value(offsets.bias, 0, j) : 0);
        buffers[step.to] = buffers[step.from].map((x) =>
          Array.from({ length: weights.columns }, (_, j) => {
            const z = x.reduce((sum, one, i) => sum + one * w(i, j), b(j));
            return rectify ? Math.max(0, z) : z;
          }),
        );
        break;
      }
      case 'activation':
        buffers[step.of] = buffers[step.of].map((row) => row.map(activate[step.activation]));
        break;
      case 'dropout':
        buffers[step.to] = buffers[step.from].map((row, r) =>
          row.map((x, j) => (training ? x * masks[step.mask][r][j] : x)),
        );
        break;
      case 'norm': {
        const rows = buffers[step.from];
        const { gain, shift, mean: runningMean, variance: runningVariance } = step;
        const moments = (values: number[]) => {
          const mean = values.reduce((a, b) => a + b) / values.length;
          return [mean, values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length];
        };
        buffers[step.to] = rows.map((row) =>
          row.map((x, j) => {
            const [mean, variance] =
              step.by === 'layer'
                ? moments(row)
                : !training && runningMean && runningVariance
                  ? [value(runningMean, 0, j), value(runningVariance, 0, j)]
                  : moments(rows.map((other) => other[j]));
            return ((x - mean) / Math.sqrt(variance + 1e-5)) * value(gain, 0, j) + value(shift, 0, j);
          }),
        );
        break;
      }
      case 'mixture':
        buffers[step.to] = buffers[step.gate].map((logits, r) => {
          const powers = logits.map(Math.exp);
          const sum = powers.reduce((a, b) => a + b);
          return buffers[step.experts[0]][r].map((_, j) =>
            step.experts.reduce((total, e, i) => total + (powers[i] / sum) * buffers[e][r][j], 0),
          );
        });
        break;
      case 'stitch':
        step.to.forEach((to, t) => {
          buffers[to] = buffers[step.from[t]].map((row, r) =>
            row.map((_, j) =>
              step.from.reduce((sum, from, s) => sum + value(step.mixing, t, s) * buffers[from][r][j], 0),
            ),
          );
        });
        break;
    }
  }
  const columns = blueprint.shape.heads.reduce((sum, head) => sum + head.width, 0);
  return inputs.map((_, r) => {
    const row = new Array<number>(columns).fill(0);
    for (const { buffer, heads } of blueprint.outputs) {
      for (const { offset, width, task } of heads) {
        const to = blueprint.shape.heads[task].offset;
        for (let k = 0; k < width; k++) row[to + k] = buffers[buffer][r][offset + k];
      }
    }
    return row;
  });
}

/** Σ_i a_it ℓ_it of every task, in double precision. */
export function referenceLosses(
  heads: readonly Head[],
  outputs: readonly (readonly number[])[],
  { values, shares }: Pick<Examples, 'values' | 'shares'>,
): number[] {
  return heads.map(({ type, offset, width }, t) =>
    outputs.reduce((sum, row, i) => {
      const share = shares[i * heads.length + t];
      if (share === 0) return sum;
      const y = values[i * heads.length + t];
      const z = row.slice(offset, offset + width);
      if (type === 'regression') return sum + (share * (z[0] - y) ** 2) / 2;
      if (type === 'binary') return sum + share * (Math.log(1 + Math.exp(z[0])) - y * z[0]);
      return sum + share * (Math.log(z.reduce((a, b) => a + Math.exp(b), 0)) - z[y]);
    }, 0),
  );
}

/** What the kernels make of a batch: outputs, losses and gradient. */
export function computed(
  blueprint: Blueprint,
  parameters: Float32Array,
  examples: Examples,
  factors: readonly number[],
  masks: readonly (readonly (readonly number[])[])[] = [],
  kernels: Kernels = plainKernels(),
): { outputs: number[][]; losses: number[]; gradient: Float32Array; parameters: Float32Array } {
  const workspace = new Workspace(kernels);
  // Room for more rows than there are, so that what is beyond the batch is seen not to matter.
  const capacity = paddedRows(examples.count) + 8;
  const executor = new Executor(blueprint, workspace, capacity, true);
  const losses = new Losses(executor);
  const table = storeTable(blueprint, examples, workspace);
  const rows = workspace.allocate(examples.count);
  const parametersAt = workspace.store(parameters);
  const gradientAt = workspace.zeros(blueprint.size);
  const { numbers, integers } = kernels;
  const cell = (i: number, j: number) => (j >> 3) * capacity * 8 + i * 8 + (j & 7);
  masks.forEach((mask, m) => {
    mask.forEach((row, i) => {
      row.forEach((factor, j) => {
        numbers[executor.masks[m] / 4 + cell(i, j)] = factor;
      });
    });
  });
  for (let i = 0; i < examples.count; i++) integers[rows / 4 + i] = i;
  executor.gather(table.inputs, table.stride, rows, examples.count);
  losses.gather(table, rows, examples.count);
  const pass = executor.pass(parametersAt, gradientAt, examples.count, true);
  executor.forward(pass);
  const sums = new Float64Array(blueprint.shape.heads.length);
  losses.evaluate(factors, pass.padded, sums);
  executor.backward(pass);
  const width = blueprint.shape.heads.reduce((sum, head) => sum + head.width, 0);
  const outputs = Array.from({ length: examples.count }, () => new Array<number>(width).fill(0));
  for (const { buffer, heads } of blueprint.outputs) {
    for (const head of heads) {
      const to = blueprint.shape.heads[head.task].offset;
      for (let k = 0; k < head.width; k++) {
        outputs.forEach((row, i) => {
          row[to + k] = numbers[executor.buffers[buffer].values / 4 + cell(i, head.offset + k)];
        });
      }
    }
  }
  return {
    outputs,
    losses: [...sums],
    gradient: workspace.read(gradientAt, blueprint.size),
    parameters: workspace.read(parametersAt, blueprint.size),
  };
}

export function wasm(): Kernels {
  return wasmKernels(kernelBytes());
}

/** Reads a parameter's entry out of a flat vector. */
export function entry(vector: ArrayLike<number>) {
  return (parameter: Parameter, i: number, j: number) =>
    vector[parameter.offset + panelIndex(parameter, i, j)];
}
