import * as z from 'zod';

/** Version of the event format; a reader keeps and skips kinds it does not know. */
export const EVENT_VERSION = 1;

const base = {
  v: z.literal(EVENT_VERSION),
  /** 0, 1, 2, … within one attempt. */
  seq: z.int().nonnegative(),
  /** Wall clock, ISO 8601; for people only, never for ordering. */
  time: z.string(),
  /** Seconds since the attempt started, monotonic. */
  mono: z.number().nonnegative(),
};

const convergence = z.object({
  converged: z.boolean(),
  iterations: z.number(),
  criterion: z.string(),
  residual: z.number().optional(),
});

/** Events of one attempt at one trial, in `trials/<trial id>/<attempt>.jsonl`. */
export const trialEvent = z.discriminatedUnion('kind', [
  z.object({
    ...base,
    kind: z.literal('start'),
    pid: z.int(),
    host: z.string(),
    backend: z.string().optional(),
    /** Went on from a checkpoint: what an earlier attempt wrote before that event stands at the beginning of this one. */
    resumedFrom: z.object({ attempt: z.int(), seq: z.int() }).optional(),
  }),
  /** One configuration fitted. */
  z.object({
    ...base,
    kind: z.literal('fitted'),
    configuration: z.int(),
    task: z.int().optional(),
    lambda: z.number().nullable(),
    convergence,
    sharedParameters: z.int(),
    privateParameters: z.int(),
    activeFeatures: z.int().optional(),
    totalFeatures: z.int().optional(),
    /** Norm over tasks of the weights of features, the strongest of them: how they grow along a λ path. */
    strength: z.record(z.string(), z.number()).optional(),
  }),
  /** Scores of one configuration for one task on the held-out rows of the trial's fold. */
  z.object({
    ...base,
    kind: z.literal('score'),
    configuration: z.int(),
    task: z.int(),
    split: z.enum(['validation', 'test']),
    metrics: z.record(z.string(), z.number().nullable()),
    rows: z.int(),
  }),
  /** Predictions written: float32, configuration-major, then column (tasks and classes in order), then row. */
  z.object({
    ...base,
    kind: z.literal('predictions'),
    file: z.string(),
    configurations: z.int(),
    columns: z.int(),
    rows: z.int(),
    /** `validation`: held-out rows (fit) or all training rows (ensemble); `test`: the test rows. */
    split: z.enum(['validation', 'test']),
    /** Time that predicting took, of all configurations. */
    seconds: z.number().nonnegative().optional(),
  }),
  z.object({ ...base, kind: z.literal('model'), file: z.string() }),
  /** What a select, ensemble or report trial found; its schema is the trial kind's. */
  z.object({ ...base, kind: z.literal('result'), result: z.unknown() }),
  /** Of a report: what its leaderboard leaves out, for whoever writes it up. The index skips it. */
  z.object({ ...base, kind: z.literal('diagnosis'), diagnosis: z.unknown() }),
  z.object({ ...base, kind: z.literal('warning'), message: z.string() }),
  z.object({
    ...base,
    kind: z.literal('end'),
    outcome: z.enum(['completed', 'failed', 'cancelled']),
    cpuSeconds: z.number(),
    wallSeconds: z.number(),
    error: z.object({ code: z.string(), message: z.string(), stack: z.string().optional() }).optional(),
  }),
]);
export type TrialEvent = z.infer<typeof trialEvent>;

/** Events of the run itself, in `events.jsonl`, written by coordinators only (one at a time holds the lock). */
export const runEvent = z.discriminatedUnion('kind', [
  z.object({
    ...base,
    kind: z.literal('opened'),
    pid: z.int(),
    host: z.string(),
    workers: z.int(),
    resumed: z.boolean(),
  }),
  z.object({ ...base, kind: z.literal('planned'), plan: z.int(), trials: z.int(), fits: z.int() }),
  /** Finished trials of an earlier run that are the same work: they stand here too. */
  z.object({ ...base, kind: z.literal('reused'), from: z.string(), trials: z.int() }),
  /** Others are at work or wait before it; nothing is handed out until it is admitted. */
  z.object({ ...base, kind: z.literal('queued') }),
  z.object({ ...base, kind: z.literal('admitted') }),
  z.object({ ...base, kind: z.literal('paused') }),
  z.object({ ...base, kind: z.literal('continued') }),
  /** A trial that will not run, because one it builds on failed. */
  z.object({ ...base, kind: z.literal('skipped'), trial: z.string(), reason: z.string() }),
  /** An attempt that ended without saying so: its process was killed. */
  z.object({
    ...base,
    kind: z.literal('lost'),
    trial: z.string(),
    attempt: z.int(),
    reason: z.enum(['killed', 'out-of-memory', 'cancelled']),
  }),
  z.object({ ...base, kind: z.literal('retry'), trial: z.string(), attempt: z.int(), reason: z.string() }),
  z.object({
    ...base,
    kind: z.literal('closed'),
    outcome: z.enum(['completed', 'failed', 'cancelled']),
    message: z.string().optional(),
  }),
]);
export type RunEvent = z.infer<typeof runEvent>;

/** Lines of `control.jsonl`: what people ask of a running coordinator. */
export const controlCommand = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('cancel'), time: z.string() }),
  z.object({ kind: z.literal('pause'), time: z.string() }),
  z.object({ kind: z.literal('continue'), time: z.string() }),
]);
export type ControlCommand = z.infer<typeof controlCommand>;
