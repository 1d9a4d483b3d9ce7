import type { Step } from '../blueprint';
import { bufferOf, type Layer, type LayerContext } from './layer';

const EPSILON = 1e-5;
/** Share of a batch's moments in the running ones. */
const MOMENTUM = 0.1;

/**
 * y = γ (x − μ) / √(σ² + 1e-5) + β. Layer normalisation (Ba et al. 2016) takes μ and σ² of each row; batch
 * normalisation (Ioffe and Szegedy 2015) of each column: of the batch in training, and running means of them when
 * predicting (σ² there by n − 1, as PyTorch keeps it).
 */
export function normLayer(step: Extract<Step, { kind: 'norm' }>, context: LayerContext): Layer {
  const { kernels, workspace } = context;
  const from = bufferOf(context, step.from);
  const to = bufferOf(context, step.to);
  const { width, capacity } = from;
  const standardised = workspace.zeros(from.size);
  const groups = step.by === 'layer' ? capacity : width;
  const deviations = new Float64Array(groups);
  const cell = (row: number, j: number) => (j >> 3) * capacity * 8 + row * 8 + (j & 7);

  /** Mean and population variance of group g: a row, or a column over the batch's own rows. */
  const moments = (f: Float32Array<ArrayBufferLike>, g: number, rows: number): [number, number] => {
    const count = step.by === 'layer' ? width : rows;
    let mean = 0;
    for (let i = 0; i < count; i++) mean += f[from.values / 4 + place(g, i)];
    mean /= count;
    let variance = 0;
    for (let i = 0; i < count; i++) variance += (f[from.values / 4 + place(g, i)] - mean) ** 2;
    return [mean, variance / count];
  };
  const place = (g: number, i: number) => (step.by === 'layer' ? cell(g, i) : cell(i, g));

  return {
    forward({ parameters, rows, training }) {
      const f = kernels.numbers;
      const { gain, shift, mean: runningMean, variance: runningVariance } = step;
      for (let g = 0; g < (step.by === 'layer' ? rows : width); g++) {
        let [mean, variance] = [0, 0];
        if (runningMean && runningVariance) {
          const meanAt = parameters / 4 + runningMean.offset + g;
          const varianceAt = parameters / 4 + runningVariance.offset + g;
          if (training && rows > 1) {
            [mean, variance] = moments(f, g, rows);
            f[meanAt] += MOMENTUM * (mean - f[meanAt]);
            f[varianceAt] += MOMENTUM * ((variance * rows) / (rows - 1) - f[varianceAt]);
          } else {
            [mean, variance] = [f[meanAt], f[varianceAt]];
          }
        } else {
          [mean, variance] = moments(f, g, rows);
        }
        deviations[g] = Math.sqrt(variance + EPSILON);
        for (let i = 0; i < (step.by === 'layer' ? width : rows); i++) {
          const index = place(g, i);
          const j = step.by === 'layer' ? i : g;
          const value = (f[from.values / 4 + index] - mean) / deviations[g];
          f[standardised / 4 + index] = value;
          f[to.values / 4 + index] =
            f[parameters / 4 + gain.offset + j] * value + f[parameters / 4 + shift.offset + j];
        }
      }
      // Rows that pad the batch count nowhere: not in what a later product sums.
      const padded = (rows + 3) & ~3;
      for (let row = rows; row < padded; row++) {
        for (let j = 0; j < width; j++) f[to.values / 4 + cell(row, j)] = 0;
      }
    },

    backward({ parameters, gradient, rows }) {
      const f = kernels.numbers;
      const { gain, shift } = step;
      for (let j = 0; j < width; j++) {
        let [gains, shifts] = [0, 0];
        for (let row = 0; row < rows; row++) {
          const slope = f[to.slopes / 4 + cell(row, j)];
          gains += slope * f[standardised / 4 + cell(row, j)];
          shifts += slope;
        }
        f[gradient / 4 + gain.offset + j] = gains;
        f[gradient / 4 + shift.offset + j] = shifts;
      }
      // With d = γ dy: dx = (d − mean d − x̂ · mean(d x̂)) / σ; σ and μ do not depend on x where they are running ones.
      const constant = step.by === 'batch' && rows <= 1;
      const count = step.by === 'layer' ? width : rows;
      const slopeAt = (g: number, i: number) => {
        const j = step.by === 'layer' ? i : g;
        return f[parameters / 4 + gain.offset + j] * f[to.slopes / 4 + place(g, i)];
      };
      f.fill(0, from.slopes / 4, from.slopes / 4 + from.size);
      for (let g = 0; g < (step.by === 'layer' ? rows : width); g++) {
        let [mean, product] = [0, 0];
        for (let i = 0; i < count; i++) {
          mean += slopeAt(g, i);
          product += slopeAt(g, i) * f[standardised / 4 + place(g, i)];
        }
        const [a, b] = constant ? [0, 0] : [mean / count, product / count];
        for (let i = 0; i < count; i++) {
          const value = slopeAt(g, i) - a - f[standardised / 4 + place(g, i)] * b;
          f[from.slopes / 4 + place(g, i)] = value / deviations[g];
        }
      }
      from.reached = true;
    },
  };
}
