import {
  type Dataset,
  type Encoder,
  fitEncoder,
  fitTargetScaler,
  lossWeights,
  type Problem,
  splitInner,
  type TargetScaler,
  taskWidth,
} from '../../dataset';
import { seedFrom } from '../../random';
import type { Head, Targets } from './heads';
import type { NeuralParameters } from './parameters';

/** Rows made ready for the net. */
export interface Examples extends Targets {
  readonly count: number;
  /** Encoded features, row-major (count × inputs). */
  readonly inputs: Float32Array;
}

export interface TrainingData {
  readonly encoder: Encoder;
  readonly scaler: TargetScaler;
  readonly training: Examples;
  /** Held out of the training rows for early stopping; absent without it. */
  readonly heldOut?: Examples;
}

/** Rows encoded at a time: what they are in double precision is held of these alone. */
const BLOCK = 16_384;

/** Fewer rows than this say nothing of when to stop: early stopping then trains all epochs on all rows. */
const FEWEST_HELD_OUT = 10;

/**
 * Encoder and target scaler are fitted on all rows of the problem; early stopping takes its rows, stratified over all
 * tasks (whole groups, the latest: `splitInner`), out of those that have a label. Rows without any label (or of sample weight 0) have no loss and are left out.
 */
export function prepareTraining(
  problem: Problem,
  { early_stopping, validation_fraction }: NeuralParameters,
  seed: number,
): TrainingData {
  const encoder = fitEncoder(problem);
  const scaler = fitTargetScaler(problem);
  const labelled = problem.rows.filter(
    (row) =>
      (problem.sampleWeight?.[row] ?? 1) > 0 && problem.labels.some((labels) => !Number.isNaN(labels[row])),
  );
  const examples = (rows: Int32Array) => gatherExamples(problem, encoder, scaler, rows);
  if (!early_stopping || Math.floor(labelled.length * validation_fraction) < FEWEST_HELD_OUT) {
    return { encoder, scaler, training: examples(labelled) };
  }
  const { trainRows, testRows } = splitInner({
    rows: labelled,
    tasks: problem.tasks,
    labels: problem.labels,
    ...(problem.rowGroup && { rowGroup: problem.rowGroup }),
    ...(problem.rowTime && { rowTime: problem.rowTime }),
    fraction: validation_fraction,
    seed: seedFrom(seed, 'early stopping'),
  });
  return { encoder, scaler, training: examples(trainRows), heldOut: examples(testRows) };
}

/** Encoded features as the net reads them; a table whose features are all constant is one column of zeros. */
export function encodeInputs(encoder: Encoder, dataset: Dataset, rows: Int32Array): Float32Array {
  const { width } = encoder;
  const inputs = new Float32Array(rows.length * inputWidth(encoder));
  for (let start = 0; width > 0 && start < rows.length; start += BLOCK) {
    inputs.set(encoder.encode(dataset, rows.subarray(start, start + BLOCK)), start * width);
  }
  return inputs;
}

export function inputWidth(encoder: Encoder): number {
  return Math.max(1, encoder.width);
}

/** The tasks' heads, side by side in the order of the tasks. */
export function headsOf(tasks: Problem['tasks']): readonly Head[] {
  let offset = 0;
  return tasks.map((task) => {
    const head = { type: task.type, offset, width: taskWidth(task), weight: task.weight };
    offset += head.width;
    return head;
  });
}

function gatherExamples(
  problem: Problem,
  encoder: Encoder,
  scaler: TargetScaler,
  rows: Int32Array,
): Examples {
  const tasks = problem.tasks.length;
  const values = new Float32Array(rows.length * tasks);
  const shares = new Float64Array(rows.length * tasks);
  problem.labels.forEach((labels, t) => {
    const weights = lossWeights(problem, t);
    let total = 0;
    rows.forEach((row, i) => {
      if (Number.isNaN(labels[row])) return;
      const weight = weights?.[row] ?? 1;
      values[i * tasks + t] = (labels[row] - scaler.mean[t]) / scaler.scale[t];
      shares[i * tasks + t] = weight;
      total += weight;
    });
    if (total > 0) for (let i = t; i < shares.length; i += tasks) shares[i] /= total;
  });
  return { count: rows.length, inputs: encodeInputs(encoder, problem.dataset, rows), values, shares };
}
