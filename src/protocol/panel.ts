/**
 * Messages between the extension host and the metrics panel, validated on both sides.
 * The host owns the data and never sends any for a hidden panel. Curves, paths and tables come as a snapshot, which begins
 * a generation, and then as deltas numbered from 1 within it; a panel that misses one asks for a snapshot (`resync`). What
 * is small (`overview`) comes whole when it changes. The panel owns what is looked at (`watch`) and says so.
 * What persists is the panel's identity alone.
 */
import * as z from 'zod/mini';
import { leaderboard } from './leaderboard';
import {
  curveSource,
  curvesDelta,
  curvesPart,
  MOST_BESIDE,
  pathsDelta,
  pathsPart,
  rowsDelta,
  scope,
  stepRange,
} from './parts';
import { runDetail, runSummary } from './runs';
import { pairedComparison, runTable } from './tables';

/** Views of the panel, in the order of its tabs; a command can open it at each. */
export const section = z.enum([
  'leaderboard',
  'path',
  'curves',
  'ensembles',
  'tasks',
  'trials',
  'compare',
  'sweep',
]);
export type Section = z.infer<typeof section>;

/** All that a panel needs to be restored: which experiment, which run of it (null: the newest), which model. */
export const panelState = z.object({
  /** Absolute path of the experiment file. */
  experiment: z.string(),
  run: z.nullable(z.string()),
  model: z.nullable(z.string()),
  /** The view that is shown; absent: the first. */
  view: z.optional(section),
});
export type PanelState = z.infer<typeof panelState>;

/** A hyperparameter that a sweep may go over. */
export const hyperparameter = z.object({
  name: z.string(),
  kind: z.enum(['number', 'integer', 'text', 'boolean', 'other']),
  /** What it may be, where these are few. */
  options: z.optional(z.array(z.string())),
  /** As the file has it, else by default; empty: neither. */
  value: z.string(),
  description: z.string(),
});
export type Hyperparameter = z.infer<typeof hyperparameter>;

/** A sweep as the experiment file writes it; what it says is checked by who reads such files. */
export const sweepSpec = z.looseObject({ model: z.string(), over: z.record(z.string(), z.unknown()) });
export type SweepSpec = z.infer<typeof sweepSpec>;

/** A model of the experiment file that has a λ, or other hyperparameters, to sweep. */
const sweepableModel = z.object({
  name: z.string(),
  kind: z.string(),
  /** It has a λ. */
  lambda: z.boolean(),
  hyperparameters: z.array(hyperparameter),
  /** A λ_max is defined, so `from` may be left empty. */
  lambdaMax: z.boolean(),
  /** Smallest over largest λ where `to` is left empty. */
  ratio: z.number(),
  /** The grid the file states, where it states one. */
  from: z.nullable(z.number()),
  to: z.nullable(z.number()),
  points: z.nullable(z.int()),
});
export type SweepableModel = z.infer<typeof sweepableModel>;

export const overview = z.object({
  kind: z.literal('overview'),
  /** What was chosen to be looked at. */
  state: panelState,
  /** The model whose path and curves are looked at; null: there is none. */
  model: z.nullable(z.string()),
  experimentName: z.string(),
  /** Runs of this experiment, newest first. */
  runs: z.array(runSummary),
  detail: z.nullable(runDetail),
  leaderboard: z.nullable(leaderboard),
  sweepable: z.array(sweepableModel),
  /** Folds and tasks of the experiment. */
  folds: z.int(),
  tasks: z.int(),
  /** False in Restricted Mode: everything can be read, nothing runs. */
  trusted: z.boolean(),
});
export type Overview = z.infer<typeof overview>;

/** A row of the leaderboard of a run. */
export const boardRow = z.object({ run: z.string(), row: z.string() });
export type BoardRow = z.infer<typeof boardRow>;

