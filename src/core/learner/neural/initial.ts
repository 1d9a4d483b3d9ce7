import { Random, seedFrom } from '../../random';
import type { Blueprint, Parameter } from './blueprint';
import { pack, panelIndex } from './panels';
import type { Examples } from './training-data';

/**
 * Initial parameters: weights uniform in ±√(6 / fan) with fan the inputs for a relu layer (He et al. 2015) and
 * inputs + outputs for tanh (Glorot and Bengio 2010); a head is Glorot's on its own width. Biases are zero, but heads
 * start as the best constants: the log odds of a class, 0 for a standardised target. A task without any label keeps that
 * constant: its head's weights start, and stay, at zero.
 */
export function initialise(blueprint: Blueprint, training: Examples, seed: number): Float32Array {
  const random = new Random(seedFrom(seed, 'initial weights'));
  const vector = new Float32Array(blueprint.size);
  for (const parameter of blueprint.parameters) {
    const { start, columns, role, rows } = parameter;
    if (start === 'zero') continue;
    if (start === 'one') pack(parameter, new Float32Array(rows * columns).fill(1), vector);
    else if (start === 'embedding') fillEmbedding(blueprint, random, vector);
    else if (start !== 'weights') pack(parameter, start, vector);
    else if (role === 'weights') fillUniform(parameter, weightLimit(blueprint, parameter), random, vector);
  }
  fillHeads(blueprint, random, vector);
  startHeads(blueprint, training, vector);
  return vector;
}

function weightLimit({ shape }: Blueprint, { rows, columns }: Parameter): number {
  return Math.sqrt(6 / (shape.activation === 'relu' ? rows : rows + columns));
}

function fillUniform(parameter: Parameter, limit: number, random: Random, vector: Float32Array): void {
  const values = Float32Array.from(
    { length: parameter.rows * parameter.columns },
    () => limit * (2 * random.uniform() - 1),
  );
  pack(parameter, values, vector);
}

/** Every category's vector has entries of ±√(3 / width) at most: a variance of 1 over its width. */
function fillEmbedding({ embedding }: Blueprint, random: Random, vector: Float32Array): void {
  if (!embedding) return;
  const { parameter, passed, blocks } = embedding;
  for (const { from, to } of passed) vector[parameter.offset + panelIndex(parameter, from, to)] = 1;
  for (const { from, to, columns } of blocks) {
    const limit = Math.sqrt(3 / (columns.to - columns.from));
    for (let i = from; i < to; i++) {
      for (let j = columns.from; j < columns.to; j++) {
        vector[parameter.offset + panelIndex(parameter, i, j)] = limit * (2 * random.uniform() - 1);
      }
    }
  }
}

/** Weights of heads, each by its own width, side by side where a block holds several. */
function fillHeads({ outputs, steps }: Blueprint, random: Random, vector: Float32Array): void {
  const filled = new Set<Parameter>();
  for (const { heads, buffer } of outputs) {
    const step = steps.find((one) => one.kind === 'dense' && one.to === buffer);
    if (step?.kind !== 'dense' || filled.has(step.weights)) continue;
    filled.add(step.weights);
    const { weights } = step;
    for (const { offset, width } of heads) {
      const limit = Math.sqrt(6 / (weights.rows + width));
      for (let i = 0; i < weights.rows; i++) {
        for (let j = offset; j < offset + width; j++) {
          vector[weights.offset + panelIndex(weights, i, j)] = limit * (2 * random.uniform() - 1);
        }
      }
    }
  }
}

function startHeads({ outputs, steps, shape }: Blueprint, training: Examples, vector: Float32Array): void {
  const tasks = shape.heads.length;
  for (const { heads, buffer } of outputs) {
    const step = steps.find((one) => one.kind === 'dense' && one.to === buffer);
    // Heads that are pulled together start together, from zero.
    if (step?.kind !== 'dense' || !step.bias || step.offsets) continue;
    const { bias } = step;
    for (const { type, offset, width, task } of heads) {
      const shares = new Float64Array(Math.max(2, width));
      let total = 0;
      for (let i = task; i < training.shares.length; i += tasks) {
        if (training.shares[i] === 0) continue;
        total += training.shares[i];
        if (type !== 'regression') shares[training.values[i]] += training.shares[i];
      }
      if (total === 0) {
        for (let i = 0; i < step.weights.rows; i++) {
          for (let j = offset; j < offset + width; j++) {
            vector[step.weights.offset + panelIndex(step.weights, i, j)] = 0;
          }
        }
      } else if (type === 'binary') {
        vector[bias.offset + offset] = logShare(shares[1]) - logShare(shares[0]);
      } else if (type === 'multiclass') {
        for (let k = 0; k < width; k++) vector[bias.offset + offset + k] = logShare(shares[k]);
      }
    }
  }
}

/** A class that the training rows lack starts as rare, not as impossible. */
function logShare(share: number): number {
  return Math.log(Math.max(share, 1e-3));
}
