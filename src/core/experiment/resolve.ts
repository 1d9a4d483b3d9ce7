import * as z from 'zod';
import { families } from '../learner/families';
import type { JsonObject } from '../learner/learner';
import type {
  Combiner,
  DataSpec,
  Dimension,
  EnsembleSpec,
  Experiment,
  LambdaSpec,
  ModelSpec,
  SearchSpec,
  SweepSpec,
  TaskSpec,
} from './experiment';
import type { FoldsInput } from './folds-schema';
import type { ExperimentFile } from './schema';
import type { DimensionInput, LambdaInput, SweepInput } from './sweep-schema';

/** The file's content as an experiment: shorthands written out, names as entries. */
export function resolveExperiment(file: ExperimentFile): Experiment {
  const models = Object.entries(file.models).map(([name, entry]) => modelSpec(name, entry));
  return {
    data: dataSpec(file.data),
    tasks: Object.entries(file.tasks).map(([id, task]) => taskSpec(id, task)),
    models,
    sweeps: Object.entries(file.sweeps).map(([name, sweep]) =>
      sweepSpec(name, sweep, models.find((model) => model.name === sweep.model)?.kind),
    ),
    ensembles: Object.entries(file.ensembles).map(
      ([name, entry]): EnsembleSpec => ({
        name,
        of: entry.of ?? models.map((model) => model.name),
        refit: 'refit' in entry ? entry.refit : true,
        ...combinerOf(entry),
      }),
    ),
    ...(file.metrics === undefined ? {} : { metrics: file.metrics }),
    ...relatednessOf(file, models),
  };
}

function relatednessOf(
  { relatedness }: ExperimentFile,
  models: readonly ModelSpec[],
): Pick<Experiment, 'relatedness'> {
  const model = relatedness?.model ?? models[0]?.name;
  return relatedness && model !== undefined ? { relatedness: { by: relatedness.by, model } } : {};
}

function dataSpec({ folds, ...data }: ExperimentFile['data']): DataSpec {
  return { ...data, ...foldSpec(folds, data.time) };
}

function foldSpec(input: FoldsInput, time: string | undefined): Pick<DataSpec, 'folds' | 'scheme'> {
  const { count, by, ...rest } =
    typeof input === 'number' ? { count: input, by: undefined, repeats: 1, gap: 0, fraction: 0.25 } : input;
  const column = 'column' in rest ? rest.column : undefined;
  const kind = by ?? (column !== undefined ? 'column' : time !== undefined ? 'time' : 'stratified');
  if (typeof input === 'number' && kind === 'stratified') return { folds: count };
  const folds = { stratified: count, random: count, time: count, 'hold-out': 1, column: 0 }[kind];
  return { folds, scheme: { by: kind, ...rest } };
}

function sweepSpec(name: string, input: SweepInput, kind: string | undefined): SweepSpec {
  const { over, select, search, budget, ...sweep } = input;
  const { lambda, ...others } = over;
  const dimensions = Object.entries(others).map(
    ([key, value]) => [key, dimension(value, parameterSchema(kind, key))] as const,
  );
  const searched = searchSpec(search);
  return {
    name,
    ...sweep,
    ...(lambda !== undefined && { lambda: lambdaSpec(lambda) }),
    ...(dimensions.length > 0 && { over: Object.fromEntries(dimensions) }),
    ...(select !== 'model' && { select }),
    ...(searched.method !== 'grid' && { search: searched }),
    ...(budget && { budget }),
  };
}

function searchSpec(input: SweepInput['search']): SearchSpec {
  if (typeof input !== 'string') return input;
  return { method: input, factor: 3, resource: 'folds', batch: 4 };
}

function dimension(input: DimensionInput, schema: z.ZodType | undefined): Dimension {
  if (Array.isArray(input)) return { kind: 'list', values: input };
  const { from, to } = input;
  const whole = Number.isInteger(from) && Number.isInteger(to);
  const between = Math.min(from, to) + 0.5;
  return { kind: 'range', ...input, integer: whole && schema?.safeParse(between).success === false };
}

/** Schema of one hyperparameter of a learner; undefined where there is none of that name. */
export function parameterSchema(kind: string | undefined, name: string): z.ZodType | undefined {
  if (kind === undefined || !Object.hasOwn(families, kind)) return undefined;
  const shape: Readonly<Record<string, unknown>> = families[kind].parameters.shape;
  const schema = Object.hasOwn(shape, name) ? shape[name] : undefined;
  return schema instanceof z.ZodType ? schema : undefined;
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

function taskSpec(id: string, task: ExperimentFile['tasks'][string]): TaskSpec {
  if (!('class_weight' in task)) return { id, ...task };
  const { class_weight: classWeight, ...rest } = task;
  return { id, ...rest, ...(classWeight && { classWeight }) };
}

function combinerOf(entry: ExperimentFile['ensembles'][string]): Combiner {
  switch (entry.combine) {
    case 'weighted':
      return { combine: entry.combine, weights: entry.weights };
    case 'greedy': {
      const { combine, weights, steps, bags, bag_share: bagShare } = entry;
      return { combine, weights, steps, bags, bagShare };
    }
    case 'stacking': {
      const { combine, across, penalty, l1_ratio: l1Ratio } = entry;
      return { combine, across, penalty, l1Ratio };
    }
    case 'chains': {
      const { combine, chains, order, folds } = entry;
      return { combine, chains, folds, ...(order && { order }) };
    }
    default:
      return { combine: entry.combine };
  }
}

export function lambdaSpec(input: LambdaInput): LambdaSpec {
  if (typeof input === 'number') return { kind: 'list', values: [input] };
  if (Array.isArray(input)) return { kind: 'list', values: [...new Set(input)].sort((a, b) => b - a) };
  return { kind: 'grid', ...input };
}
