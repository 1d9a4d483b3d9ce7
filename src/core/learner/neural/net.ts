import type { Random } from '../../random';
import type { NeuralParameters } from './parameters';

/** Shared bottom: dense layers that all tasks use, then every task's linear head, side by side as one last layer. */
export interface NetShape {
  readonly inputs: number;
  readonly hidden: readonly number[];
  readonly activation: NeuralParameters['activation'];
  /** Columns of all heads together. */
  readonly outputs: number;
}

/** A dense layer Y = X W + b and where its parameters lie in the net's flat vector; W is row-major (inputs × outputs). */
export interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  readonly weights: number;
  readonly bias: number;
}

/** A net's layers, first to last, the last one the heads; `size` is the length of the flat parameter vector. */
export interface Net {
  readonly shape: NetShape;
  readonly layers: readonly Layer[];
  readonly size: number;
}

export function layOut(shape: NetShape): Net {
  const layers: Layer[] = [];
  let size = 0;
  let inputs = shape.inputs;
  for (const outputs of [...shape.hidden, shape.outputs]) {
    const weights = size;
    const bias = weights + inputs * outputs;
    layers.push({ inputs, outputs, weights, bias });
    size = bias + outputs;
    inputs = outputs;
  }
  return { shape, layers, size };
}

/**
 * Initial parameters: weights uniform in ±√(6 / fan) with fan the inputs for a relu layer (He et al. 2015) and
 * inputs + outputs for tanh (Glorot and Bengio 2010); a head is Glorot's on its own width. Biases are zero.
 *
 * @param headWidths columns of every head, in order; they sum to `net.shape.outputs`
 */
export function initialise(net: Net, headWidths: readonly number[], random: Random): Float32Array {
  const parameters = new Float32Array(net.size);
  const last = net.layers.length - 1;
  const rectified = net.shape.activation === 'relu';
  net.layers.slice(0, last).forEach(({ inputs, outputs, weights, bias }) => {
    const limit = Math.sqrt(6 / (rectified ? inputs : inputs + outputs));
    for (let i = weights; i < bias; i++) parameters[i] = limit * (2 * random.uniform() - 1);
  });
  const { inputs, outputs, weights } = net.layers[last];
  let column = 0;
  for (const width of headWidths) {
    const limit = Math.sqrt(6 / (inputs + width));
    for (let i = 0; i < inputs; i++) {
      for (let j = column; j < column + width; j++) {
        parameters[weights + i * outputs + j] = limit * (2 * random.uniform() - 1);
      }
    }
    column += width;
  }
  return parameters;
}

/** R(θ) = ½ Σ ‖W‖² over the weights of all layers, heads included; biases are free. */
export function penalty(net: Net, parameters: Float32Array): number {
  let sum = 0;
  for (const { weights, bias } of net.layers) {
    for (let i = weights; i < bias; i++) sum += parameters[i] * parameters[i];
  }
  return sum / 2;
}

/** gradient += λ ∇R. */
export function addPenaltyGradient(
  net: Net,
  lambda: number,
  parameters: Float32Array,
  gradient: Float32Array,
): void {
  if (lambda === 0) return;
  for (const { weights, bias } of net.layers) {
    for (let i = weights; i < bias; i++) gradient[i] += lambda * parameters[i];
  }
}
