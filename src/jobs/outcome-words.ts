import { JobError, type RunOutcome } from './contract';

/** A worker cannot work on the run at all. */
export function refusal(code: string | undefined, message: string): JobError {
  const known = (['data-changed', 'backend-differs'] as const).find((one) => one === code);
  return new JobError(known ?? 'worker-failed', message);
}

/** Why a run did not complete, or what is missing from it, in a sentence or two. */
export function closingWords(
  status: RunOutcome['status'],
  failed: number,
  skipped: number,
  first: string | undefined,
): string | undefined {
  if (status === 'cancelled') return 'Cancelled; what is complete stays, and the run can be resumed.';
  if (failed === 0) return undefined;
  const trials = `${failed} ${failed === 1 ? 'trial' : 'trials'} failed`;
  const rest = skipped === 0 ? '' : `, and ${skipped} that build on them did not run`;
  return `${trials}${rest}. First: ${first}`;
}
