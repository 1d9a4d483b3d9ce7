/** What a panel draws, in snapshots and in what changed since: curves, paths, tables. */
// `zod/mini`: the webview bundles these schemas, and the whole of zod would be most of its size.
import * as z from 'zod/mini';
import { curve, distribution, lambdaPath, pathHead, pathPoint } from './curves';
import { tableRow } from './tables';

export const scope = z.enum(['joint', 'single-task', 'pooled']);
export type Scope = z.infer<typeof scope>;

/** Steps from and to, both included. */
export const stepRange = z.object({ from: z.number(), to: z.number() });
export type StepRange = z.infer<typeof stepRange>;

/** @returns the schema, with the run that it is of */
function sourced<S extends z.core.$ZodShape>(schema: z.ZodMiniObject<S>) {
  return z.extend(schema, { run: z.string() });
}

/** A model of a run. */
export const curveSource = z.object({ run: z.string(), model: z.string() });
export type CurveSource = z.infer<typeof curveSource>;

/** Models whose curves are drawn beside those of the one that is looked at, at most. */
export const MOST_BESIDE = 12;

export const curvesPart = z.object({
  kind: z.literal('curves'),
  generation: z.int(),
  run: z.string(),
  model: z.string(),
  scope,
  /** Scopes that the model was fitted in. */
  scopes: z.array(scope),
  /** Every configuration, in order of the path; `curves` are those of one of them. */
  configurations: z.array(
    z.object({
      configuration: z.int(),
      lambda: z.nullable(z.number()),
      /** Swept hyperparameters besides λ; absent: λ alone is swept. */
      values: z.optional(z.record(z.string(), z.union([z.string(), z.number()]))),
    }),
  ),
  configuration: z.nullable(z.int()),
  /** The one task whose curves these are; null: every task's, or where tasks are many their distribution. */
  task: z.nullable(z.string()),
  /** The part of the steps that the points are of; null: all. */
  range: z.nullable(stepRange),
  /** Models of this and of other runs whose curves come beside those of the first. */
  beside: z.array(curveSource),
  /** Of the first, then of those beside it. */
  curves: z.array(sourced(curve)),
  distributions: z.array(sourced(distribution)),
});
export type CurvesPart = z.infer<typeof curvesPart>;
export type SourcedCurve = CurvesPart['curves'][number];
export type SourcedDistribution = CurvesPart['distributions'][number];

export const curvesDelta = z.object({
  kind: z.literal('curvesDelta'),
  generation: z.int(),
  sequence: z.int(),
  /** Of known curves, by `curveKey`: how many points stay, and what comes after them. */
  grown: z.array(
    z.object({
      key: z.string(),
      keep: z.int(),
      steps: z.array(z.number()),
      values: z.array(z.nullable(z.number())),
      total: z.int(),
    }),
  ),
  added: z.array(sourced(curve)),
  /** All of them anew; null: as they were. */
  distributions: z.nullable(z.array(sourced(distribution))),
});
export type CurvesDelta = z.infer<typeof curvesDelta>;

export const pathsPart = z.object({
  kind: z.literal('paths'),
  generation: z.int(),
  run: z.string(),
  model: z.string(),
  paths: z.array(lambdaPath),
});
export type PathsPart = z.infer<typeof pathsPart>;

export const pathsDelta = z.object({
  kind: z.literal('pathsDelta'),
  generation: z.int(),
  sequence: z.int(),
  /** Of paths that changed. */
  paths: z.array(
    z.object({
      scope,
      /** Null: as it was. */
      head: z.nullable(pathHead),
      /** Points that are new or changed. */
      points: z.array(z.object({ at: z.int(), point: pathPoint })),
    }),
  ),
});
export type PathsDelta = z.infer<typeof pathsDelta>;

/** Parts that are tables. */
const tablePart = z.enum(['trials', 'compare']);
export type TablePart = z.infer<typeof tablePart>;

export const rowsDelta = z.object({
  kind: z.literal('rowsDelta'),
  part: tablePart,
  generation: z.int(),
  sequence: z.int(),
  /** Rows that are new, or have a cell that is. */
  rows: z.array(z.object({ at: z.int(), row: tableRow })),
  total: z.int(),
});
export type RowsDelta = z.infer<typeof rowsDelta>;
