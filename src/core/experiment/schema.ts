import * as z from 'zod';
import { decisionMetrics, metrics } from '../evaluate';
import { families } from '../learner/families';
import { ensembleSchema } from './ensemble-schema';
import { foldsSchema } from './folds-schema';
import { lambdaSchema, sweepSchema } from './sweep-schema';

const column = z.union([z.string().min(1), z.number()]).transform(String);
const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);

const dataSchema = z.strictObject({
  source: z
    .string()
    .min(1)
    .optional()
    .describe('Path of the table (CSV, TSV, JSON, Parquet or Arrow), relative to this file.'),
  task: column
    .optional()
    .describe('Long form: the column that says which task a row belongs to; each of its values is a task.'),
  features: z
    .array(column)
    .min(1)
    .optional()
    .describe('Columns that models may look at. Left out: every column that has no other role.'),
  exclude: z
    .array(column)
    .default([])
    .describe('Columns that are neither features nor targets, identifiers for example.'),
  group: column
    .optional()
    .describe('Column of groups, patients for example: rows of one group stay on one side of every split.'),
  time: column
    .optional()
    .describe('Column of time, a number or year-month-day: the latest rows become the test split.'),
  weight: column.optional().describe('Column with the weight of each row, 0 or greater.'),
  split: column
    .optional()
    .describe('Column that says `train` or `test` for every row; it then decides the test split.'),
  test: z
    .number()
    .min(0)
    .lt(1)
    .default(0.2)
    .describe('Fraction of the rows held out for the test split, scored once at the end; 0 for none.'),
  folds: foldsSchema,
  seed: z
    .int()
    .min(0)
    .max(4294967295)
    .default(0)
    .describe('Seed of everything random: the same seed gives the same numbers.'),
  missing: z.array(text).default(['', 'NA', '?']).describe('Cells that mean "no value".'),
});

const taskObject = z.strictObject({
  target: column.describe('Column to predict. A row without a value is left out for this task only.'),
  type: z
    .enum(['regression', 'binary', 'multiclass'])
    .optional()
    .describe('What kind of value it is. Left out: inferred from the column.'),
  weight: z.number().positive().default(1).describe('Weight of this task in the joint objective.'),
  positive: text.optional().describe('Positive class of a binary task. Left out: the second in order.'),
  threshold: z
    .union([z.number().gt(0).lt(1), z.enum(decisionMetrics)])
    .optional()
    .describe(
      'Binary: the probability above which a row is taken for positive, or the metric to choose it by on out-of-fold predictions. Left out: 0.5.',
    ),
  class_weight: z
    .union([z.literal('balanced'), z.record(z.string(), z.number().positive())])
    .optional()
    .describe(
      'Weights of the classes in training: `balanced` for equal sums, or one a class. Scores stay unweighted. Left out: all 1.',
    ),
  source: z
    .string()
    .min(1)
    .optional()
    .describe('One file a task: the table of this task, relative to this file.'),
});

const taskSchema = z
  .union([column.transform((target) => ({ target, weight: 1 })), taskObject])
  .describe('A target column, or an entry with `target` and more.');

/** Kinds of base models, as `kind` names them. */
export const MODEL_KINDS: readonly string[] = ['linear', 'forest', 'extra-trees', 'boosting', 'neural'];

/** A model's entry: `kind`, `lambda` and the learner's own parameters. */
function entrySchema(kind: string) {
  return z.strictObject({
    kind: z.literal(kind).describe('The learner: what the model is.'),
    lambda: lambdaSchema.optional(),
    ...families[kind].parameters.shape,
  });
}

const modelSchema = z
  .discriminatedUnion('kind', [
    entrySchema('linear'),
    entrySchema('forest'),
    entrySchema('extra-trees'),
    entrySchema('boosting'),
    entrySchema('neural'),
  ])
  .describe('A base model: a learner with its hyperparameters.');

const relatednessSchema = z
  .union([
    z.literal('pairwise').transform((by): { by: 'pairwise'; model?: string } => ({ by })),
    z.strictObject({
      by: z
        .literal('pairwise')
        .describe('Every pair of tasks is learned together, and compared with each alone.'),
      model: text.optional().describe('Base model that learns the pairs. Left out: the first one.'),
    }),
  ])
  .describe('Measures how much each task gains from each other, for at most 40 tasks: `pairwise`.');

/** The experiment file, as written. One source of its types, its validation and its JSON Schema. */
export const experimentSchema = z
  .strictObject({
    data: dataSchema.describe('The table, the roles of its columns, and how it is split.'),
    tasks: z.record(z.string().min(1), taskSchema).describe('What to predict, one entry a task.'),
    models: z.record(z.string().min(1), modelSchema).describe('Base models, one entry each.'),
    sweeps: z
      .record(z.string().min(1), sweepSchema)
      .default({})
      .describe(
        'Sweeps over hyperparameters, with their own rule; `lambda` in a model is shorthand for one.',
      ),
    ensembles: z
      .record(z.string().min(1), ensembleSchema)
      .default({})
      .describe('Combinations of base models.'),
    metrics: z
      .array(z.enum(metrics.map(({ name }) => name)))
      .min(1)
      .optional()
      .describe('Metrics to show beside the primary one of each task, by name.'),
    relatedness: relatednessSchema.optional(),
  })
  .describe('An experiment: data, tasks, base models, sweeps and ensembles.');

export type ExperimentFile = z.output<typeof experimentSchema>;