export const hostMessage = z.discriminatedUnion('kind', [
  overview,
  curvesPart,
  curvesDelta,
  pathsPart,
  pathsDelta,
  z.object({ kind: z.literal('trials'), generation: z.int(), run: z.string(), table: runTable }),
  /** Runs of the experiment beside each other. */
  z.object({ kind: z.literal('compare'), generation: z.int(), table: runTable }),
  rowsDelta,
  /** Answer to `pair`: a comparison, or why there is none. */
  z.object({
    kind: z.literal('paired'),
    a: boardRow,
    b: boardRow,
    comparison: z.nullable(pairedComparison),
    problem: z.nullable(z.string()),
  }),
  /** Open at a view, and (sweep) at a model. */
  z.object({
    kind: z.literal('reveal'),
    section,
    model: z.nullable(z.string()),
    /** The runs to compare, where some were chosen. */
    runs: z.optional(z.array(z.string())),
  }),
  /** What a sweep would take, or why it cannot be; `asked` is the sweep as it was sent. */
  z.object({
    kind: z.literal('forecast'),
    asked: z.string(),
    forecast: z.nullable(
      z.object({
        fits: z.int(),
        seconds: z.number(),
        basis: z.enum(['measured', 'guessed']),
        reused: z.int(),
        workers: z.int(),
      }),
    ),
    problem: z.nullable(z.string()),
  }),
  /** What came of a launched sweep. */
  z.object({ kind: z.literal('launched'), ok: z.boolean(), message: z.string() }),
  /** Something to say that is not about data: the store cannot be read, the experiment file is gone, … */
  z.object({ kind: z.literal('problem'), message: z.nullable(z.string()) }),
]);
export type HostMessage = z.infer<typeof hostMessage>;

/** λ from largest to smallest, log-spaced; `from` null: the model's λ_max; `to` null: `from` times the model's `ratio`. */
export const sweepRequest = z.object({
  model: z.string(),
  from: z.nullable(z.number().check(z.positive())),
  to: z.nullable(z.number().check(z.positive())),
  points: z.int().check(z.gte(1), z.lte(1000)),
  folds: z.int().check(z.gte(2), z.lte(100)),
});
export type SweepRequest = z.infer<typeof sweepRequest>;

export const panelMessage = z.discriminatedUnion('kind', [
  /** The panel's script runs and listens. */
  z.object({ kind: z.literal('ready') }),
  /** What is looked at. `configuration` null: the chosen one, or the first that has curves. */
  z.object({
    kind: z.literal('watch'),
    /** The view that is shown: nothing is sent of the others. */
    view: z.optional(section),
    run: z.nullable(z.string()),
    model: z.nullable(z.string()),
    configuration: z.nullable(z.int()),
    scope: z.optional(scope),
    /** Curves of one task; null: of all, or their distribution. */
    task: z.optional(z.nullable(z.string())),
    /** Zoomed to a part of the steps; null: all. */
    range: z.optional(z.nullable(stepRange)),
    /** Curves of these too. */
    beside: z.optional(z.array(curveSource).check(z.maxLength(MOST_BESIDE))),
  }),
  /** A delta is missing: the part is to be sent as a snapshot. */
  z.object({ kind: z.literal('resync'), part: z.enum(['curves', 'paths', 'trials', 'compare']) }),
  /** Saves what is shown where the person says. `content` is base64 for `png`, else text. */
  z.object({
    kind: z.literal('save'),
    name: z.string().check(z.regex(/^[\w.-]{1,120}$/)),
    format: z.enum(['svg', 'png', 'csv', 'md']),
    content: z.string().check(z.maxLength(64_000_000)),
  }),
  /** Compare two models on the same test rows. */
  z.object({ kind: z.literal('pair'), a: boardRow, b: boardRow }),
  z.object({ kind: z.literal('copy'), text: z.string().check(z.maxLength(64_000_000)) }),
  z.object({ kind: z.literal('forecast'), sweep: sweepSpec }),
  z.object({ kind: z.literal('sweep'), sweep: sweepSpec }),
  /** Put the sweep into the experiment file, as an edit that can be undone. */
  z.object({ kind: z.literal('writeSweep'), sweep: sweepSpec }),
  z.object({ kind: z.literal('pause'), run: z.string() }),
  z.object({ kind: z.literal('continue'), run: z.string() }),
  /** More configurations of a model of a complete run; `from` and `to` null: finer around the best. */
  z.object({
    kind: z.literal('extend'),
    run: z.string(),
    model: z.string(),
    points: z.int().check(z.gte(1), z.lte(1000)),
    from: z.nullable(z.number().check(z.positive())),
    to: z.nullable(z.number().check(z.positive())),
  }),
  z.object({ kind: z.literal('run') }),
  z.object({ kind: z.literal('stop'), run: z.string() }),
  z.object({ kind: z.literal('resume'), run: z.string() }),
  z.object({ kind: z.literal('openExperiment') }),
  z.object({ kind: z.literal('openPanel') }),
]);
export type PanelMessage = z.infer<typeof panelMessage>;
