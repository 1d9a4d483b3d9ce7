import {
  _FusedMatMul,
  engine,
  Multiply,
  Step,
  Sub,
  Tanh,
  type Tensor,
  Transpose,
  tensor,
  tidy,
} from '@tensorflow/tfjs-core';
import type { Layer, Net } from './net';

/** Factors of the units of every hidden layer, row-major (rows × units): 0 for a dropped one. */
export type DropoutMasks = readonly Float32Array[];

/**
 * Outputs of the net for a batch, computed by the tensor backend.
 *
 * @param parameters the net's flat vector
 * @param inputs row-major (rows × net.shape.inputs), exactly that long
 * @returns row-major (rows × net.shape.outputs)
 */
export function forwardPass(
  net: Net,
  parameters: Float32Array,
  inputs: Float32Array,
  rows: number,
): Float32Array {
  // Not as tidy's result: that is searched for tensors, number by number.
  let outputs: Float32Array = new Float32Array(0);
  tidy(() => {
    let values = matrix(inputs, rows, net.shape.inputs);
    net.layers.forEach((layer, l) => {
      values = dense(net, layer, l, values, parameters);
    });
    outputs = read(values);
  });
  return outputs;
}

/**
 * Forward and backward through one batch. The gradient is written out here, layer by layer, because the engine's own
 * asks for products with transposed arguments, for which the WebAssembly backend leaves its fast path (12 times slower
 * at 128³, measured): transposing first and then multiplying is exact, and fast on every backend.
 *
 * @param inputs row-major (rows × net.shape.inputs), exactly that long
 * @param lossGradient is given the outputs (rows × net.shape.outputs) and returns ∂loss/∂outputs, same shape
 * @param gradient receives ∂loss/∂parameters, without the penalty's
 */
export function backwardPass(
  net: Net,
  parameters: Float32Array,
  inputs: Float32Array,
  rows: number,
  lossGradient: (outputs: Float32Array) => Float32Array,
  gradient: Float32Array,
  dropout?: DropoutMasks,
): void {
  tidy(() => {
    const masks = dropout?.map((mask, l) => matrix(mask, rows, net.shape.hidden[l]));
    // What every layer reads, and what it makes; a layer reads what the one before made, less what dropout took.
    const inputsOf: Tensor[] = [matrix(inputs, rows, net.shape.inputs)];
    const outputsOf: Tensor[] = [];
    net.layers.forEach((layer, l) => {
      const made = dense(net, layer, l, inputsOf[l], parameters);
      outputsOf.push(made);
      inputsOf.push(masks && l < masks.length ? multiply(made, masks[l]) : made);
    });

    const last = net.layers.length - 1;
    const ones = matrix(new Float32Array(rows).fill(1), 1, rows);
    let delta = matrix(lossGradient(read(outputsOf[last])), rows, net.shape.outputs);
    for (let l = last; l >= 0; l--) {
      const layer = net.layers[l];
      gradient.set(read(product(transpose(inputsOf[l]), delta)), layer.weights);
      gradient.set(read(product(ones, delta)), layer.bias);
      if (l === 0) break;
      delta = product(delta, transpose(weightsOf(layer, parameters)));
      if (masks) delta = multiply(delta, masks[l - 1]);
      delta = throughActivation(net, outputsOf[l - 1], delta);
    }
  });
}

/** One layer with its activation; the last layer (the heads) has none. */
function dense(net: Net, layer: Layer, index: number, values: Tensor, parameters: Float32Array): Tensor {
  const activation = index === net.layers.length - 1 ? 'linear' : net.shape.activation;
  const bias = tensor(parameters.subarray(layer.bias, layer.bias + layer.outputs), [layer.outputs]);
  const affine = product(
    values,
    weightsOf(layer, parameters),
    bias,
    activation === 'relu' ? 'relu' : 'linear',
  );
  return activation === 'tanh' ? engine().runKernel<Tensor>(Tanh, { x: affine }) : affine;
}

/** Gradient before the activation from the one after it: relu′ = [h > 0], tanh′ = 1 − h². */
function throughActivation(net: Net, made: Tensor, delta: Tensor): Tensor {
  if (net.shape.activation === 'relu') {
    return multiply(delta, engine().runKernel<Tensor>(Step, { x: made }, { alpha: 0 }));
  }
  const squared = multiply(made, made);
  return engine().runKernel<Tensor>(Sub, { a: delta, b: multiply(delta, squared) });
}

function weightsOf(layer: Layer, parameters: Float32Array): Tensor {
  return matrix(parameters.subarray(layer.weights, layer.bias), layer.inputs, layer.outputs);
}

// The kernels are called by name: an op of the library checks and reshapes its arguments anew at every call, which at
// these sizes costs as much as the product itself. Products take a leading axis of 1 (batches).

function matrix(values: Float32Array, rows: number, columns: number): Tensor {
  return tensor(values, [1, rows, columns]);
}

function product(a: Tensor, b: Tensor, bias?: Tensor, activation = 'linear'): Tensor {
  const inputs: Record<string, Tensor> = bias ? { a, b, bias } : { a, b };
  return engine().runKernel<Tensor>(_FusedMatMul, inputs, {
    transposeA: false,
    transposeB: false,
    activation,
  });
}

function multiply(a: Tensor, b: Tensor): Tensor {
  return engine().runKernel<Tensor>(Multiply, { a, b });
}

function transpose(x: Tensor): Tensor {
  return engine().runKernel<Tensor>(Transpose, { x }, { perm: [0, 2, 1] });
}

function read(x: Tensor): Float32Array {
  return x.dataSync<'float32'>();
}
