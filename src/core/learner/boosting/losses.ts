import type { TaskType } from '../../dataset/problem';

/** One task's labels and scores; "position" i is the i-th row of the training set. */
export interface TaskTarget {
  readonly type: TaskType;
  /** w_t */
  readonly taskWeight: number;
  /** Class code, or standardised target; NaN where unlabelled. */
  readonly labels: Float64Array;
  /** Per position, > 0; absent: all 1. */
  readonly weights?: Float64Array;
  /** Per output (one, or one a class): what the model predicts so far, a standardised target, log odds, or log of a class. */
  readonly scores: readonly Float32Array[];
  /** Binary: 1 / (1 + e^−score). */
  readonly probabilities: Float32Array;
}

/** Derivatives of one output, indexed by position, 0 where unlabelled, with sums over the training positions. */
export interface Derivatives {
  /** g_i = w_t s_i ∂ℓ/∂f */
  readonly gradient: Float32Array;
  /** h_i = w_t s_i times a bound of ∂²ℓ/∂f² */
  readonly hessian: Float32Array;
  /** Σ |g_i| */
  magnitude: number;
  /** Σ g_i² / (w_t s_i) */
  squares: number;
  /** Σ h_i */
  curvature: number;
  /** Σ w_t s_i */
  weight: number;
}

/** XGBoost's least second derivative of a logistic loss. */
const LEAST_HESSIAN = 1e-16;
/** A product of probabilities is taken the logarithm of before it gets smaller; a single one counts as no smaller. */
const LEAST_PRODUCT = 1e-270;
const LEAST_PROBABILITY = 1e-30;

/**
 * Σ_i s_i ℓ / Σ_i s_i over the labelled ones of `positions`, NaN when there are none; fills `derivatives` there.
 *
 * - regression: ℓ = ½ (f − y)², hessian 1;
 * - binary: ℓ = −log p_y with p = σ(f), hessian p (1 − p);
 * - multiclass: ℓ = −log p_y with p = softmax(f), hessian 2 p_k (1 − p_k). That bounds the true one, which is not diagonal,
 *   so that all classes can step at once (Böhning, 1992; as XGBoost does).
 */
export function differentiate(
  target: TaskTarget,
  positions: Int32Array,
  derivatives?: readonly Derivatives[],
): number {
  if (target.type === 'regression') return squared(target, positions, derivatives?.[0]);
  return target.type === 'binary'
    ? logistic(target, positions, derivatives?.[0])
    : softmax(target, positions, derivatives);
}

function squared(target: TaskTarget, positions: Int32Array, derivatives: Derivatives | undefined): number {
  const { labels, weights, taskWeight } = target;
  const [scores] = target.scores;
  const gradient = derivatives?.gradient;
  const hessian = derivatives?.hessian;
  let loss = 0;
  let total = 0;
  let magnitude = 0;
  for (let j = 0; j < positions.length; j++) {
    const i = positions[j];
    const label = labels[i];
    if (Number.isNaN(label)) continue;
    const weight = weights === undefined ? 1 : weights[i];
    const error = scores[i] - label;
    loss += weight * error * error;
    total += weight;
    if (gradient === undefined || hessian === undefined) continue;
    gradient[i] = taskWeight * weight * error;
    hessian[i] = taskWeight * weight;
    magnitude += weight * Math.abs(error);
  }
  if (derivatives !== undefined) {
    derivatives.magnitude = taskWeight * magnitude;
    derivatives.squares = taskWeight * loss;
    derivatives.curvature = taskWeight * total;
    derivatives.weight = taskWeight * total;
  }
  return loss / 2 / total;
}

