import { createHash, randomBytes } from 'node:crypto';
import * as z from 'zod';
import { StoreError } from './errors';

/** `20260301-142530-1f3a9c`: UTC time to the second, then a hash. Sorts by time; fit for a file name anywhere. */
export const runId = z.string().regex(/^\d{8}-\d{6}-[0-9a-f]{6}$/);
/** Hex, as the plan hashes it. */
export const trialId = z.string().regex(/^[0-9a-f]{8,64}$/);

/** @param seed anything that tells runs begun in the same second apart, beside chance */
export function newRunId(now: Date, seed: string): string {
  const stamp = now.toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15);
  const hash = createHash('sha256').update(seed).update(randomBytes(8)).digest('hex');
  return `${stamp}-${hash.slice(0, 6)}`;
}

export function checkRunId(run: string): string {
  if (runId.safeParse(run).success) return run;
  throw new StoreError('outside-store', `"${run.slice(0, 80)}" is not the id of a run.`);
}

export function checkTrialId(trial: string): string {
  if (trialId.safeParse(trial).success) return trial;
  throw new StoreError('outside-store', `"${trial.slice(0, 80)}" is not the id of a trial.`);
}

export function checkAttempt(attempt: number): number {
  if (Number.isInteger(attempt) && attempt >= 0 && attempt < 1e6) return attempt;
  throw new StoreError('outside-store', `${attempt} is not the number of an attempt.`);
}
