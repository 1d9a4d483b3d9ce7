/**
 * What the views ask of the query worker, and what it answers. The worker is a child process that reads the run
 * store through its index; the extension host only passes pages on to trees and panels.
 * One JSON message each way; `id` pairs an answer with its question.
 */
// `zod/mini`: the webview bundles these schemas, and the whole of zod would be most of its size.
import * as z from 'zod/mini';
import { curve, distribution, lambdaPath, quantity } from './curves';
import { runLog } from './run-log';
import { markChange, modelStanding, runDetail, runMarks, runSummary, unreadableRun } from './runs';
import { pairedComparison, runTable } from './tables';

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
  /** The story of a run: its last `limit` lines. */
  z.object({ kind: z.literal('log'), store: z.string(), run: z.string(), limit: z.int() }),
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
  curves: z.object({
    curves: z.array(curve),
    /** Configurations of the model and scope that have curves, whatever was asked for of them. */
    recorded: z.array(z.int()),
  }),
  distribution,
  trials: runTable,
  log: runLog,
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
