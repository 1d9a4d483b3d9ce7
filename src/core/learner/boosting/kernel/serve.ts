import type { ThreadTask } from '../../threads';
import { instantiate } from './kernel';

/** A helper's place in a fit: its memory, where its jobs are told, and which of the crew it is (the fit's own thread is 0). */
export interface Seat {
  readonly memory: WebAssembly.Memory;
  readonly job: number;
  readonly participant: number;
}

/** @see serveBoosting */
export const SERVE: ThreadTask<Seat, void> = { name: 'boosting/serve' };

/** Takes part in a fit's jobs, and returns when the fit is over. */
export function serveBoosting({ memory, job, participant }: Seat): void {
  instantiate(memory).serve(job, participant);
}
