import * as z from 'zod';
import type { Diagnostic, LambdaMax } from '../core/experiment';

const diagnostic: z.ZodType<Diagnostic> = z.looseObject({
  severity: z.enum(['error', 'warning']),
  code: z.string(),
  message: z.string(),
  remedy: z.string().optional(),
  line: z.int(),
  column: z.int(),
  endLine: z.int(),
  endColumn: z.int(),
  replacement: z.string().optional(),
});

const task = z.object({
  id: z.string(),
  type: z.enum(['regression', 'binary', 'multiclass']),
  weight: z.number(),
  classes: z.array(z.string()),
});

const lambdaMax: z.ZodType<LambdaMax> = z.object({
  joint: z.number().optional(),
  twin: z.array(z.number()).optional(),
  pooled: z.number().optional(),
});

/** What a worker found out about an experiment and its data; with errors among the diagnostics, no more than those. */
export const preparedFinding = z.object({
  diagnostics: z.array(diagnostic),
  ready: z
    .object({
      fingerprint: z.string(),
      tasks: z.array(task),
      /** As `run.json` keeps them. */
      shown: z.array(
        z.object({
          id: z.string(),
          type: task.shape.type,
          target: z.string(),
          classes: z.array(z.string()),
          labelled: z.int(),
          primary: z.string(),
        }),
      ),
      longForm: z.boolean(),
      /** Folds by a column: how many it makes; absent: the experiment says. */
      folds: z.int().optional(),
      /** What estimates need: rows that train, features, and bytes of all columns. */
      size: z.object({ rows: z.int(), features: z.int(), bytes: z.int() }),
      lambdaMax: z.record(z.string(), lambdaMax),
      backend: z.enum(['wasm', 'native', 'cpu']).nullable(),
    })
    .optional(),
});
export type PreparedFinding = z.infer<typeof preparedFinding>;
