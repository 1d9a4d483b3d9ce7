import type { Random } from '../../random';
import { accumulateLosses, type Head } from './losses';
import { addPenaltyGradient, type Net } from './net';
import { createOptimizer, type Optimizer } from './optimizers';
import type { NeuralParameters } from './parameters';
import { backwardPass, type DropoutMasks } from './tensor-pass';
import type { Examples } from './training-data';

/** One net to train: everything its numbers depend on. */
export interface TrainingPlan {
  readonly net: Net;
  readonly heads: readonly Head[];
  readonly training: Examples;
  readonly heldOut?: Examples;
  readonly lambda: number;
  readonly parameters: NeuralParameters;
  readonly seed: number;
}

/** What a training changes as it goes. */
export interface TrainingState {
  readonly weights: Float32Array;
  readonly gradient: Float32Array;
  readonly optimizer: Optimizer;
}

export function startAt(weights: Float32Array, parameters: NeuralParameters): TrainingState {
  return {
    weights,
    gradient: new Float32Array(weights.length),
    optimizer: createOptimizer(parameters, weights.length),
  };
}

/**
 * One step on the batch B of `rows`, along the gradient of
 *
 *     (n / |B|) Σ_t w_t Σ_{i∈B} a_it ℓ_it + λ R
 *
 * with n training rows and a_it the share of row i in L_t over all of them. Its expectation over batches is the
 * gradient of the objective itself, however unevenly the labels fall into the batches; a mean over the labelled rows
 * of each batch would weigh every label anew by who else is in its batch. λ ∇R goes through the optimizer like the
 * losses' gradient: the objective, and not a decoupled decay, is what is minimised.
 *
 * @param losses one a task; the batch's Σ_i a_it ℓ_it are added, so that an epoch adds up to L_t
 */
export function descend(
  { net, heads, training, lambda }: TrainingPlan,
  { weights, gradient, optimizer }: TrainingState,
  rows: Int32Array,
  losses: Float64Array,
  masks?: DropoutMasks,
): void {
  const scale = training.count / rows.length;
  const lossGradient = (outputs: Float32Array) => {
    const filled = new Float32Array(outputs.length);
    accumulateLosses(heads, training, outputs, rows, rows.length, losses, scale, filled);
    return filled;
  };
  const inputs = gatherRows(training.inputs, net.shape.inputs, rows);
  backwardPass(net, weights, inputs, rows.length, lossGradient, gradient, masks);
  addPenaltyGradient(net, lambda, weights, gradient);
  optimizer.step(weights, gradient);
}

/** Dropout, inverted: kept units are scaled up, so that nothing changes when predicting. */
export function drawMasks(net: Net, rows: number, dropout: number, random: Random): DropoutMasks | undefined {
  if (dropout === 0) return undefined;
  const kept = 1 / (1 - dropout);
  return net.shape.hidden.map((width) =>
    Float32Array.from({ length: rows * width }, () => (random.uniform() < dropout ? 0 : kept)),
  );
}

function gatherRows(inputs: Float32Array, width: number, rows: Int32Array): Float32Array {
  const batch = new Float32Array(rows.length * width);
  for (let i = 0; i < rows.length; i++) {
    const from = rows[i] * width;
    const to = i * width;
    for (let j = 0; j < width; j++) batch[to + j] = inputs[from + j];
  }
  return batch;
}
