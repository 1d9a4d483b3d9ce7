import * as z from 'zod';
import type { Plan, TrialSpec } from '../core/experiment/trial';
import { trialId } from './ids';
import { combiner, dimension, json } from './schema';

// Loose: a key that a contract gains is kept, not dropped in silence.
const scope = z.enum(['joint', 'single-task', 'pooled']);
const key = z.looseObject({ model: z.string(), scope });
const base = { id: trialId, after: z.array(trialId), label: z.string() };
const configurations = z.array(z.array(z.looseObject({ lambda: z.number().optional(), parameters: json })));
const memberKeys = {
  key,
  fits: z.array(trialId),
  select: trialId,
  refit: trialId,
  bags: z.array(trialId).optional(),
  tuning: z.array(trialId).optional(),
};
const member = z.looseObject({
  ...memberKeys,
  outer: z
    .looseObject({
      refits: z.array(trialId),
      tuning: z.array(trialId),
      folds: z.array(z.looseObject(memberKeys)).optional(),
    })
    .optional(),
});
const seed = z.int().nonnegative();
const outer = z.int().nonnegative().optional();

const trialSpec: z.ZodType<TrialSpec> = z.discriminatedUnion('kind', [
  z.looseObject({
    ...base,
    kind: z.literal('fit'),
    key,
    learner: z.string(),
    configurations,
    first: z.int().nonnegative().optional(),
    proposed: z.object({ search: trialId, from: z.int().nonnegative() }).optional(),
    fold: z.int().nonnegative(),
    folds: z.int().positive(),
    repeat: z.int().nonnegative(),
    outer,
    seed,
  }),
  z.looseObject({
    ...base,
    kind: z.literal('search'),
    key,
    learner: z.string(),
    fits: z.array(trialId),
    method: z.enum(['halving', 'bayesian']),
    rung: z.int().positive(),
    count: z.int().positive(),
    first: z.int().nonnegative(),
    resource: z.object({ parameter: z.string(), value: z.int() }).optional(),
    space: z.looseObject({
      parameters: json,
      over: z.record(z.string(), dimension),
      lambda: z.array(dimension).optional(),
      drawn: z.int(),
      seed,
    }),
    outer,
  }),
  z.looseObject({
    ...base,
    kind: z.literal('select'),
    key,
    fits: z.array(trialId),
    rule: z.enum(['best', 'one-standard-error']),
    per: z.enum(['model', 'task']),
    outer,
  }),
  z.looseObject({
    ...base,
    kind: z.literal('refit'),
    key,
    learner: z.string(),
    configurations,
    select: trialId,
    seed,
    outer,
  }),
  z.looseObject({
    ...base,
    kind: z.literal('bag'),
    key,
    learner: z.string(),
    configurations,
    select: trialId,
    fit: trialId,
  }),
  z.looseObject({
    ...base,
    kind: z.literal('chain'),
    name: z.string(),
    scope: z.literal('joint'),
    model: z.string(),
    learner: z.string(),
    configurations,
    select: trialId,
    order: z.array(z.int().nonnegative()),
    fit: trialId.optional(),
    innerFolds: z.int().positive(),
    seed,
    outer,
  }),
  z.looseObject({
    ...base,
    kind: z.literal('ensemble'),
    name: z.string(),
    scope: z.enum(['joint', 'single-task']),
    combiner,
    members: z.array(member),
    chains: z
      .array(
        z.looseObject({
          model: z.string(),
          order: z.array(z.int()),
          folds: z.array(trialId),
          refit: trialId,
        }),
      )
      .optional(),
    refit: z.boolean(),
    seed,
    outer,
  }),
  z.looseObject({
    ...base,
    kind: z.literal('transfer'),
    key,
    learner: z.string(),
    joint: z.looseObject({ configurations, select: trialId }),
    twin: z.looseObject({ configurations, select: trialId }),
    fit: trialId,
    pairs: z.int().positive(),
  }),
  z.looseObject({
    ...base,
    kind: z.literal('report'),
    models: z.array(member),
    ensembles: z.array(trialId),
    nested: z.record(trialId, z.array(trialId)).optional(),
    transfers: z.array(trialId).optional(),
    seed,
  }),
]);

/** `plan/<n>.json`; extending a run appends a plan. */
export const planRecord: z.ZodType<Plan> = z.looseObject({
  version: z.literal(1),
  models: z.array(
    z.looseObject({
      name: z.string(),
      learner: z.string(),
      parameters: json,
      lambdas: z.array(z.number()).optional(),
      twinLambdas: z.array(z.array(z.number())).optional(),
      pooledLambdas: z.array(z.number()).optional(),
      twinParameters: json,
    }),
  ),
  folds: z.int(),
  trials: z.array(trialSpec),
  fitCount: z.int(),
});