function logistic(target: TaskTarget, positions: Int32Array, derivatives: Derivatives | undefined): number {
  const { labels, weights, taskWeight } = target;
  const { probabilities } = target;
  const gradient = derivatives?.gradient;
  const hessian = derivatives?.hessian;
  const logs = new LogSum();
  let total = 0;
  let magnitude = 0;
  let squares = 0;
  let curvature = 0;
  for (let j = 0; j < positions.length; j++) {
    const i = positions[j];
    const label = labels[i];
    if (Number.isNaN(label)) continue;
    const weight = weights === undefined ? 1 : weights[i];
    const p = probabilities[i];
    logs.add(label === 1 ? p : 1 - p, weight);
    total += weight;
    if (gradient === undefined || hessian === undefined) continue;
    const error = p - label;
    const bend = Math.max(p * (1 - p), LEAST_HESSIAN);
    gradient[i] = taskWeight * weight * error;
    hessian[i] = taskWeight * weight * bend;
    magnitude += weight * Math.abs(error);
    squares += weight * error * error;
    curvature += weight * bend;
  }
  if (derivatives !== undefined) {
    derivatives.magnitude = taskWeight * magnitude;
    derivatives.squares = taskWeight * squares;
    derivatives.curvature = taskWeight * curvature;
    derivatives.weight = taskWeight * total;
  }
  return -logs.sum() / total;
}

function softmax(
  target: TaskTarget,
  positions: Int32Array,
  derivatives: readonly Derivatives[] | undefined,
): number {
  const { labels, weights, taskWeight, scores } = target;
  const classes = scores.length;
  const p = new Float64Array(classes);
  const logs = new LogSum();
  let total = 0;
  for (const output of derivatives ?? []) {
    output.magnitude = 0;
    output.squares = 0;
    output.curvature = 0;
  }
  for (let j = 0; j < positions.length; j++) {
    const i = positions[j];
    const label = labels[i];
    if (Number.isNaN(label)) continue;
    const weight = weights === undefined ? 1 : weights[i];
    let highest = -Infinity;
    for (let k = 0; k < classes; k++) highest = Math.max(highest, scores[k][i]);
    let sum = 0;
    for (let k = 0; k < classes; k++) {
      p[k] = Math.exp(scores[k][i] - highest);
      sum += p[k];
    }
    logs.add(p[label] / sum, weight);
    total += weight;
    if (derivatives === undefined) continue;
    for (let k = 0; k < classes; k++) {
      const share = p[k] / sum;
      const error = k === label ? share - 1 : share;
      const bend = Math.max(2 * share * (1 - share), LEAST_HESSIAN);
      const output = derivatives[k];
      output.gradient[i] = taskWeight * weight * error;
      output.hessian[i] = taskWeight * weight * bend;
      output.magnitude += taskWeight * weight * Math.abs(error);
      output.squares += taskWeight * weight * error * error;
      output.curvature += taskWeight * weight * bend;
    }
  }
  for (const output of derivatives ?? []) output.weight = taskWeight * total;
  return -logs.sum() / total;
}

/** Σ w log p with a logarithm for many p at once, where the weights are 1. */
class LogSum {
  private logs = 0;
  private product = 1;

  add(p: number, weight: number): void {
    const least = Math.max(p, LEAST_PROBABILITY);
    if (weight !== 1) {
      this.logs += weight * Math.log(least);
      return;
    }
    this.product *= least;
    if (this.product < LEAST_PRODUCT) {
      this.logs += Math.log(this.product);
      this.product = 1;
    }
  }

  sum(): number {
    return this.logs + Math.log(this.product);
  }
}

/**
 * The constant that fits the labels best, an output each: the mean, the log odds, the logs of the classes' shares.
 * A class that no label has gets the share of a tenth of a label.
 */
export function bestConstant(
  type: TaskType,
  classes: number,
  labels: Float64Array,
  weights: Float64Array | undefined,
  positions: Int32Array,
): readonly number[] {
  const sums = new Float64Array(type === 'regression' ? 1 : classes);
  let total = 0;
  let labelled = 0;
  for (const i of positions) {
    if (Number.isNaN(labels[i])) continue;
    const weight = weights?.[i] ?? 1;
    if (type === 'regression') sums[0] += weight * labels[i];
    else sums[labels[i]] += weight;
    total += weight;
    labelled++;
  }
  if (type === 'regression') return [total > 0 ? sums[0] / total : 0];
  const least = 0.1 / Math.max(1, labelled);
  const logs = Array.from(sums, (sum) => Math.log(total > 0 ? Math.max(sum / total, least) : 1 / classes));
  return type === 'binary' ? [logs[1] - logs[0]] : logs;
}
