import * as z from 'zod';
import type { Plan, TrialSpec } from '../core/experiment/trial';
import { trialId } from './ids';
import { json } from './schema';

// Loose: a key that a contract gains is kept, not dropped in silence.
const scope = z.enum(['joint', 'single-task', 'pooled']);
const key = z.looseObject({ model: z.string(), scope });
const base = { id: trialId, after: z.array(trialId), label: z.string() };
const configurations = z.array(z.array(z.looseObject({ lambda: z.number().optional(), parameters: json })));
const member = z.looseObject({ key, fits: z.array(trialId), select: trialId, refit: trialId });
const seed = z.int().nonnegative();

/** `trials/<trial id>/spec.json`; never rewritten once an attempt has started. */
export const trialSpec: z.ZodType<TrialSpec> = z.discriminatedUnion('kind', [
  z.looseObject({
    ...base,
    kind: z.literal('fit'),
    key,
    learner: z.string(),
    configurations,
    fold: z.int().nonnegative(),
    folds: z.int().positive(),
    repeat: z.int().nonnegative(),
    seed,
  }),
  z.looseObject({
    ...base,
    kind: z.literal('select'),
    key,
    fits: z.array(trialId),
    rule: z.enum(['best', 'one-standard-error']),
    per: z.enum(['model', 'task']),
  }),
  z.looseObject({
    ...base,
    kind: z.literal('refit'),
    key,
    learner: z.string(),
    configurations,
    select: trialId,
    seed,
  }),
  z.looseObject({
    ...base,
    kind: z.literal('ensemble'),
    name: z.string(),
    scope: z.enum(['joint', 'single-task']),
    combine: z.enum(['mean', 'weighted']),
    members: z.array(member),
    seed,
  }),
  z.looseObject({
    ...base,
    kind: z.literal('report'),
    models: z.array(member),
    ensembles: z.array(trialId),
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
