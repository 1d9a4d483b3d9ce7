import type { z } from 'zod';
import { type AttemptStory, completedAttempt, type RunFolder, readAttempts } from '../../store';
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

/** Undefined where what is read of other trials is not there, yet or any more. */
export function ifThere<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof TrialError && error.code === 'upstream-missing') return undefined;
    throw error;
  }
}

export function missing(trial: string, what: string): TrialError {
  return new TrialError(
    'upstream-missing',
    `Trial ${trial.slice(0, 12)} ${what}. Resume the run to do it again.`,
  );
}
