/** Tables whose columns depend on what was run, and two of their rows compared. */
// `zod/mini`: the webview bundles these schemas, and the whole of zod would be most of its size.
import * as z from 'zod/mini';

type Cell = string | number | null;

function isRow(value: unknown): value is Cell[] {
  return Array.isArray(value) && value.every(isCell);
}

function isCell(value: unknown): value is Cell {
  return value === null || typeof value === 'string' || Number.isFinite(value);
}

/** A row of a table, in the order of its columns. In one go: a schema for each of a table's cells holds its host for long. */
export const tableRow = z.custom<Cell[]>(isRow);

/** A table whose columns depend on what was run. */
export const runTable = z.object({
  columns: z.array(
    z.object({
      id: z.string(),
      label: z.string(),
      /** Second line of the head: the metric of a task's column. */
      sub: z.optional(z.string()),
      /** Row of the leaderboard that it is of: the label begins with its name. */
      row: z.optional(z.string()),
      /** Of the mean of a single-task baseline: the row that it is the baseline of. */
      baselineOf: z.optional(z.string()),
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
