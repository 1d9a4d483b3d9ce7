import * as z from 'zod';
import type { JsonObject } from '../core/learner/learner';

/** A JSON object, as parameters are. */
export const json: z.ZodType<JsonObject> = z.record(z.string(), z.json());

/** How an ensemble combines, as plans and runs keep it. */
export const combiner = z.discriminatedUnion('combine', [
  z.looseObject({ combine: z.literal('mean') }),
  z.looseObject({ combine: z.literal('median') }),
  z.looseObject({ combine: z.literal('vote') }),
  z.looseObject({ combine: z.literal('weighted'), weights: z.enum(['task', 'joint']).default('task') }),
  z.looseObject({
    combine: z.literal('greedy'),
    weights: z.enum(['task', 'joint']).default('task'),
    steps: z.int(),
    bags: z.int(),
    bagShare: z.number(),
  }),
  z.looseObject({
    combine: z.literal('stacking'),
    across: z.enum(['tasks', 'own']),
    penalty: z.enum(['ridge', 'lasso', 'elastic-net']),
    l1Ratio: z.number(),
  }),
  z.looseObject({
    combine: z.literal('chains'),
    chains: z.int(),
    order: z.array(z.string()).optional(),
    folds: z.int(),
  }),
]);

/** Values of a swept hyperparameter. */
export const dimension = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('list'), values: z.array(z.json()) }),
  z.object({
    kind: z.literal('range'),
    from: z.number(),
    to: z.number(),
    points: z.int(),
    scale: z.enum(['linear', 'log']),
    integer: z.boolean(),
  }),
]);
