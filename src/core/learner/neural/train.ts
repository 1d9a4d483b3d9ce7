import { nextFrame } from '@tensorflow/tfjs-core';
import { Random, seedFrom } from '../../random';
import { accumulateLosses, type Head } from './losses';
import { addPenaltyGradient, initialise, type Net, penalty } from './net';
import { createOptimizer } from './optimizers';
import type { NeuralParameters } from './parameters';
import { backwardPass, type DropoutMasks, forwardPass } from './tensor-pass';
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

export interface EpochReport {
  /** From 1. */
  readonly epoch: number;
  /** L_t over the training rows, each row as the net met it during the epoch. */
  readonly taskLosses: readonly number[];
  /** L_t over the held-out rows at the end of the epoch; NaN for a task without a label there. */
  readonly validationLosses?: readonly number[];
  /** R at the end of the epoch. */
  readonly penalty: number;
  readonly objective: number;
}

export interface TrainedNet {
  readonly weights: Float32Array;
  /** The epoch at whose end the net had these weights. */
  readonly epoch: number;
  /** Early stopping: the held-out loss no longer fell when training ended. Without it: all epochs stayed finite. */
  readonly converged: boolean;
}

/** An improvement of the held-out loss smaller than this fraction of it does not renew the patience. */
const LEAST_IMPROVEMENT = 1e-4;
/** Rows of a forward pass outside training, and steps between two looks at the event loop. */
const FORWARD_ROWS = 1024;
const STEPS_BETWEEN_PAUSES = 100;

/**
 * Minimises Σ_t w_t L_t(θ) + λ R(θ) by stochastic gradients over shuffled batches. With n training rows, a batch B
 * takes the step of (n / |B|) Σ_t w_t Σ_{i∈B} a_it ∇ℓ_it + λ ∇R, where a_it is row i's share of L_t over all rows:
 * its expectation is the gradient of the objective itself, however unevenly the labels fall into the batches (a mean
 * over the labelled rows of each batch would weigh them anew in every batch). λ ∇R goes through the optimizer like the
 * losses' gradient, so that the objective, and not a decoupled decay, is what is minimised.
 *
 * Everything random comes from streams of `seed` that neither λ nor another training can move.
 *
 * @throws the signal's reason once it is aborted
 */
export async function trainNet(
  plan: TrainingPlan,
  signal: AbortSignal,
  report: (epoch: EpochReport) => void,
): Promise<TrainedNet> {
  const { net, heads, training, heldOut, lambda, parameters, seed } = plan;
  const { epochs, batch_size, patience } = parameters;
  const weights = initialWeights(plan);
  const optimizer = createOptimizer(parameters, net.size);
  const gradient = new Float32Array(net.size);
  const shuffling = new Random(seedFrom(seed, 'shuffle'));
  const dropping = new Random(seedFrom(seed, 'dropout'));
  const order = Int32Array.from({ length: training.count }, (_, i) => i);

  let kept = { weights: weights.slice(), epoch: 0 };
  if (training.count === 0) return { ...kept, converged: false };
  let lowest = Infinity;
  let renewedAt = 0;
  let steps = 0;
  for (let epoch = 1; epoch <= epochs; epoch++) {
    shuffling.shuffle(order);
    const losses = new Float64Array(heads.length);
    for (let start = 0; start < order.length; start += batch_size) {
      const rows = order.subarray(start, start + batch_size);
      const scale = training.count / rows.length;
      const lossGradient = (outputs: Float32Array) => {
        const filled = new Float32Array(outputs.length);
        accumulateLosses(heads, training, outputs, rows, rows.length, losses, scale, filled);
        return filled;
      };
      const masks = drawMasks(net, rows.length, parameters.dropout, dropping);
      const inputs = gatherRows(training.inputs, net.shape.inputs, rows);
      backwardPass(net, weights, inputs, rows.length, lossGradient, gradient, masks);
      addPenaltyGradient(net, lambda, weights, gradient);
      optimizer.step(weights, gradient);
      if (++steps % STEPS_BETWEEN_PAUSES === 0) await pause(signal);
    }

    const measured = measure(plan, weights, losses);
    if (!Number.isFinite(measured.objective)) return { ...kept, converged: false };
    report({ epoch, ...measured });
    if (heldOut === undefined) {
      kept.weights.set(weights);
      kept.epoch = epoch;
    } else {
      const loss = weightedSum(heads, measured.validationLosses ?? []);
      if (loss < lowest * (1 - LEAST_IMPROVEMENT)) renewedAt = epoch;
      if (loss < lowest) {
        lowest = loss;
        kept = { weights: weights.slice(), epoch };
      }
      if (epoch - renewedAt >= patience) return { ...kept, converged: true };
    }
    await pause(signal);
  }
  return { ...kept, converged: heldOut === undefined };
}

