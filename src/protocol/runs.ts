/** What is known of a run: its summary, its marks, the state and standing of its models. */
// `zod/mini`: the webview bundles these schemas, and the whole of zod would be most of its size.
import * as z from 'zod/mini';

export const runStatus = z.enum([
  'queued',
  'running',
  'paused',
  'completed',
  'failed',
  'cancelled',
  'interrupted',
]);
export type RunStatus = z.infer<typeof runStatus>;

/** What people added to a run. */
export const runMarks = z.object({
  star: z.boolean(),
  /** Null: the run's own name. */
  name: z.nullable(z.string()),
  note: z.nullable(z.string()),
  tags: z.array(z.string()),
  /** Hidden from lists until it is restored; its files stay. */
  deleted: z.boolean(),
});
export type RunMarks = z.infer<typeof runMarks>;

/** A change of marks: what is left out stays; an empty name or note takes it away. */
export const markChange = z.object({
  star: z.optional(z.boolean()),
  name: z.optional(z.string()),
  note: z.optional(z.string()),
  tags: z.optional(z.array(z.string())),
  deleted: z.optional(z.boolean()),
});
export type MarkChange = z.infer<typeof markChange>;

/** A run as lists show it. `interrupted`: not ended, and no coordinator alive; it can be resumed. */
export const runSummary = z.object({
  run: z.string(),
  /** Absolute path of the experiment file the run was made from. */
  experiment: z.string(),
  name: z.string(),
  status: runStatus,
  /** ISO 8601. */
  started: z.string(),
  ended: z.nullable(z.string()),
  /** Seconds by the clock that it was at work, in line and paused times apart; absent before it has ended. */
  worked: z.optional(z.number()),
  fits: z.object({ done: z.int(), total: z.int() }),
  trials: z.object({ done: z.int(), failed: z.int(), running: z.int(), total: z.int() }),
  /** Estimated seconds left; null when unknown or over. */
  secondsLeft: z.nullable(z.number()),
  /** Best row of the leaderboard, once there is one. */
  best: z.nullable(z.object({ name: z.string(), mean: z.number() })),
  backend: z.nullable(z.string()),
  /** Processors that it trains on, or trained on; absent before it begins. */
  workers: z.optional(z.int()),
  /** Of a queued run: its place among those that wait, from 1, and the runs that it waits for first. */
  queue: z.optional(
    z.object({ place: z.int(), after: z.array(z.object({ name: z.string(), started: z.string() })) }),
  ),
  /** Absent where nobody has marked it. */
  marks: z.optional(runMarks),
});
export type RunSummary = z.infer<typeof runSummary>;

/** A run whose record is torn, or another version's: it costs itself alone. */
export const unreadableRun = z.object({ store: z.string(), run: z.string(), message: z.string() });
export type UnreadableRun = z.infer<typeof unreadableRun>;

/** State of one model (or ensemble) of a run; scope `joint` is the model itself, the others its baselines. */
export const modelState = z.object({
  name: z.string(),
  role: z.enum(['baseline', 'model', 'ensemble']),
  model: z.string(),
  scope: z.enum(['joint', 'single-task', 'pooled']),
  status: z.enum(['waiting', 'running', 'completed', 'failed', 'cancelled']),
  fits: z.object({ done: z.int(), total: z.int() }),
});
export type ModelState = z.infer<typeof modelState>;

export const runDetail = z.object({
  summary: runSummary,
  tasks: z.array(
    z.object({
      id: z.string(),
      type: z.enum(['regression', 'binary', 'multiclass']),
      target: z.string(),
      labelled: z.int(),
      primary: z.string(),
    }),
  ),
  models: z.array(modelState),
  warnings: z.array(z.string()),
  /** Absolute path of the run's folder. */
  folder: z.string(),
  /** The leaderboard as `src/core/evaluate/leaderboard.ts` describes it; null until the run's report is done. */
  leaderboard: z.nullable(z.unknown()),
});
export type RunDetail = z.infer<typeof runDetail>;

/** How a model stands while its run is going: the best configuration over the folds that are done. */
export const modelStanding = z.object({
  model: z.string(),
  folds: z.object({ done: z.int(), total: z.int() }),
  /** Mean skill over tasks on held-out folds; null before the first fold is done. */
  mean: z.nullable(z.number()),
  tasks: z.array(z.object({ task: z.string(), metric: z.string(), mean: z.nullable(z.number()) })),
});
export type ModelStanding = z.infer<typeof modelStanding>;
