import { Random, seedFrom } from '../../random';
import type { Blueprint } from './blueprint';
import type { Head } from './heads';
import type { NeuralParameters } from './parameters';

/** What a weighting scheme may ask of the net at its present weights and batch. */
export interface TaskGradients {
  /** Gradient of the task's own loss, estimated on the batch, with respect to all parameters. */
  of(task: number): Float32Array;
}

/** How the tasks' losses make one gradient; everything it learns is in `state`, so that a checkpoint can hold it. */
export interface Weighting {
  /** Numbers that change as training goes. */
  readonly state: Float64Array;
  /** Factor of each task's loss in the gradient of this step. */
  factors(): Float64Array;
  /** The scheme's own gradient of the shared parameters, where it is not that of the factors' sum. */
  combine?(gradients: TaskGradients, step: number): Float32Array;
  /** After the gradient was taken: the batch's estimates of L_t. */
  learn?(losses: Float64Array, gradients: TaskGradients, rate: number, step: number): void;
  /** At the end of an epoch: L_t over it. */
  endEpoch?(losses: Float64Array): void;
}

export function weightingOf(
  parameters: NeuralParameters,
  heads: readonly Head[],
  blueprint: Blueprint,
  seed: number,
): Weighting {
  const weights = heads.map((head) => head.weight);
  switch (parameters.weighting) {
    case 'fixed':
      return { state: new Float64Array(0), factors: () => Float64Array.from(weights) };
    case 'uncertainty':
      return uncertainty(weights);
    case 'gradnorm':
      return gradNorm(weights, blueprint);
    case 'pcgrad':
      return pcGrad(weights, blueprint, seed);
    case 'dwa':
      return dynamicAverage(weights);
  }
}

/** One step of Adam on a few numbers. */
function adamStep(
  values: Float64Array,
  gradient: ArrayLike<number>,
  moments: Float64Array,
  rate: number,
  step: number,
) {
  const count = values.length;
  for (let t = 0; t < count; t++) {
    moments[t] += 0.1 * (gradient[t] - moments[t]);
    moments[count + t] += 0.001 * (gradient[t] ** 2 - moments[count + t]);
    const scale = Math.sqrt(moments[count + t] / (1 - 0.999 ** step)) + 1e-8;
    values[t] -= (rate * moments[t]) / (1 - 0.9 ** step) / scale;
  }
}

/** Kendall et al. 2018: Σ_t w_t (e^{−s_t} L_t + s_t / 2) with s_t learned by Adam at the net's step size. */
function uncertainty(weights: readonly number[]): Weighting {
  const tasks = weights.length;
  const state = new Float64Array(3 * tasks);
  const logVariances = state.subarray(0, tasks);
  return {
    state,
    factors: () => Float64Array.from(weights, (weight, t) => weight * Math.exp(-logVariances[t])),
    learn(losses, _gradients, rate, step) {
      const gradient = weights.map((w, t) => w * (0.5 - Math.exp(-logVariances[t]) * losses[t]));
      adamStep(logVariances, gradient, state.subarray(tasks), rate, step);
    },
  };
}

/** Strength of the pull towards one rate of training (GradNorm's α). */
const ASYMMETRY = 1.5;

/**
 * GradNorm (Chen et al. 2018), α = 1.5: factors v_t, learned by Adam at the net's step size, such that the gradients
 * v_t ∇L_t at the last shared layer have lengths in proportion to (L_t / L_t(0))^α; they sum to the number of tasks.
 */
