import { availableParallelism } from 'node:os';

/**
 * Aborts before the processes of a run can have used `seconds` of CPU time: all cores together give no more than cores ×
 * wall-clock time, whatever they do, so that needs no measuring and cannot be missed.
 * @returns ends the watch
 */
export function limitCpu(seconds: number, abort: (reason: Error) => void): () => void {
  const wall = seconds / availableParallelism();
  const timer = setTimeout(
    () => abort(new Error(`The budget of ${seconds} CPU seconds is used up; what is complete stays.`)),
    wall * 1000,
  );
  return () => clearTimeout(timer);
}
