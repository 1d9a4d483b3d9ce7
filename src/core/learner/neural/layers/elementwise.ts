import type { Step } from '../blueprint';
import { bufferOf, deliver, type Layer, type LayerContext, slopesTarget } from './layer';

/** max(x, 0) or tanh x, in place. */
export function activationLayer(
  { of, activation }: Extract<Step, { kind: 'activation' }>,
  context: LayerContext,
): Layer {
  const { run } = context.kernels;
  const buffer = bufferOf(context, of);
  const relu = activation === 'relu';
  return {
    forward: () => {
      if (relu) run.rectify(buffer.values, buffer.size);
      else run.hyperbolic(buffer.values, buffer.size);
    },
    backward: () => {
      if (relu) run.rectifyGradient(buffer.values, buffer.slopes, buffer.size);
      else run.hyperbolicGradient(buffer.values, buffer.slopes, buffer.size);
    },
  };
}

/** Dropout, inverted: the mask's factors are 0 or above 1, so that nothing changes when predicting. */
export function dropoutLayer(
  step: Extract<Step, { kind: 'dropout' }>,
  masks: readonly number[],
  context: LayerContext,
): Layer {
  const { run } = context.kernels;
  const from = bufferOf(context, step.from);
  const to = bufferOf(context, step.to);
  const mask = masks[step.mask];
  return {
    forward: ({ training }) => {
      if (training) run.multiply(from.values, mask, to.values, from.size);
      else context.kernels.numbers.copyWithin(to.values / 4, from.values / 4, from.values / 4 + from.size);
    },
    backward: () => {
      run.multiply(to.slopes, mask, slopesTarget(from, context.scratch), from.size);
      deliver(from, context);
    },
  };
}
