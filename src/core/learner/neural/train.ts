import { nextFrame } from '@tensorflow/tfjs-core';
import { Random, seedFrom } from '../../random';
import { accumulateLosses, type Head } from './losses';
import { initialise, type Net, penalty } from './net';
import { descend, drawMasks, startAt, type TrainingPlan } from './step';
import { forwardPass } from './tensor-pass';
import type { Examples } from './training-data';

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
  /**
   * With held-out rows: their loss no longer fell when training ended, before the epochs ran out. Without: every epoch
   * was finite (their number is then a choice, not a limit).
   */
  readonly converged: boolean;
}

/** An improvement of the held-out loss smaller than this fraction of it does not renew the patience. */
const LEAST_IMPROVEMENT = 1e-4;
/** Rows of a forward pass outside training, and steps between two looks at the event loop. */
const FORWARD_ROWS = 1024;
const STEPS_BETWEEN_PAUSES = 100;

/**
 * Minimises Σ_t w_t L_t(θ) + λ R(θ) over shuffled batches, for the given number of epochs or until the held-out rows
 * are predicted no better. The weights kept are those of the epoch with the lowest Σ_t w_t L_t on the held-out rows;
 * without any, those of the last epoch that was finite.
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
  const { net, heads, training, heldOut, parameters, seed } = plan;
  const { epochs, batch_size, patience } = parameters;
  const state = startAt(initialWeights(plan), parameters);
  const { weights } = state;
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
      descend(plan, state, rows, losses, drawMasks(net, rows.length, parameters.dropout, dropping));
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
