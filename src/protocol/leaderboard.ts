/** The leaderboard as it crosses a process: the same shape as core's `Leaderboard`, checked at the edge. */
import * as z from 'zod/mini';

/**
 * A record whose values pass a plain check. A thousand tasks make tens of thousands of them, for which a schema each
 * takes longer than all the rest of a query.
 */
function recordOf<T>(isValue: (value: unknown) => value is T) {
  return z.custom<Record<string, T>>((value) => isRecord(value) && everyValue(value, isValue));
}

/** Without the array that `Object.values` would make for each of them. */
function everyValue(record: Record<string, unknown>, isValue: (value: unknown) => boolean): boolean {
  for (const key in record) if (!isValue(record[key])) return false;
  return true;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type Scores = Record<string, number | null>;

function isScores(value: unknown): value is Scores {
  return isRecord(value) && everyValue(value, isScore);
}

function isScore(value: unknown): value is number | null {
  return value === null || typeof value === 'number';
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}

function isNumbers(value: unknown): value is number[] {
  return Array.isArray(value) && value.every(isNumber);
}

const scores = z.custom<Scores>(isScores);
const scoresByTask = recordOf(isScores);

const verdicts = ['helped', 'no difference shown', 'negative transfer', 'too few rows to tell'] as const;
const verdict = z.enum(verdicts);

export interface Difference {
  readonly metric: string;
  readonly value: number;
  readonly interval: [number, number];
  readonly p: number;
  readonly verdict: (typeof verdicts)[number];
  readonly words: string;
}

function isDifference(value: unknown): value is Difference {
  if (!isRecord(value)) return false;
  const { metric, value: own, interval, p, verdict: said, words } = value;
  return (
    typeof metric === 'string' &&
    typeof words === 'string' &&
    isNumber(own) &&
    isNumber(p) &&
    isNumbers(interval) &&
    interval.length === 2 &&
    verdicts.some((known) => known === said)
  );
}

/** Over all tasks, in mean skill. */
const meanDifference = z.object({
  value: z.number(),
  interval: z.tuple([z.number(), z.number()]),
  p: z.number(),
  verdict,
  words: z.string(),
});

const matrix = z.array(z.array(z.nullable(z.number())));

/** Matrices over pairs of tasks, with the order and the clusters to draw them by. */
export const relatedness = z.object({
  tasks: z.array(z.string()),
  matrices: z.array(
    z.object({
      kind: z.enum(['parameters', 'predictions', 'gain']),
      of: z.string(),
      values: matrix,
      errors: z.optional(matrix),
      order: z.array(z.int()),
      clusters: z.array(z.int()),
    }),
  ),
});
export type Relatedness = z.infer<typeof relatedness>;

/** What an ensemble is made of: weights are the row's; here what a view of it draws besides. Records are by task. */
export const ensembleDetail = z.object({
  combine: z.string(),
  refit: z.boolean(),
  unused: z.array(z.string()),
  influence: z.optional(z.record(z.string(), z.array(z.number()))),
  lambdas: z.optional(z.record(z.string(), z.nullable(z.number()))),
  selections: z.optional(
    z.record(
      z.string(),
      z.array(
        z.object({
          start: z.array(z.int()),
          added: z.array(z.int()),
          losses: z.array(z.number()),
          kept: z.int(),
        }),
      ),
    ),
  ),
  errorCorrelation: z.object({
    members: z.array(z.string()),
    tasks: z.record(z.string(), z.array(z.array(z.nullable(z.number())))),
  }),
  chains: z.optional(z.array(z.object({ model: z.string(), order: z.array(z.string()) }))),
});
export type EnsembleDetail = z.infer<typeof ensembleDetail>;

const chosenValue = z.union([
  z.object({ value: z.json() }),
  z.object({ byTask: z.record(z.string(), z.json()) }),
]);

/** What each task chose of a sweep (`tasks`: which of `options`), or would have where all were given one. */
export const taskChoices = z.object({
  options: z.array(
    z.object({ lambda: z.optional(z.number()), values: z.optional(z.record(z.string(), z.json())) }),
  ),
  tasks: recordOf(isNumber),
  given: z.optional(z.int()),
});
export type TaskChoices = z.infer<typeof taskChoices>;

const leaderboardRow = z.object({
  rank: z.optional(z.int()),
  name: z.string(),
  role: z.enum(['baseline', 'model', 'ensemble']),
  baselineOf: z.optional(z.string()),
  learner: z.string(),
  lambda: z.nullable(z.union([z.number(), recordOf(isNumber)])),
  hyperparameters: z.optional(z.record(z.string(), chosenValue)),
  choices: z.optional(taskChoices),
  scores: scoresByTask,
  mean: z.number(),
  /** Metrics of all tasks together. */
  together: z.optional(scores),
  validation: z.object({
    scores: scoresByTask,
    mean: z.number(),
    selectedOnThis: z.boolean(),
    together: z.optional(scores),
  }),
  /** By an outer loop around tuning and refit: nothing was selected on it. */
  nested: z.optional(z.object({ scores: scoresByTask, mean: z.number() })),
  /** 1: base model, 2: ensemble, 3: learned from predictions. */
  level: z.optional(z.int()),
  cpuSeconds: z.number(),
  fitSeconds: z.optional(z.number()),
  /** Of 1,000 rows. */
  predictSeconds: z.optional(z.number()),
  sizeBytes: z.optional(z.number()),
  parameters: z.optional(z.number()),
  /** On the front of mean skill against CPU seconds. */
  onFront: z.optional(z.boolean()),
  negativeTransfer: z.array(z.string()),
  differences: z.optional(recordOf(isDifference)),
  meanDifference: z.optional(meanDifference),
  members: z.optional(z.array(z.string())),
  weights: z.optional(recordOf(isNumbers)),
  ensemble: z.optional(ensembleDetail),
  thresholds: z.optional(z.record(z.string(), z.number())),
  warnings: z.array(z.string()),
});
export type LeaderboardRow = z.infer<typeof leaderboardRow>;

const types = ['regression', 'binary', 'multiclass'] as const;

export interface LeaderboardTask {
  id: string;
  type: (typeof types)[number];
  primary: string;
  /** Training rows, and test rows, with a label. */
  labelled: number;
  labelledTest: number;
}

function isTask(value: unknown): value is LeaderboardTask {
  if (!isRecord(value)) return false;
  const { id, type, primary, labelled, labelledTest } = value;
  return (
    typeof id === 'string' &&
    typeof primary === 'string' &&
    Number.isInteger(labelled) &&
    Number.isInteger(labelledTest) &&
    types.some((known) => known === type)
  );
}

export const leaderboard = z.object({
  split: z.enum(['test', 'validation']),
  tasks: z.array(z.custom<LeaderboardTask>(isTask)),
  metrics: z.optional(z.array(z.string())),
  relatedness: z.optional(relatedness),
  advice: z.optional(z.array(z.string())),
  note: z.optional(z.string()),
  rows: z.array(leaderboardRow),
});
export type Leaderboard = z.infer<typeof leaderboard>;
