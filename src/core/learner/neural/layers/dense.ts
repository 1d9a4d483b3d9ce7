import type { Step } from '../blueprint';
import { at, bufferOf, deliver, type Layer, type LayerContext, slopesTarget } from './layer';

/** Y = X W + b, rectified where the step says so; with offsets, (W + ΔW) and (b + Δb). */
export function denseLayer(step: Extract<Step, { kind: 'dense' }>, context: LayerContext): Layer {
  const { kernels, scratch, workspace } = context;
  const { run } = kernels;
  const from = bufferOf(context, step.from);
  const to = bufferOf(context, step.to);
  const { weights, bias, offsets, rectify } = step;
  const { rows: k, columns: n } = weights;
  // A softly shared layer's sum is its own: the backward pass needs it again.
  const sums = offsets && {
    weights: workspace.allocate(weights.size),
    bias: workspace.allocate(offsets.bias.size),
  };

  const weightsAt = (parameters: number) => (sums ? sums.weights : at(parameters, weights));
  const biasAt = (parameters: number) => (sums ? sums.bias : bias ? at(parameters, bias) : scratch.zeros);

  return {
    forward({ parameters, padded }) {
      if (sums && offsets && bias) {
        const { numbers } = kernels;
        numbers.copyWithin(
          sums.weights / 4,
          parameters / 4 + weights.offset,
          parameters / 4 + weights.offset + weights.size,
        );
        numbers.copyWithin(
          sums.bias / 4,
          parameters / 4 + bias.offset,
          parameters / 4 + bias.offset + bias.size,
        );
        run.add(at(parameters, offsets.weights), sums.weights, weights.size);
        run.add(at(parameters, offsets.bias), sums.bias, bias.size);
      }
      const [w, b] = [weightsAt(parameters), biasAt(parameters)];
      run.dense(from.values, k, w, b, to.values, n, from.capacity, 0, padded, rectify ? 1 : 0);
    },

    backward({ parameters, gradient, padded }) {
      const own = offsets ?? { weights, bias };
      if (own.bias) {
        const shifts = at(gradient, own.bias);
        run.denseBias(to.values, to.slopes, shifts, n, from.capacity, padded, rectify ? 1 : 0);
      }
      run.denseWeights(from.values, k, to.slopes, at(gradient, own.weights), n, from.capacity, padded, 0, k);
      if (offsets && bias) {
        // The common part belongs to all tasks: its gradient is the sum of theirs.
        run.add(at(gradient, offsets.weights), at(gradient, weights), weights.size);
        run.add(at(gradient, offsets.bias), at(gradient, bias), bias.size);
      }
      if (!from.wantsSlopes) return;
      run.transpose(weightsAt(parameters), k, n, scratch.matrix);
      const slopes = slopesTarget(from, scratch);
      run.dense(to.slopes, n, scratch.matrix, scratch.zeros, slopes, k, from.capacity, 0, padded, 0);
      deliver(from, context);
    },
  };
}
