/**
 * What the views ask of the query worker, and what it answers. The worker is a child process that reads the run
 * store through its index; the extension host only passes pages on to trees and panels.
 * One JSON message each way; `id` pairs an answer with its question.
 */
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
  fits: z.object({ done: z.int(), total: z.int() }),
  trials: z.object({ done: z.int(), failed: z.int(), running: z.int(), total: z.int() }),
  /** Estimated seconds left; null when unknown or over. */
  secondsLeft: z.nullable(z.number()),
  /** Best row of the leaderboard, once there is one. */
  best: z.nullable(z.object({ name: z.string(), mean: z.number() })),
  backend: z.nullable(z.string()),
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

/** Score against λ for one model: partial while the run is going (from the folds done so far). */
export const lambdaPath = z.object({
  model: z.string(),
  scope: z.enum(['joint', 'single-task', 'pooled']),
  folds: z.object({ done: z.int(), total: z.int() }),
  /** Descending λ. */
  points: z.array(
    z.object({
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
    }),
  ),
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

/** How a model stands while its run is going: the best configuration over the folds that are done. */
export const modelStanding = z.object({
  model: z.string(),
  folds: z.object({ done: z.int(), total: z.int() }),
  /** Mean skill over tasks on held-out folds; null before the first fold is done. */
  mean: z.nullable(z.number()),
  tasks: z.array(z.object({ task: z.string(), metric: z.string(), mean: z.nullable(z.number()) })),
});
export type ModelStanding = z.infer<typeof modelStanding>;

const cell = z.nullable(z.union([z.string(), z.number()]));

/** A row of a table, in the order of its columns. */
export const tableRow = z.array(cell);

/** A table whose columns depend on what was run. */
export const runTable = z.object({
  columns: z.array(
    z.object({
      id: z.string(),
      label: z.string(),
      /** Second line of the head: the metric of a task's column. */
      sub: z.optional(z.string()),
      kind: z.enum(['text', 'number']),
      /** What the column is: who it is of, a hyperparameter, a score, what it cost. */
      role: z.enum(['identity', 'parameter', 'score', 'cost']),
    }),
  ),
  /** In the order of the columns. */
  rows: z.array(tableRow),
  /** Rows there are; `rows` has the first of them where they are too many to be looked at. */
  total: z.int(),
});
export type RunTable = z.infer<typeof runTable>;

/** Two rows of leaderboards, compared on the same test rows. `value` is positive where `a` is better. */
export const pairedComparison = z.object({
  split: z.enum(['test', 'validation']),
  tasks: z.array(
    z.object({
      task: z.string(),
      metric: z.string(),
      value: z.number(),
      interval: z.tuple([z.number(), z.number()]),
      p: z.number(),
      verdict: z.enum(['a is better', 'no difference shown', 'b is better', 'too few rows to tell']),
      rows: z.int(),
    }),
  ),
});
export type PairedComparison = z.infer<typeof pairedComparison>;

const boardRow = z.object({ run: z.string(), row: z.string() });

export const query = z.discriminatedUnion('kind', [
  /** Newest first. `stores`: absolute paths of the `.taskweave` folders to look in. */
  z.object({
    kind: z.literal('runs'),
    stores: z.array(z.string()),
    offset: z.int(),
    limit: z.int(),
    /** Deleted runs instead of the others. */
    deleted: z.optional(z.boolean()),
  }),
  /** Summaries of certain runs of a store, deleted ones included; those it does not have are left out. */
  z.object({ kind: z.literal('summaries'), store: z.string(), runs: z.array(z.string()) }),
  /** Adds a mark to a run. */
  z.object({ kind: z.literal('mark'), store: z.string(), run: z.string(), change: markChange }),
  /** How the models of a run stand, from the folds done so far. */
  z.object({ kind: z.literal('standing'), store: z.string(), run: z.string() }),
  /** Text of the experiment file as it was when the run began, and what was asked for beside it. */
  z.object({ kind: z.literal('text'), store: z.string(), run: z.string() }),
  /** Column names of a table, by its absolute path. */
  z.object({ kind: z.literal('columns'), path: z.string() }),
  z.object({ kind: z.literal('run'), store: z.string(), run: z.string() }),
  z.object({
    kind: z.literal('curves'),
    store: z.string(),
    run: z.string(),
    model: z.optional(z.string()),
    scope: z.optional(z.enum(['joint', 'single-task', 'pooled'])),
    /** Curves of this configuration only. */
    configuration: z.optional(z.int()),
    /** Curves of this task, and of the whole model. */
    task: z.optional(z.string()),
    quantities: z.optional(z.array(quantity)),
    /** Steps from and to, both included: thinned less. */
    range: z.optional(z.object({ from: z.number(), to: z.number() })),
    /** Points a curve at most; 0: all. */
    maxPoints: z.int(),
  }),
  z.object({
    kind: z.literal('distribution'),
    store: z.string(),
    run: z.string(),
    model: z.string(),
    scope: z.enum(['joint', 'single-task', 'pooled']),
    configuration: z.int(),
    quantity: z.enum(['taskLoss', 'validationLoss']),
    range: z.optional(z.object({ from: z.number(), to: z.number() })),
    maxPoints: z.int(),
  }),
  /** Every fit of a run: a row a configuration and fold. */
  z.object({ kind: z.literal('trials'), store: z.string(), run: z.string(), limit: z.int() }),
  /** Runs of one experiment beside each other: a row a run. `runs` absent: all of them, newest first. */
  z.object({
    kind: z.literal('compare'),
    store: z.string(),
    experiment: z.string(),
    runs: z.optional(z.array(z.string())),
    limit: z.int(),
  }),
  /** Two models, by the names of their rows, of the same or of two runs on the same data. */
  z.object({ kind: z.literal('paired'), store: z.string(), a: boardRow, b: boardRow }),
  z.object({ kind: z.literal('path'), store: z.string(), run: z.string(), model: z.string() }),
]);
export type Query = z.infer<typeof query>;

export const answers = {
  runs: z.object({
    runs: z.array(runSummary),
    total: z.int(),
    /** Runs of the stores whose records this version cannot read, and why; absent: none. */
    unreadable: z.optional(z.array(unreadableRun)),
  }),
  run: runDetail,
  curves: z.object({ curves: z.array(curve) }),
  distribution,
  trials: runTable,
  compare: runTable,
  paired: pairedComparison,
  path: z.object({ paths: z.array(lambdaPath) }),
  summaries: z.object({ runs: z.array(runSummary) }),
  mark: z.object({ marks: runMarks }),
  standing: z.object({ models: z.array(modelStanding) }),
  /** `sweep`: what was asked for by flags, where the run is a sweep of that kind. */
  text: z.object({ text: z.nullable(z.string()), sweep: z.optional(z.unknown()) }),
  columns: z.object({ columns: z.array(z.string()) }),
} as const;
export type Answer<K extends Query['kind']> = z.infer<(typeof answers)[K]>;

/** Host to query worker. */
export const queryMessage = z.object({ id: z.int(), query });
/** Query worker to host; `changed` is sent unasked when a watched store has new events (at most 10 a second). */
export const queryReply = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('answer'), id: z.int(), answer: z.unknown() }),
  z.object({ kind: z.literal('error'), id: z.int(), code: z.string(), message: z.string() }),
  z.object({ kind: z.literal('changed'), store: z.string(), runs: z.array(z.string()) }),
]);
export type QueryReply = z.infer<typeof queryReply>;
