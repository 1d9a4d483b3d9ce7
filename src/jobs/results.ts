import * as z from 'zod';
import type { EnsembleResult } from '../core/ensemble';
import type { Diagnosis, Leaderboard } from '../core/evaluate';
import { leaderboard } from '../protocol/leaderboard';
import { completedAttempt, type RunFolder, readAttempts } from '../store';

/** JSON writes NaN as null; both mean that there is no score. */
const score = z.number().nullable();

const configuration = z.object({ lambda: z.number().optional(), parameters: z.record(z.string(), z.json()) });

/** Result of a `search` trial: the configurations it proposes, one list, or one a task. */
export const searchResult = z.object({
  configurations: z.array(z.array(configuration)),
  /** Their numbers among all of the model. */
  numbers: z.array(z.array(z.int())),
  /** Their coordinates in the unit cube of what is searched. */
  units: z.array(z.array(z.array(z.number()))),
});

const values = z.record(z.string(), z.json());

/** Result of a `select` trial, as its event holds it. */
export const selectionResult = z.object({
  rule: z.enum(['best', 'one-standard-error']),
  chosen: z.array(z.int().nonnegative()).min(1),
  chosenLambda: z.array(z.number().nullable()),
  best: z.array(z.int()),
  oneStandardError: z.array(z.int()),
  chosenValues: z.array(values).optional(),
  byTask: z.array(z.int()).optional(),
  path: z.array(
    z.object({
      configuration: z.int(),
      lambda: z.array(z.number().nullable()),
      values: z.array(values).optional(),
      mean: score,
      standardError: score,
      tasks: z.array(z.object({ mean: score, standardError: score })),
    }),
  ),
  warnings: z.array(z.string()),
});
export type SelectionResult = z.infer<typeof selectionResult>;

/** Result of an `ensemble` trial, as its event holds it. */
export const ensembleResult: z.ZodType<EnsembleResult> = z.object({
  members: z.array(z.string()),
  weights: z.array(z.array(z.number())),
  influence: z.array(z.array(z.number())).optional(),
  lambdas: z.array(z.number().nullable()).optional(),
  selections: z
    .array(
      z.array(
        z.object({
          start: z.array(z.int()),
          added: z.array(z.int()),
          losses: z.array(z.number()),
          kept: z.int(),
        }),
      ),
    )
    .optional(),
  errorCorrelation: z.object({
    members: z.array(z.string()),
    tasks: z.array(z.array(z.array(z.number().nullable()))),
  }),
  chains: z.array(z.object({ model: z.string(), order: z.array(z.string()) })).optional(),
});

/** The leaderboard that a run's report wrote; null where it has not completed. */
export function readLeaderboard(run: RunFolder, report: string): Leaderboard | null {
  const story = completedAttempt(run, readAttempts(run, report), report);
  const event = story?.events.findLast((one) => one.kind === 'result');
  return event === undefined ? null : leaderboard.parse(event.result);
}

/** Result of a `transfer` trial: gains[task][other] in skill. */
export const transferResult = z.object({ gains: z.array(z.array(score)) });

const reliabilityBin = z.object({
  from: z.number(),
  to: z.number(),
  weight: z.number(),
  rows: z.int(),
  predicted: z.number(),
  observed: z.number(),
});

/** What a report trial tells of calibration and residuals, as its event holds it. */
export const diagnosis: z.ZodType<Diagnosis> = z.object({
  split: z.enum(['test', 'validation']),
  rows: z.array(
    z.object({
      name: z.string(),
      tasks: z.array(
        z.discriminatedUnion('kind', [
          z.object({
            task: z.string(),
            kind: z.literal('reliability'),
            ece: z.number(),
            bins: z.array(reliabilityBin),
          }),
          z.object({
            task: z.string(),
            kind: z.literal('residuals'),
            checks: z.object({
              rows: z.int(),
              bias: z.number(),
              standardDeviation: z.number(),
              skewness: z.number(),
              excessKurtosis: z.number(),
              slope: z.number().nullable(),
              spread: z.number().nullable(),
              bins: z.array(z.object({ predicted: z.number(), residual: z.number(), sd: z.number() })),
              quantiles: z.array(z.number()),
            }),
          }),
        ]),
      ),
    }),
  ),
});
