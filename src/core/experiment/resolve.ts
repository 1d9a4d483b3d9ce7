import * as z from 'zod';
import type { JsonObject } from '../learner/learner';
import type { Experiment, LambdaSpec, ModelSpec, SweepSpec, TaskSpec } from './experiment';
import type { ExperimentFile, LambdaInput } from './schema';

/** The file's content as an experiment: shorthands written out, names as entries. */
export function resolveExperiment(file: ExperimentFile): Experiment {
  const models = Object.entries(file.models).map(([name, entry]) => modelSpec(name, entry));
  return {
    data: file.data,
    tasks: Object.entries(file.tasks).map(([id, task]): TaskSpec => ({ id, ...task })),
    models,
    sweeps: Object.entries(file.sweeps).map(
      ([name, { over, ...sweep }]): SweepSpec => ({ name, ...sweep, lambda: lambdaSpec(over.lambda) }),
    ),
    ensembles: Object.entries(file.ensembles).map(([name, { combine, of }]) => ({
      name,
      combine,
      of: of ?? models.map((model) => model.name),
    })),
    ...(file.metrics === undefined ? {} : { metrics: file.metrics }),
  };
}

const jsonObject = z.record(z.string(), z.json());

function modelSpec(
  name: string,
  { kind, lambda, ...parameters }: ExperimentFile['models'][string],
): ModelSpec {
  const resolved: JsonObject = jsonObject.parse(parameters);
  return {
    name,
    kind,
    parameters: resolved,
    ...(lambda === undefined ? {} : { lambda: lambdaSpec(lambda) }),
  };
}

export function lambdaSpec(input: LambdaInput): LambdaSpec {
  if (typeof input === 'number') return { kind: 'list', values: [input] };
  if (Array.isArray(input)) return { kind: 'list', values: [...new Set(input)].sort((a, b) => b - a) };
  return { kind: 'grid', ...input };
}
