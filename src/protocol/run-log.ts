/** The story of a run, line by line: who worked on it, what began, ended, was lost, tried again or failed. */
import * as z from 'zod/mini';
import { runStatus } from './runs';

const at = { /** ISO 8601. */ time: z.string() };
/** What people call a trial: its model, fold and scope. */
const ofTrial = { ...at, label: z.string(), attempt: z.int() };

export const logEntry = z.discriminatedUnion('kind', [
  z.object({
    ...at,
    kind: z.literal('opened'),
    workers: z.int(),
    pid: z.int(),
    host: z.string(),
    resumed: z.boolean(),
  }),
  z.object({ ...at, kind: z.literal('planned'), trials: z.int(), fits: z.int() }),
  z.object({ ...at, kind: z.literal('reused'), from: z.string(), trials: z.int() }),
  z.object({ ...at, kind: z.literal('queued') }),
  z.object({ ...at, kind: z.literal('admitted') }),
  z.object({ ...at, kind: z.literal('paused') }),
  z.object({ ...at, kind: z.literal('continued') }),
  z.object({ ...ofTrial, kind: z.literal('begun'), pid: z.nullable(z.int()) }),
  z.object({
    ...ofTrial,
    kind: z.literal('ended'),
    outcome: z.enum(['completed', 'failed', 'cancelled']),
    /** Wall-clock and CPU time that it took. */
    seconds: z.number(),
    cpuSeconds: z.number(),
    message: z.nullable(z.string()),
  }),
  z.object({ ...ofTrial, kind: z.literal('warning'), message: z.string() }),
  z.object({ ...ofTrial, kind: z.literal('lost'), reason: z.string() }),
  z.object({ ...ofTrial, kind: z.literal('retry'), reason: z.string() }),
  z.object({ ...at, kind: z.literal('skipped'), label: z.string() }),
  z.object({
    ...at,
    kind: z.literal('closed'),
    outcome: z.enum(['completed', 'failed', 'cancelled']),
    message: z.nullable(z.string()),
  }),
]);
export type LogEntry = z.infer<typeof logEntry>;

export const runLog = z.object({
  run: z.string(),
  name: z.string(),
  status: runStatus,
  /** Absolute path of the run's folder. */
  folder: z.string(),
  /** What it was computed with: `Taskweave 0.1.0`, `Node v24.1.0`, … */
  madeWith: z.array(z.string()),
  workers: z.int(),
  trials: z.object({ done: z.int(), failed: z.int(), running: z.int(), total: z.int() }),
  /** In the order of time, the last ones where there are many. */
  entries: z.array(logEntry),
  /** Entries that there are. */
  total: z.int(),
});
export type RunLog = z.infer<typeof runLog>;
