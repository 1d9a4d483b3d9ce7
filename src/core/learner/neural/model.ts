import * as z from 'zod';
import { type Encoder, encoderFromJSON, type TargetScaler, type Task } from '../../dataset';
import type { Convergence, FittedModel, SerializedModel, TaskPredictions } from '../learner';
import { tasksFromJSON, tasksToJSON } from '../task-header';
import { layOut } from './architectures';
import type { Blueprint } from './blueprint';
import type { Head } from './heads';
import { pack, unpack } from './panels';
import { netOutputs } from './predict';
import { encodeInputs, headsOf, inputWidth } from './training-data';

/** A fitted net and all it needs to predict. */
export interface NeuralModel {
  readonly tasks: readonly Task[];
  readonly encoder: Encoder;
  readonly scaler: TargetScaler;
  readonly blueprint: Blueprint;
  /** The net's flat parameter vector. */
  readonly weights: Float32Array;
  readonly convergence: Convergence;
}

/** Predicts with the kernels of this process: no tensor backend is needed, whatever computed the training. */
export function fittedModel(model: NeuralModel): FittedModel {
  const { encoder, blueprint, weights, convergence } = model;
  const heads = headsOf(model.tasks);
  return {
    convergence,
    summary: countParameters(blueprint),
    predict(dataset, rows) {
      const outputs = netOutputs(blueprint, weights, encodeInputs(encoder, dataset, rows), rows.length);
      const columns = heads.reduce((sum, head) => sum + head.width, 0);
      return heads.map((head, t) => headPredictions(outputs, rows.length, columns, head, t, model.scaler));
    },
    serialize: () => serialize(model),
  };
}

/** Heads that lie side by side in one layer are each their own task's. */
function countParameters({ parameters, shape, outputs, steps }: Blueprint): {
  sharedParameters: number;
  privateParameters: number;
} {
  const joint = new Set(
    outputs.flatMap(({ buffer, heads }) => {
      const step = steps.find((one) => one.kind === 'dense' && one.to === buffer);
      return step?.kind === 'dense' && heads.length > 1 ? [step.weights, step.bias] : [];
    }),
  );
  let [sharedParameters, privateParameters] = [0, 0];
  for (const parameter of parameters) {
    if (parameter.role === 'state') continue;
    const count = parameter.rows * parameter.columns;
    const own = parameter.task !== undefined || joint.has(parameter) || shape.heads.length === 1;
    if (own) privateParameters += count;
    else sharedParameters += count;
  }
  return { sharedParameters, privateParameters };
}

/** @throws ZodError or RangeError when it is not what `serialize` wrote */
export function loadModel(serialized: SerializedModel): FittedModel {
  const { convergence, ...shape } = headerSchema.parse(serialized.header);
  const encoder = encoderFromJSON(serialized.header.encoder);
  const mean = float64(serialized, 'target.mean');
  const scale = float64(serialized, 'target.scale');
  const taskList = tasksFromJSON(serialized.header.tasks);
  const blueprint = layOut({ ...shape, inputs: inputWidth(encoder), heads: headsOf(taskList) });
  const weights = new Float32Array(blueprint.size);
  for (const parameter of blueprint.parameters) {
    const { name, rows, columns } = parameter;
    pack(parameter, float32(serialized, name, rows * columns), weights);
  }
  return fittedModel({ tasks: taskList, encoder, scaler: { mean, scale }, blueprint, weights, convergence });
}

const widths = z.array(z.int().positive());

const headerSchema = z.object({
  architecture: z.enum(['shared-bottom', 'mmoe', 'cgc', 'ple', 'cross-stitch', 'soft-sharing']),
  hidden: widths,
  tower: widths,
  activation: z.enum(['relu', 'tanh']),
  normalisation: z.enum(['none', 'layer', 'batch']),
  dropout: z.number(),
  experts: z.int(),
  taskExperts: z.int(),
  embedding: z.int(),
  categories: z.array(z.object({ from: z.int(), to: z.int() })),
  tieHeads: z.boolean(),
  convergence: z.object({
    converged: z.boolean(),
    iterations: z.number(),
    criterion: z.literal('epochs'),
  }),
});

/** Every parameter under its name, row-major; weights are inputs × outputs. */
function serialize({
  tasks,
  encoder,
  scaler,
  blueprint,
  weights,
  convergence,
}: NeuralModel): SerializedModel {
  const arrays: Record<string, Float32Array | Float64Array> = {
    'target.mean': scaler.mean,
    'target.scale': scaler.scale,
  };
  for (const parameter of blueprint.parameters) arrays[parameter.name] = unpack(parameter, weights);
  const { heads: _, inputs: __, categories, ...shape } = blueprint.shape;
  return {
    format: 'taskweave-model',
    version: 1,
    learner: 'neural',
    header: {
      ...shape,
      categories: categories.map(({ from, to }) => ({ from, to })),
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
