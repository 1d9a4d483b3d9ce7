import * as z from 'zod';

/** Points of a λ grid where the file does not say. */
export const DEFAULT_GRID_POINTS = 20;

/** Points of the grid of another hyperparameter. */
export const DEFAULT_POINTS = 5;

const lambdaValue = z.number().nonnegative();

const gridSchema = z.strictObject({
  points: z.int().min(1).max(1000).default(DEFAULT_GRID_POINTS).describe('Number of λ, log-spaced.'),
  from: z.number().positive().optional().describe('Largest λ. Left out: λ_max of the model.'),
  to: z.number().positive().optional().describe('Smallest λ. Left out: `ratio` times the largest.'),
  ratio: z
    .number()
    .gt(0)
    .lt(1)
    .optional()
    .describe(
      'Smallest over largest λ. Left out: 0.001, for ridge, mean-regularised and graph 0.00001; a baseline has that of its own penalty.',
    ),
});

export const lambdaSchema = z
  .union([lambdaValue, z.array(lambdaValue).min(1), gridSchema])
  .describe(
    'λ, the weight of the regulariser R(θ): a number, a list, or a grid `{ points, from?, to?, ratio? }` from λ_max down. Left out: a grid of 20; where there is no λ_max, 1 for boosting and 0 for nets.',
  );

const dimensionSchema = z
  .union([
    z.array(z.json()).min(1),
    z.strictObject({
      from: z.number().describe('One end of the range.'),
      to: z.number().describe('The other end.'),
      points: z
        .int()
        .min(2)
        .max(1000)
        .default(DEFAULT_POINTS)
        .describe('Points of a grid, ends included; searches that draw take any value between.'),
      scale: z.enum(['linear', 'log']).default('linear').describe('How the points are spaced.'),
    }),
  ])
  .describe('Values of a hyperparameter: a list, or `{ from, to, points?, scale? }`.');

const METHODS = ['grid', 'random', 'quasi-random', 'halving', 'bayesian'] as const;

const searchObject = z.strictObject({
  method: z
    .enum(METHODS)
    .describe(
      '`grid`: every combination. `random`, `quasi-random` (evenly spread): draws. `halving`: the best go on with more of a resource. `bayesian`: a Gaussian process proposes what may be better.',
    ),
  factor: z
    .int()
    .min(2)
    .max(10)
    .default(3)
    .describe('`halving`: of so many configurations one goes on to the next rung.'),
  resource: z
    .string()
    .min(1)
    .default('folds')
    .describe(
      '`halving`: what a rung gives more of: `folds`, or a hyperparameter that is a whole number, such as `epochs`, `trees` or `rounds`.',
    ),
  batch: z.int().min(1).max(100).default(4).describe('`bayesian`: configurations proposed at once.'),
});

const budgetSchema = z.strictObject({
  configurations: z
    .int()
    .min(1)
    .max(10_000)
    .optional()
    .describe(
      'Configurations that are tried. Left out: 30; the whole grid for `grid`, and for `halving` of lists.',
    ),
  fits: z
    .int()
    .min(1)
    .optional()
    .describe('Most fits of the model: fewer configurations are tried where these would need more.'),
  seconds: z
    .number()
    .positive()
    .optional()
    .describe('A run that is estimated to take longer is not started; time never decides a result.'),
});

export const sweepSchema = z
  .strictObject({
    model: z
      .union([z.string(), z.number(), z.boolean()])
      .transform(String)
      .describe('Name of the base model to sweep.'),
    over: z
      .object({ lambda: lambdaSchema.optional() })
      .catchall(dimensionSchema)
      .describe("What varies: `lambda`, and any of the model's hyperparameters by name."),
    folds: z
      .int()
      .min(2)
      .max(100)
      .optional()
      .describe('Cross-validation folds of this sweep. Left out: `data.folds`.'),
    rule: z
      .enum(['best', 'one-standard-error'])
      .default('best')
      .describe('Best mean score, or the largest λ within one standard error of it.'),
    select: z
      .enum(['model', 'per-task'])
      .default('model')
      .describe('One configuration for all tasks, or one a task: a joint refit for each that is chosen.'),
    search: z
      .union([z.enum(METHODS), searchObject])
      .default('grid')
      .describe('Which points are tried: the whole grid, draws, or an adaptive search.'),
    budget: budgetSchema.optional().describe('How much may be tried.'),
  })
  .describe('A sweep: a base model over values of its hyperparameters, and the rule that picks the winner.');

export type LambdaInput = z.output<typeof lambdaSchema>;
export type SweepInput = z.output<typeof sweepSchema>;
export type DimensionInput = z.output<typeof dimensionSchema>;
