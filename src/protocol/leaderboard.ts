/** The leaderboard as it crosses a process: the same shape as core's `Leaderboard`, checked at the edge. */
import * as z from 'zod/mini';

const scores = z.record(z.string(), z.nullable(z.number()));

const verdict = z.enum(['helped', 'no difference shown', 'negative transfer', 'too few rows to tell']);

export const difference = z.object({
  metric: z.string(),
  value: z.number(),
  interval: z.tuple([z.number(), z.number()]),
  p: z.number(),
  verdict,
  words: z.string(),
});

/** Over all tasks, in mean skill. */
const meanDifference = z.object({
  value: z.number(),
  interval: z.tuple([z.number(), z.number()]),
  p: z.number(),
  verdict,
  words: z.string(),
});

const matrix = z.array(z.array(z.nullable(z.number())));

/** Matrices over pairs of tasks, with the order and the clusters to draw them by. */
export const relatedness = z.object({
  tasks: z.array(z.string()),
  matrices: z.array(
    z.object({
      kind: z.enum(['parameters', 'predictions', 'gain']),
      of: z.string(),
      values: matrix,
      errors: z.optional(matrix),
      order: z.array(z.int()),
      clusters: z.array(z.int()),
    }),
  ),
});
export type Relatedness = z.infer<typeof relatedness>;

/** What an ensemble is made of: weights are the row's; here what a view of it draws besides. Records are by task. */
export const ensembleDetail = z.object({
  combine: z.string(),
  refit: z.boolean(),
  unused: z.array(z.string()),
  influence: z.optional(z.record(z.string(), z.array(z.number()))),
  lambdas: z.optional(z.record(z.string(), z.nullable(z.number()))),
  selections: z.optional(
    z.record(
      z.string(),
      z.array(
        z.object({
          start: z.array(z.int()),
          added: z.array(z.int()),
          losses: z.array(z.number()),
          kept: z.int(),
        }),
      ),
    ),
  ),
  errorCorrelation: z.object({
    members: z.array(z.string()),
    tasks: z.record(z.string(), z.array(z.array(z.nullable(z.number())))),
  }),
  chains: z.optional(z.array(z.object({ model: z.string(), order: z.array(z.string()) }))),
});
export type EnsembleDetail = z.infer<typeof ensembleDetail>;

const chosenValue = z.union([
  z.object({ value: z.json() }),
  z.object({ byTask: z.record(z.string(), z.json()) }),
]);

export const leaderboardRow = z.object({
  rank: z.optional(z.int()),
  name: z.string(),
  role: z.enum(['baseline', 'model', 'ensemble']),
  baselineOf: z.optional(z.string()),
  learner: z.string(),
  lambda: z.nullable(z.union([z.number(), z.record(z.string(), z.number())])),
  hyperparameters: z.optional(z.record(z.string(), chosenValue)),
  scores: z.record(z.string(), scores),
  mean: z.number(),
  /** Metrics of all tasks together. */
  together: z.optional(scores),
  validation: z.object({
    scores: z.record(z.string(), scores),
    mean: z.number(),
    selectedOnThis: z.boolean(),
    together: z.optional(scores),
  }),
  /** By an outer loop around tuning and refit: nothing was selected on it. */
  nested: z.optional(z.object({ scores: z.record(z.string(), scores), mean: z.number() })),
  /** 1: base model, 2: ensemble, 3: learned from predictions. */
  level: z.optional(z.int()),
  cpuSeconds: z.number(),
  fitSeconds: z.optional(z.number()),
  /** Of 1,000 rows. */
  predictSeconds: z.optional(z.number()),
  sizeBytes: z.optional(z.number()),
  parameters: z.optional(z.number()),
  /** On the front of mean skill against CPU seconds. */
  onFront: z.optional(z.boolean()),
  negativeTransfer: z.array(z.string()),
  differences: z.optional(z.record(z.string(), difference)),
  meanDifference: z.optional(meanDifference),
  members: z.optional(z.array(z.string())),
  weights: z.optional(z.record(z.string(), z.array(z.number()))),
  ensemble: z.optional(ensembleDetail),
  thresholds: z.optional(z.record(z.string(), z.number())),
  warnings: z.array(z.string()),
});
export type LeaderboardRow = z.infer<typeof leaderboardRow>;

export const leaderboard = z.object({
  split: z.enum(['test', 'validation']),
  tasks: z.array(
    z.object({
      id: z.string(),
      type: z.enum(['regression', 'binary', 'multiclass']),
      primary: z.string(),
      labelled: z.int(),
      labelledTest: z.int(),
    }),
  ),
  metrics: z.optional(z.array(z.string())),
  relatedness: z.optional(relatedness),
  advice: z.optional(z.array(z.string())),
  rows: z.array(leaderboardRow),
});
export type Leaderboard = z.infer<typeof leaderboard>;
