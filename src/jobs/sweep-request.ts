import * as z from 'zod';
import type { Experiment } from '../core/experiment';
import { JobError, type SweepRequest } from './contract';

export const sweepRequest: z.ZodType<SweepRequest> = z.object({
  model: z.string(),
  from: z.number().positive().optional(),
  to: z.number().positive().optional(),
  points: z.int().positive(),
  folds: z.int().min(2).optional(),
  rule: z.enum(['best', 'one-standard-error']).optional(),
});

/**
 * The experiment with one model, its λ on the grid asked for, and no ensembles.
 * @throws JobError `invalid-experiment` when there is no such model
 */
export function withSweep(experiment: Experiment, request: SweepRequest | undefined): Experiment {
  if (request === undefined) return experiment;
  const models = experiment.models.filter(({ name }) => name === request.model);
  if (models.length === 0) {
    const names = experiment.models.map(({ name }) => name).join(', ');
    throw new JobError(
      'invalid-experiment',
      `The experiment has no base model "${request.model}". It has ${names}.`,
    );
  }
  const before = experiment.sweeps.find(({ model }) => model === request.model);
  const folds = request.folds ?? before?.folds;
  return {
    ...experiment,
    models,
    sweeps: [
      {
        name: before?.name ?? request.model,
        model: request.model,
        lambda: {
          kind: 'grid',
          points: request.points,
          ...(request.from !== undefined && { from: request.from }),
          ...(request.to !== undefined && { to: request.to }),
        },
        ...(folds !== undefined && { folds }),
        rule: request.rule ?? before?.rule ?? 'best',
      },
    ],
    ensembles: [],
  };
}
