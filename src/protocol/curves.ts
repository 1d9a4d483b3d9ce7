/** What is drawn of a run: losses against steps, and scores against λ. */
// `zod/mini`: the webview bundles these schemas, and the whole of zod would be most of its size.
import * as z from 'zod/mini';

export const quantity = z.enum(['objective', 'taskLoss', 'validationLoss', 'penalty', 'learningRate']);
export type Quantity = z.infer<typeof quantity>;

/** One curve: a loss (or R, or the objective) of one fit against its step. */
export const curve = z.object({
  model: z.string(),
  scope: z.enum(['joint', 'single-task', 'pooled']),
  trial: z.string(),
  /** `refit` trials have fold null. */
  fold: z.nullable(z.int()),
  configuration: z.int(),
  lambda: z.nullable(z.number()),
  /** Task id, or null for quantities of the whole model. */
  task: z.nullable(z.string()),
  quantity,
  steps: z.array(z.number()),
  values: z.array(z.nullable(z.number())),
  /** Recorded points (in the range asked for), of which `steps` may be a thinning that keeps extremes. */
  total: z.int(),
});
export type Curve = z.infer<typeof curve>;

/** How a loss is spread over the tasks of a model, step by step: what is shown first where tasks are many. */
export const distribution = z.object({
  model: z.string(),
  scope: z.enum(['joint', 'single-task', 'pooled']),
  configuration: z.int(),
  quantity,
  /** Tasks that have recorded the loss. */
  tasks: z.int(),
  steps: z.array(z.number()),
  /** Smallest and largest over tasks and folds. */
  low: z.array(z.number()),
  high: z.array(z.number()),
  /** Over tasks, of each task's mean over folds; `q` from 0 to 1, ascending. */
  quantiles: z.array(z.object({ q: z.number(), values: z.array(z.number()) })),
  /** First and last loss of every task, means over folds: where one goes on to. */
  ends: z.array(z.object({ task: z.string(), first: z.nullable(z.number()), last: z.nullable(z.number()) })),
  /** Recorded steps, of which `steps` may be a thinning. */
  total: z.int(),
});
export type Distribution = z.infer<typeof distribution>;

/** A configuration on a path. */
export const pathPoint = z.object({
  configuration: z.int(),
  /** Where each task has its own grid: the geometric mean over tasks. */
  lambda: z.nullable(z.number()),
  /** Swept hyperparameters besides λ; absent: λ alone is swept. */
  values: z.optional(z.record(z.string(), z.union([z.string(), z.number()]))),
  /** Mean skill over tasks, averaged over folds, and its standard error over folds. */
  mean: z.nullable(z.number()),
  standardError: z.nullable(z.number()),
  tasks: z.array(
    z.object({
      task: z.string(),
      /** Primary metric of the task, in which `mean` is. */
      metric: z.string(),
      /** The task's own λ, where each task has its own grid. */
      lambda: z.optional(z.nullable(z.number())),
      mean: z.nullable(z.number()),
      standardError: z.nullable(z.number()),
    }),
  ),
  activeFeatures: z.nullable(z.number()),
});

/** Score against λ for one model: partial while the run is going (from the folds done so far). */
export const lambdaPath = z.object({
  model: z.string(),
  scope: z.enum(['joint', 'single-task', 'pooled']),
  folds: z.object({ done: z.int(), total: z.int() }),
  /** Descending λ. */
  points: z.array(pathPoint),
  /** Indices into `points`; null until selection is done, and where the tasks' choices differ (see `chosenByTask`). */
  chosen: z.nullable(z.int()),
  best: z.nullable(z.int()),
  oneStandardError: z.nullable(z.int()),
  /** Weights of features against λ, on the first fold; absent where the model has none. */
  coefficients: z.optional(
    z.object({
      /** The strongest first. */
      features: z.array(z.string()),
      /** Features there are, of which these are the strongest. */
      total: z.int(),
      lambdas: z.array(z.number()),
      /** Norm over tasks, a list a feature, an entry a λ; 0 where the feature is not used. */
      strengths: z.array(z.array(z.number())),
    }),
  ),
  /** Indices into `points`, one a task, where every task has its own choice. */
  chosenByTask: z.optional(z.nullable(z.array(z.int()))),
});
export type LambdaPath = z.infer<typeof lambdaPath>;

/** Everything of a path but its points. */
export const pathHead = z.omit(lambdaPath, { points: true });