/** Lets the process hear a message (an abort, say) between two steps. */
async function pause(signal: AbortSignal): Promise<void> {
  await nextFrame();
  signal.throwIfAborted();
}

/**
 * Heads start as the best constants: the log odds of a class, 0 for a standardised target. A task without any label
 * keeps that constant: its head's weights start, and stay, at zero.
 */
function initialWeights({ net, heads, training, seed }: TrainingPlan): Float32Array {
  const widths = heads.map((head) => head.width);
  const weights = initialise(net, widths, new Random(seedFrom(seed, 'initial weights')));
  const last = net.layers[net.layers.length - 1];
  heads.forEach(({ type, offset, width }, t) => {
    const classShares = new Float64Array(Math.max(2, width));
    let total = 0;
    for (let i = t; i < training.shares.length; i += heads.length) {
      if (training.shares[i] === 0) continue;
      total += training.shares[i];
      if (type !== 'regression') classShares[training.values[i]] += training.shares[i];
    }
    if (total === 0) {
      for (let i = 0; i < last.inputs; i++) {
        const row = last.weights + i * last.outputs + offset;
        weights.fill(0, row, row + width);
      }
    } else if (type === 'binary') {
      weights[last.bias + offset] = logShare(classShares[1]) - logShare(classShares[0]);
    } else if (type === 'multiclass') {
      for (let k = 0; k < width; k++) weights[last.bias + offset + k] = logShare(classShares[k]);
    }
  });
  return weights;
}

/** A class that the training rows lack starts as rare, not as impossible. */
function logShare(share: number): number {
  return Math.log(Math.max(share, 1e-3));
}

/** Dropout, inverted: kept units are scaled up, so that nothing changes when predicting. */
function drawMasks(net: Net, rows: number, dropout: number, random: Random): DropoutMasks | undefined {
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

function measure(
  plan: TrainingPlan,
  weights: Float32Array,
  losses: Float64Array,
): Omit<EpochReport, 'epoch'> {
  const { net, heads, heldOut, lambda } = plan;
  const taskLosses = Array.from(losses);
  const R = penalty(net, weights);
  const objective = weightedSum(heads, taskLosses) + lambda * R;
  if (heldOut === undefined) return { objective, taskLosses, penalty: R };
  return { objective, taskLosses, penalty: R, validationLosses: evaluate(net, heads, weights, heldOut) };
}

/** L_t of every task over the examples; NaN for a task without a label among them. */
function evaluate(
  net: Net,
  heads: readonly Head[],
  weights: Float32Array,
  examples: Examples,
): readonly number[] {
  const losses = new Float64Array(heads.length);
  const width = net.shape.inputs;
  for (let start = 0; start < examples.count; start += FORWARD_ROWS) {
    const end = Math.min(start + FORWARD_ROWS, examples.count);
    const rows = Int32Array.from({ length: end - start }, (_, i) => start + i);
    const inputs = examples.inputs.subarray(start * width, end * width);
    const outputs = forwardPass(net, weights, inputs, rows.length);
    accumulateLosses(heads, examples, outputs, rows, rows.length, losses, 1);
  }
  return Array.from(losses, (loss, t) => (hasLabels(examples, heads.length, t) ? loss : Number.NaN));
}

function hasLabels({ shares }: Examples, tasks: number, t: number): boolean {
  for (let i = t; i < shares.length; i += tasks) if (shares[i] > 0) return true;
  return false;
}

/** Σ_t w_t L_t over the tasks that have a loss. */
function weightedSum(heads: readonly Head[], losses: readonly number[]): number {
  return losses.reduce((sum, loss, t) => (Number.isNaN(loss) ? sum : sum + heads[t].weight * loss), 0);
}