function gradNorm(weights: readonly number[], { lastShared }: Blueprint): Weighting {
  const tasks = weights.length;
  const state = new Float64Array(4 * tasks);
  const factors = state.subarray(0, tasks).fill(1);
  const initial = state.subarray(tasks, 2 * tasks);
  return {
    state,
    factors: () => Float64Array.from(weights, (weight, t) => weight * factors[t]),
    learn(losses, gradients, rate, step) {
      if (!lastShared) return;
      if (step === 1) initial.set(losses);
      const lengths = weights.map((weight, t) => {
        const gradient = gradients.of(t);
        let sum = 0;
        for (let i = 0; i < lastShared.size; i++) sum += gradient[lastShared.offset + i] ** 2;
        return weight * Math.sqrt(sum);
      });
      const progress = weights.map((_, t) => (initial[t] > 0 ? losses[t] / initial[t] : 0));
      const meanProgress = progress.reduce((a, b) => a + b) / tasks;
      const meanLength = lengths.reduce((sum, length, t) => sum + factors[t] * length, 0) / tasks;
      const gradient = lengths.map((length, t) => {
        const target = meanLength * (meanProgress > 0 ? progress[t] / meanProgress : 1) ** ASYMMETRY;
        return Math.sign(factors[t] * length - target) * length;
      });
      adamStep(factors, gradient, state.subarray(2 * tasks), rate, step);
      let sum = 0;
      for (let t = 0; t < tasks; t++) {
        factors[t] = Math.max(factors[t], 1e-3);
        sum += factors[t];
      }
      for (let t = 0; t < tasks; t++) factors[t] *= tasks / sum;
    },
  };
}

/**
 * PCGrad (Yu et al. 2020): each task's gradient loses its part against any other's that it conflicts with, the others in
 * random order; the sum of what is left is taken. Parameters of one task alone keep their gradient.
 */
function pcGrad(weights: readonly number[], { parameters, size }: Blueprint, seed: number): Weighting {
  const shared = parameters.filter(({ task, role }) => task === undefined && role !== 'state');
  const dot = (a: Float32Array, b: Float32Array) => {
    let sum = 0;
    for (const { offset, size: length } of shared) {
      for (let i = offset; i < offset + length; i++) sum += a[i] * b[i];
    }
    return sum;
  };
  return {
    state: new Float64Array(0),
    factors: () => Float64Array.from(weights),
    combine(gradients, step) {
      const own = weights.map((weight, t) => gradients.of(t).map((value) => weight * value));
      const random = new Random(seedFrom(seed, 'conflicts', step));
      const total = new Float32Array(size);
      own.forEach((mine, t) => {
        const projected = mine.slice();
        const others = Int32Array.from(own.keys()).filter((other) => other !== t);
        random.shuffle(others);
        for (const other of others) {
          const against = dot(projected, own[other]);
          const length = dot(own[other], own[other]);
          if (against >= 0 || length === 0) continue;
          for (const { offset, size: count } of shared) {
            for (let i = offset; i < offset + count; i++) projected[i] -= (against / length) * own[other][i];
          }
        }
        for (let i = 0; i < size; i++) total[i] += projected[i];
      });
      return total;
    },
  };
}

/** Softness of dynamic weight averaging. */
const TEMPERATURE = 2;

/** Liu et al. 2019: factors T softmax(r_t / 2) with r_t the ratio of the last two epochs' L_t; 1 for two epochs. */
function dynamicAverage(weights: readonly number[]): Weighting {
  const tasks = weights.length;
  const state = new Float64Array(3 * tasks);
  const factors = state.subarray(0, tasks).fill(1);
  const [last, before] = [state.subarray(tasks, 2 * tasks), state.subarray(2 * tasks)];
  return {
    state,
    factors: () => Float64Array.from(weights, (weight, t) => weight * factors[t]),
    endEpoch(losses) {
      before.set(last);
      last.set(losses);
      if (before.every((value) => value === 0)) return;
      const powers = Float64Array.from(last, (value, t) =>
        Math.exp((before[t] > 0 ? value / before[t] : 1) / TEMPERATURE),
      );
      const sum = powers.reduce((a, b) => a + b);
      for (let t = 0; t < tasks; t++) factors[t] = (tasks * powers[t]) / sum;
    },
  };
}
