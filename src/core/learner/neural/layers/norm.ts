import type { Step } from '../blueprint';
import { panelled } from '../kernels';
import { at, bufferOf, type Layer, type LayerContext } from './layer';

const EPSILON = 1e-5;
/** Share of a batch's moments in the running ones. */
const MOMENTUM = 0.1;

type NormStep = Extract<Step, { kind: 'norm' }>;

/**
 * y = γ (x − μ) / √(σ² + 1e-5) + β. Layer normalisation (Ba et al. 2016) takes μ and σ² of each row; batch
 * normalisation (Ioffe and Szegedy 2015) of each column: of the batch in training, and running means of them when
 * predicting (σ² there by n − 1, as PyTorch keeps it).
 */
export function normLayer(step: NormStep, context: LayerContext): Layer {
  return step.mean && step.variance
    ? batchNorm({ ...step, mean: step.mean, variance: step.variance }, context)
    : layerNorm(step, context);
}

function layerNorm(step: NormStep, context: LayerContext): Layer {
  const { kernels, workspace } = context;
  const { run } = kernels;
  const from = bufferOf(context, step.from);
  const to = bufferOf(context, step.to);
  const { width, capacity } = from;
  const { gain, shift } = step;
  const standardised = workspace.zeros(from.size);
  const inverse = workspace.zeros(capacity);

  return {
    forward({ parameters, padded }) {
      const [gains, shifts] = [at(parameters, gain), at(parameters, shift)];
      run.normRows(from.values, gains, shifts, standardised, to.values, inverse, width, capacity, padded);
    },

    backward({ parameters, gradient, padded }) {
      run.columnProducts(to.slopes, standardised, at(gradient, gain), width, capacity, padded);
      run.denseBias(0, to.slopes, at(gradient, shift), width, capacity, padded, 0);
      const gains = at(parameters, gain);
      run.normRowsGradient(to.slopes, standardised, gains, inverse, from.slopes, width, capacity, padded);
      from.reached = true;
    },
  };
}

function batchNorm(
  { gain, shift, mean, variance, ...step }: NormStep & Required<Pick<NormStep, 'mean' | 'variance'>>,
  context: LayerContext,
): Layer {
  const { kernels, workspace } = context;
  const { run } = kernels;
  const from = bufferOf(context, step.from);
  const to = bufferOf(context, step.to);
  const { width, capacity } = from;
  const standardised = workspace.zeros(from.size);
  const [centres, inverses, factors, means, products] = Array.from({ length: 5 }, () =>
    workspace.zeros(panelled(width)),
  );

  /** Moments of the batch's own rows, which the running ones follow. */
  const ofBatch = (parameters: number, rows: number) => {
    const f = kernels.numbers;
    run.denseBias(0, from.values, centres, width, capacity, rows, 0);
    for (let j = 0; j < width; j++) f[centres / 4 + j] /= rows;
    run.columnDeviations(from.values, centres, inverses, width, capacity, rows);
    for (let j = 0; j < width; j++) {
      const square = f[inverses / 4 + j] / rows;
      const [meanAt, varianceAt] = [at(parameters, mean) / 4 + j, at(parameters, variance) / 4 + j];
      f[meanAt] += MOMENTUM * (f[centres / 4 + j] - f[meanAt]);
      f[varianceAt] += MOMENTUM * ((square * rows) / (rows - 1) - f[varianceAt]);
      f[inverses / 4 + j] = 1 / Math.sqrt(square + EPSILON);
    }
  };

  const running = (parameters: number) => {
    const f = kernels.numbers;
    for (let j = 0; j < width; j++) {
      f[centres / 4 + j] = f[at(parameters, mean) / 4 + j];
      f[inverses / 4 + j] = 1 / Math.sqrt(f[at(parameters, variance) / 4 + j] + EPSILON);
    }
  };

  return {
    forward({ parameters, rows, padded, training }) {
      if (training && rows > 1) ofBatch(parameters, rows);
      else running(parameters);
      const [gains, shifts] = [at(parameters, gain), at(parameters, shift)];
      const { values } = from;
      run.normColumns(
        values,
        centres,
        inverses,
        gains,
        shifts,
        standardised,
        to.values,
        width,
        capacity,
        padded,
      );
    },

    backward({ parameters, gradient, rows, padded }) {
      const f = kernels.numbers;
      run.columnProducts(to.slopes, standardised, at(gradient, gain), width, capacity, rows);
      run.denseBias(0, to.slopes, at(gradient, shift), width, capacity, rows, 0);
      // One row alone was standardised by the running moments, which do not depend on it.
      const count = rows > 1 ? rows : Number.POSITIVE_INFINITY;
      for (let j = 0; j < width; j++) {
        f[means / 4 + j] = f[at(gradient, shift) / 4 + j] / count;
        f[products / 4 + j] = f[at(gradient, gain) / 4 + j] / count;
        f[factors / 4 + j] = f[at(parameters, gain) / 4 + j] * f[inverses / 4 + j];
      }
      const { slopes } = from;
      run.normColumnsGradient(
        to.slopes,
        standardised,
        factors,
        means,
        products,
        slopes,
        width,
        capacity,
        rows,
      );
      // Rows that pad the batch count nowhere.
      for (let panel = 0; panel < from.size; panel += capacity * 8) {
        f.fill(0, slopes / 4 + panel + rows * 8, slopes / 4 + panel + padded * 8);
      }
      from.reached = true;
    },
  };
}
