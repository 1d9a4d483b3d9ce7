import * as z from 'zod';
import { type Encoder, encoderFromJSON, type TargetScaler, type Task } from '../../dataset';
import type { Convergence, FittedModel, SerializedModel, TaskPredictions } from '../learner';
import { tasksFromJSON, tasksToJSON } from '../task-header';
import { forward } from './forward';
import type { Head } from './losses';
import { layOut, type Net } from './net';
import { encodeInputs, headsOf, inputWidth } from './training-data';

/** A fitted net and all it needs to predict. */
export interface NeuralModel {
  readonly tasks: readonly Task[];
  readonly encoder: Encoder;
  readonly scaler: TargetScaler;
  readonly net: Net;
  /** The net's flat parameter vector. */
  readonly weights: Float32Array;
  readonly convergence: Convergence;
}

/** Predicts in plain TypeScript: no tensor backend is needed, whatever computed the training. */
export function fittedModel(model: NeuralModel): FittedModel {
  const { encoder, net, weights, convergence } = model;
  const heads = headsOf(model.tasks);
  const last = net.layers[net.layers.length - 1];
  const shared = heads.length > 1 ? last.weights : 0;
  return {
    convergence,
    summary: { sharedParameters: shared, privateParameters: net.size - shared },
    predict(dataset, rows) {
      const outputs = forward(net, weights, encodeInputs(encoder, dataset, rows), rows.length);
      return heads.map((head, t) =>
        headPredictions(outputs, rows.length, net.shape.outputs, head, t, model.scaler),
      );
    },
    serialize: () => serialize(model),
  };
}

/** @throws ZodError or RangeError when it is not what `serialize` wrote */
export function loadModel(serialized: SerializedModel): FittedModel {
  const header = headerSchema.parse(serialized.header);
  const encoder = encoderFromJSON(serialized.header.encoder);
  const mean = float64(serialized, 'target.mean');
  const scale = float64(serialized, 'target.scale');
  const taskList = tasksFromJSON(serialized.header.tasks);
  const outputs = headsOf(taskList).reduce((sum, head) => sum + head.width, 0);
  const net = layOut({
    inputs: inputWidth(encoder),
    hidden: header.hidden,
    activation: header.activation,
    outputs,
  });
  const weights = new Float32Array(net.size);
  net.layers.forEach((layer, l) => {
    weights.set(float32(serialized, `layer${l}.weights`, layer.inputs * layer.outputs), layer.weights);
    weights.set(float32(serialized, `layer${l}.bias`, layer.outputs), layer.bias);
  });
  return fittedModel({
    tasks: taskList,
    encoder,
    scaler: { mean, scale },
    net,
    weights,
    convergence: header.convergence,
  });
}

const headerSchema = z.object({
  architecture: z.literal('shared-bottom'),
  hidden: z.array(z.int().positive()),
  activation: z.enum(['relu', 'tanh']),
  convergence: z.object({
    converged: z.boolean(),
    iterations: z.number(),
    criterion: z.literal('epochs'),
  }),
});

/** Layer l of the net is `layer<l>.weights`, row-major (inputs × outputs), and `layer<l>.bias`; the last is the heads. */
function serialize({ tasks, encoder, scaler, net, weights, convergence }: NeuralModel): SerializedModel {
  const arrays: Record<string, Float32Array | Float64Array> = {
    'target.mean': scaler.mean,
    'target.scale': scaler.scale,
  };
  net.layers.forEach((layer, l) => {
    arrays[`layer${l}.weights`] = weights.slice(layer.weights, layer.bias);
    arrays[`layer${l}.bias`] = weights.slice(layer.bias, layer.bias + layer.outputs);
  });
  const { hidden, activation } = net.shape;
  return {
    format: 'taskweave-model',
    version: 1,
    learner: 'neural',
    header: {
      architecture: 'shared-bottom',
      hidden,
      activation,
      tasks: tasksToJSON(tasks),
      encoder: encoder.toJSON(),
      convergence: { ...convergence },
    },
    arrays,
  };
}

function headPredictions(
  outputs: Float32Array,
  rows: number,
  columns: number,
  { type, offset, width }: Head,
  t: number,
  scaler: TargetScaler,
): TaskPredictions {
  const values = new Float32Array(rows * width);
  for (let i = 0; i < rows; i++) {
    const at = i * columns + offset;
    if (type === 'regression') values[i] = scaler.mean[t] + scaler.scale[t] * outputs[at];
    else if (type === 'binary') values[i] = 1 / (1 + Math.exp(-outputs[at]));
    else softmax(outputs, at, width, values, i * width);
  }
  return { values, width };
}

function softmax(outputs: Float32Array, from: number, width: number, values: Float32Array, to: number): void {
  let largest = outputs[from];
  for (let k = 1; k < width; k++) largest = Math.max(largest, outputs[from + k]);
  let sum = 0;
  for (let k = 0; k < width; k++) sum += Math.exp(outputs[from + k] - largest);
  for (let k = 0; k < width; k++) values[to + k] = Math.exp(outputs[from + k] - largest) / sum;
}

function float32({ arrays }: SerializedModel, name: string, length: number): Float32Array {
  const array = arrays[name];
  if (array instanceof Float32Array && array.length === length) return array;
  throw new RangeError(
    `The neural model's array '${name}' must be ${length} float32 values. Save the model anew.`,
  );
}

function float64({ arrays }: SerializedModel, name: string): Float64Array {
  const array = arrays[name];
  if (array instanceof Float64Array) return array;
  throw new RangeError(`The neural model's array '${name}' must be float64 values. Save the model anew.`);
}
