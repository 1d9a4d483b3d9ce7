/**
 * Forms of what comes from outside the extension host: what child processes, panels, assistants and the editor's memory say. A bundle of its
 * own (`outside.ts` loads it): making these schemas takes longer than all else that the extension does to start.
 */
import * as z from 'zod/mini';

export { prettifyError } from 'zod/mini';
export { leaderboard } from '../protocol/leaderboard';
export { panelMessage, panelState } from '../protocol/panel';
export { answers, queryReply } from '../protocol/queries';

/** What `taskweave run --dry-run --json` says that a sweep would take. */
export const forecast = z.object({
  fits: z.int(),
  reused: z.int(),
  workers: z.int(),
  estimate: z.object({ seconds: z.number(), basis: z.enum(['measured', 'guessed']) }),
});

/** What `taskweave validate --json` says. */
export const validationReport = z.object({
  diagnostics: z.array(
    z.object({
      severity: z.enum(['error', 'warning']),
      code: z.string(),
      message: z.string(),
      remedy: z.optional(z.string()),
      line: z.int(),
      column: z.int(),
      endLine: z.int(),
      endColumn: z.int(),
      replacement: z.optional(z.string()),
    }),
  ),
  tasks: z.optional(
    z.array(z.object({ id: z.string(), type: z.string(), target: z.string(), labelled: z.int() })),
  ),
});

/** What is kept over a reload of the tabs that show a report; a run's id as the store makes them. */
export const openedReports = z.array(
  z.object({
    title: z.string(),
    experiment: z.string(),
    run: z.string().check(z.regex(/^\d{8}-\d{6}-[0-9a-f]{6}$/)),
  }),
);

/** A sweep of λ as the command line is asked for it; what was not given is left out. */
export const sweepByFlags = z.object({
  model: z.string(),
  points: z.number(),
  from: z.optional(z.number()),
  to: z.optional(z.number()),
  folds: z.optional(z.number()),
  rule: z.optional(z.string()),
});
export const sweepAsWritten = z.looseObject({ model: z.string(), over: z.record(z.string(), z.unknown()) });

/** What a language model hands to each tool. */
export const toolInputs = {
  validate: z.object({ experiment: z.string() }),
  sweep: z.object({
    experiment: z.string(),
    model: z.string(),
    points: z._default(z.int().check(z.gte(1), z.lte(1000)), 20),
    folds: z.optional(z.int().check(z.gte(2), z.lte(100))),
    maxFits: z.int().check(z.gte(1)),
    cpuSeconds: z.number().check(z.positive()),
  }),
  leaderboard: z.object({ experiment: z.string(), run: z.optional(z.string()) }),
} as const;
