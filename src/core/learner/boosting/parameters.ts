import * as z from 'zod';
import type { JsonObject } from '../learner';
import { binsParameter } from '../trees/parameters';

/** A boosting model's keys in an experiment file, without `kind` and `lambda`. */
export const boostingParameters = z.strictObject({
  sharing: z
    .enum(['vector-leaf', 'per-task'])
    .default('vector-leaf')
    .describe(
      'How the tasks share: `vector-leaf` grows one tree a round whose splits serve all tasks and whose leaves hold ' +
        'a value for each; `per-task` grows a tree a task (and class) each round.',
    ),
  rounds: z
    .int()
    .min(1)
    .max(100_000)
    .default(300)
    .describe('Rounds of boosting; with `early_stopping`, the most there can be.'),
  learning_rate: z
    .number()
    .positive()
    .max(1)
    .default(0.1)
    .describe("Part of each tree's prediction that is added to the model."),
  max_leaves: z
    .int()
    .min(2)
    .max(65_536)
    .default(31)
    .describe('Most leaves of a tree. Trees grow leaf by leaf: the split that gains most comes next.'),
  max_depth: z
    .int()
    .min(1)
    .optional()
    .describe('Largest number of splits from root to leaf. Absent: `max_leaves` alone limits a tree.'),
  min_samples_leaf: z.int().min(1).default(20).describe('Fewest training rows that a leaf may hold.'),
  min_child_weight: z
    .number()
    .min(0)
    .default(0.001)
    .describe(
      'Smallest sum of second derivatives of the loss, over all tasks of the tree, that a leaf may hold (a row of a ' +
        'regression counts its weight).',
    ),
  min_split_gain: z
    .number()
    .min(0)
    .default(0)
    .describe(
      'Least that a split has to gain: Σ G² / (H + λ) of its sides over that of the node, over all tasks of the tree ' +
        "(XGBoost's `gamma`, LightGBM's `min_gain_to_split`).",
    ),
  subsample: z
    .number()
    .gt(0)
    .max(1)
    .default(1)
    .describe('Fraction of the training rows that each round draws, without replacement.'),
  feature_fraction: z
    .number()
    .gt(0)
    .max(1)
    .default(1)
    .describe('Fraction of the features that each tree draws.'),
  bins: binsParameter,
  monotone: z
    .record(z.string(), z.union([z.literal(1), z.literal(-1)]))
    .default({})
    .describe(
      'Numeric columns that every regression may only rise (1) or fall (-1) with, and every positive class become ' +
        'more (1) or less (-1) likely with. Multiclass tasks are not held to it.',
    ),
  early_stopping: z
    .boolean()
    .default(true)
    .describe(
      'Stop when rows held out of the training rows are predicted no better, and keep the best round.',
    ),
  patience: z
    .int()
    .min(1)
    .default(30)
    .describe('Rounds without improvement on the held-out rows before `early_stopping` stops.'),
  validation_fraction: z
    .number()
    .min(0.05)
    .max(0.5)
    .default(0.1)
    .describe('Fraction of the training rows that `early_stopping` holds out.'),
});

export type BoostingParameters = z.infer<typeof boostingParameters>;

/** Columns with a monotone constraint: they need an order. */
export function monotoneFeatures(parameters: JsonObject): (readonly string[])[] {
  return Object.keys(boostingParameters.parse(parameters).monotone).map((name) => ['monotone', name]);
}
