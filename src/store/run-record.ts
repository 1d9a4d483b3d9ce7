import * as z from 'zod';
import { decisionMetrics } from '../core/evaluate/decisions';
import type { Experiment } from '../core/experiment/experiment';
import { runId } from './ids';
import { combiner, dimension, json } from './schema';

const taskType = z.enum(['regression', 'binary', 'multiclass']);
const lambdaSpec = z.discriminatedUnion('kind', [
  z.looseObject({ kind: z.literal('list'), values: z.array(z.number()) }),
  z.looseObject({
    kind: z.literal('grid'),
    points: z.int(),
    from: z.number().optional(),
    to: z.number().optional(),
    ratio: z.number().optional(),
  }),
]);
const strings = z.array(z.string());

// Loose: a key that the contract gains is kept, not dropped in silence.
const experiment: z.ZodType<Experiment> = z.looseObject({
  data: z.looseObject({
    source: z.string().optional(),
    task: z.string().optional(),
    features: strings.optional(),
    exclude: strings,
    group: z.string().optional(),
    time: z.string().optional(),
    weight: z.string().optional(),
    split: z.string().optional(),
    test: z.number(),
    folds: z.int(),
    seed: z.int(),
    missing: strings,
  }),
  tasks: z.array(
    z.looseObject({
      id: z.string(),
      target: z.string(),
      type: taskType.optional(),
      weight: z.number(),
      positive: z.string().optional(),
      threshold: z.union([z.number(), z.enum(decisionMetrics)]).optional(),
      classWeight: z.union([z.literal('balanced'), z.record(z.string(), z.number())]).optional(),
      source: z.string().optional(),
    }),
  ),
  models: z.array(
    z.looseObject({ name: z.string(), kind: z.string(), parameters: json, lambda: lambdaSpec.optional() }),
  ),
  sweeps: z.array(
    z.looseObject({
      name: z.string(),
      model: z.string(),
      lambda: lambdaSpec.optional(),
      over: z.record(z.string(), dimension).optional(),
      folds: z.int().optional(),
      rule: z.enum(['best', 'one-standard-error']),
    }),
  ),
  ensembles: z.array(
    z.looseObject({ name: z.string(), of: strings, refit: z.boolean().default(true) }).and(combiner),
  ),
  metrics: strings.optional(),
  relatedness: z.looseObject({ by: z.literal('pairwise'), model: z.string() }).optional(),
});

/** `run.json`: everything a run needs to be gone on with, whatever happens to the experiment file. */
export const runRecord = z.object({
  version: z.literal(1),
  run: runId,
  name: z.string(),
  /** Absolute path of the experiment file; data sources are relative to its folder. */
  experimentPath: z.string(),
  /** ISO 8601. */
  created: z.string(),
  versions: z.object({ taskweave: z.string(), engine: z.string(), node: z.string() }),
  /** Tensor backend of the run's neural models; null when it has none. */
  backend: z.enum(['wasm', 'native', 'cpu']).nullable(),
  /** Threads of each worker process. */
  threads: z.int(),
  gitCommit: z.string().nullable(),
  /** Hex SHA-256 of the typed columns: a run goes on only with the data it began with. */
  fingerprint: z.string(),
  tasks: z.array(
    z.object({
      id: z.string(),
      type: taskType,
      target: z.string(),
      classes: strings,
      labelled: z.int(),
      primary: z.string(),
    }),
  ),
  experiment,
  /** Of the columns, as a worker holds them; absent in runs of earlier versions. */
  dataBytes: z.number().optional(),
  /** The experiment file as it was; absent in runs of earlier versions. */
  text: z.string().optional(),
  /** The sweep that was asked for by flags, where one was. */
  sweep: z.looseObject({ model: z.string() }).optional(),
});
export type RunRecord = z.infer<typeof runRecord>;
