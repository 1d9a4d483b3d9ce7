/** The leaderboard as it crosses a process: the same shape as core's `Leaderboard`, checked at the edge. */
import * as z from 'zod/mini';

const scores = z.record(z.string(), z.nullable(z.number()));

export const difference = z.object({
  metric: z.string(),
  value: z.number(),
  interval: z.tuple([z.number(), z.number()]),
  p: z.number(),
  verdict: z.enum(['helped', 'no difference shown', 'negative transfer', 'too few rows to tell']),
  words: z.string(),
});

export const leaderboardRow = z.object({
  name: z.string(),
  role: z.enum(['baseline', 'model', 'ensemble']),
  baselineOf: z.optional(z.string()),
  learner: z.string(),
  lambda: z.nullable(z.union([z.number(), z.record(z.string(), z.number())])),
  scores: z.record(z.string(), scores),
  mean: z.number(),
  validation: z.object({
    scores: z.record(z.string(), scores),
    mean: z.number(),
    selectedOnThis: z.boolean(),
  }),
  cpuSeconds: z.number(),
  negativeTransfer: z.array(z.string()),
  differences: z.optional(z.record(z.string(), difference)),
  members: z.optional(z.array(z.string())),
  weights: z.optional(z.record(z.string(), z.array(z.number()))),
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
  rows: z.array(leaderboardRow),
});
export type Leaderboard = z.infer<typeof leaderboard>;
