import type { z } from 'zod';
import type { MemberTrials } from '../../core/experiment';
import type { TaskPredictions } from '../../core/learner';
import {
  type AttemptStory,
  completedAttempt,
  type RunFolder,
  readAttempts,
  readPredictions,
} from '../../store';
import { type SelectionResult, selectionResult } from '../results';
import type { RunData } from '../run-data';
import { TrialError } from './context';

/** A trial that completed: the attempt whose results stand, and what all attempts cost. */
export interface Upstream {
  readonly trial: string;
  readonly story: AttemptStory;
  readonly cpuSeconds: number;
}

/** @throws TrialError `upstream-missing` */
export function upstream(run: RunFolder, trial: string): Upstream {
  const attempts = readAttempts(run, trial);
  const story = completedAttempt(run, attempts, trial);
  if (story === undefined) throw missing(trial, 'has not completed');
  return { trial, story, cpuSeconds: attempts.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0) };
}

/** What all attempts at a trial took, whatever came of them. */
export function spent(
  run: RunFolder,
  trial: string,
): { readonly cpuSeconds: number; readonly wallSeconds: number } {
  const attempts = readAttempts(run, trial);
  return {
    cpuSeconds: attempts.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
    wallSeconds: attempts.reduce((sum, { end }) => sum + (end?.wallSeconds ?? 0), 0),
  };
}

/** @throws TrialError `upstream-missing` */
export function resultOf<T>({ trial, story }: Upstream, schema: z.ZodType<T>): T {
  const event = story.events.findLast((one) => one.kind === 'result');
  const parsed = schema.safeParse(event?.result);
  if (!parsed.success) throw missing(trial, 'has no result that can be read');
  return parsed.data;
}

/** A base model's selection, its fits and its refit, read once. */
export interface Member {
  readonly trials: MemberTrials;
  readonly selection: SelectionResult;
  readonly fits: readonly Upstream[];
  readonly refit: Upstream;
  readonly select: Upstream;
}

export function readMember(run: RunFolder, trials: MemberTrials): Member {
  return { ...readFits(run, trials), refit: upstream(run, trials.refit) };
}

/** A base model as far as its folds go: all that out-of-fold predictions need. */
export function readFits(run: RunFolder, trials: MemberTrials): Omit<Member, 'refit'> {
  const select = upstream(run, trials.select);
  return {
    trials,
    select,
    selection: resultOf(select, selectionResult),
    fits: trials.fits.map((trial) => upstream(run, trial)),
  };
}

/**
 * Out-of-fold predictions of the chosen configuration, one a task, over all training rows: every row by a model that
 * never saw it, repeats averaged; NaN where a row was never held out.
 */
export function outOfFold(
  run: RunFolder,
  data: RunData,
  member: Pick<Member, 'fits' | 'selection'>,
): readonly TaskPredictions[] {
  const { layout, table } = data;
  const rows = table.trainRows;
  const position = new Map<number, number>();
  rows.forEach((row, i) => {
    position.set(row, i);
  });
  const sum = new Float64Array(layout.columns * rows.length);
  const times = new Uint16Array(rows.length);
  for (const fit of member.fits) {
    const spec = run.spec(fit.trial);
    if (spec.kind !== 'fit') throw missing(fit.trial, 'is not a fit');
    const { heldOut } = data.fold(spec.fold, spec.folds, spec.repeat);
    const values = chosenPredictions(run, data, fit, heldOut, member.selection.chosen);
    heldOut.forEach((row, i) => {
      const at = position.get(row) ?? 0;
      times[at]++;
      for (let c = 0; c < layout.columns; c++) sum[c * rows.length + at] += values[c * heldOut.length + i];
    });
  }
  const mean = Float32Array.from(sum, (value, i) => value / times[i % rows.length]);
  return table.tasks.map((_, t) => layout.take(mean, t, rows));
}

/** Predictions of the test rows by a refit or an ensemble, one a task. */
export function testPredictions(run: RunFolder, data: RunData, source: Upstream): readonly TaskPredictions[] {
  const values = predictionsOf(run, source, 'test', 0);
  return data.table.tasks.map((_, t) => data.layout.take(values, t, data.table.testRows));
}

/** What an ensemble predicted of the training rows, cross-fitted, one a task. */
export function validationPredictions(
  run: RunFolder,
  data: RunData,
  source: Upstream,
): readonly TaskPredictions[] {
  const values = predictionsOf(run, source, 'validation', 0);
  return data.table.tasks.map((_, t) => data.layout.take(values, t, data.table.trainRows));
}

/** The one block of predictions that a trial wrote for a split, columns × rows. */
export function readBlock(run: RunFolder, source: Upstream, split: 'validation' | 'test'): Float32Array {
  return predictionsOf(run, source, split, 0);
}

function chosenPredictions(
  run: RunFolder,
  data: RunData,
  fit: Upstream,
  heldOut: Int32Array,
  chosen: readonly number[],
): Float32Array {
  if (new Set(chosen).size === 1) return predictionsOf(run, fit, 'validation', chosen[0]);
  const byConfiguration = new Map(
    [...new Set(chosen)].map((c) => [c, predictionsOf(run, fit, 'validation', c)] as const),
  );
  const values = data.layout.empty(heldOut.length);
  chosen.forEach((configuration, t) => {
    const from = byConfiguration.get(configuration);
    if (from) data.layout.put(values, t, data.layout.take(from, t, heldOut), heldOut);
  });
  return values;
}

function predictionsOf(
  run: RunFolder,
  { trial, story }: Upstream,
  split: 'validation' | 'test',
  configuration: number,
): Float32Array {
  const shape = story.events.find((event) => event.kind === 'predictions' && event.split === split);
  if (shape?.kind !== 'predictions') throw missing(trial, `wrote no ${split} predictions`);
  return readPredictions(run.predictions(trial, story.attempt, split), shape, configuration);
}

function missing(trial: string, what: string): TrialError {
  return new TrialError(
    'upstream-missing',
    `Trial ${trial.slice(0, 12)} ${what}. Resume the run to do it again.`,
  );
}
