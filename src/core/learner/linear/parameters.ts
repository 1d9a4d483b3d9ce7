import * as z from 'zod';
import type { ParameterMistake } from '../family';
import type { JsonObject } from '../learner';
import { penalties, penaltyNames } from './penalties';

/** What a model of `kind: linear` can say in the experiment file, besides `kind` and `lambda`. */
export const linearParameters = z.strictObject({
  penalty: z
    .enum(penaltyNames)
    .default('group-lasso')
    .describe(
      'R(W). `group-lasso`: a feature is used by all tasks or by none (L2,1, shares between tasks). `lasso`: each task picks its own features. `ridge`: all weights shrink.',
    ),
  solver: z
    .enum(['auto', 'gradient', 'coordinate-descent', 'newton'])
    .default('auto')
    .describe(
      'How the objective is minimised. `auto`: the fastest for the penalty. `gradient`: accelerated proximal gradient. `coordinate-descent`: row by row. `newton`: Newton steps (ridge). All reach the same optimum.',
    ),
  tolerance: z
    .number()
    .positive()
    .max(0.1)
    .default(1e-6)
    .describe('A fit ends when its duality gap is below this part of the objective at zero weights.'),
  max_iterations: z
    .int()
    .positive()
    .default(10_000)
    .describe(
      'Most iterations of a fit. One that ends here above the tolerance is reported as not converged.',
    ),
});

export type LinearParameters = z.infer<typeof linearParameters>;

/** Solvers minimise what they are made for: Newton's method needs a smooth penalty, coordinate descent one of rows. */
export function linearMistakes(parameters: JsonObject): ParameterMistake[] {
  const { penalty, solver } = linearParameters.parse(parameters);
  const { rows } = penalties[penalty];
  const able =
    solver === 'newton'
      ? rows?.derivatives?.smooth === 'everywhere'
      : solver !== 'coordinate-descent' || rows !== undefined;
  if (able) return [];
  return [
    {
      key: 'solver',
      severity: 'error',
      message: `the solver "${solver}" cannot minimise the penalty "${penalty}"${solver === 'newton' ? ', which is not smooth' : ''}`,
      remedy: 'write "auto" or "gradient"',
      replacement: 'auto',
    },
  ];
}
