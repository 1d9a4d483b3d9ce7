import type { Net } from './net';

/**
 * Outputs of the net in plain TypeScript, so that a fitted model predicts at once and without a tensor backend.
 * Sums are in double precision; a batch computed by the tensor backend agrees to single precision.
 *
 * @param inputs row-major (rows × net.shape.inputs)
 * @returns row-major (rows × net.shape.outputs)
 */
export function forward(
  net: Net,
  parameters: Float32Array,
  inputs: Float32Array,
  rows: number,
): Float32Array {
  const outputs = new Float32Array(rows * net.shape.outputs);
  const widths = net.layers.map((layer) => layer.outputs);
  const buffers = widths.map((width) => new Float64Array(width));
  const last = net.layers.length - 1;
  const first = new Float64Array(net.shape.inputs);
  for (let row = 0; row < rows; row++) {
    for (let j = 0; j < first.length; j++) first[j] = inputs[row * first.length + j];
    let values = first;
    for (let l = 0; l <= last; l++) {
      const made = buffers[l];
      affine(parameters, net.layers[l].weights, net.layers[l].bias, values, made);
      if (l < last) activate(net.shape.activation, made);
      values = made;
    }
    outputs.set(values, row * values.length);
  }
  return outputs;
}

/** made = values W + b. Walks along rows of W, skipping values that a relu has made zero. */
function affine(
  parameters: Float32Array,
  weights: number,
  bias: number,
  values: Float64Array,
  made: Float64Array,
): void {
  const width = made.length;
  for (let j = 0; j < width; j++) made[j] = parameters[bias + j];
  for (let k = 0; k < values.length; k++) {
    const value = values[k];
    if (value === 0) continue;
    const row = weights + k * width;
    for (let j = 0; j < width; j++) made[j] += value * parameters[row + j];
  }
}

function activate(activation: Net['shape']['activation'], values: Float64Array): void {
  for (let j = 0; j < values.length; j++) {
    values[j] = activation === 'relu' ? Math.max(values[j], 0) : Math.tanh(values[j]);
  }
}
