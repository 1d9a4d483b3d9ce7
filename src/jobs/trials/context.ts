import type { TensorBackend, Threads } from '../../core/learner';
import type { EventWriter, RunFolder, StepWriter, UnstampedTrialEvent } from '../../store';
import type { RunData } from '../run-data';
import type { TrialCheckpoints } from './checkpoints';

/** What a trial runs with. */
export interface TrialContext {
  readonly run: RunFolder;
  readonly data: RunData;
  readonly trial: string;
  readonly attempt: number;
  readonly writer: EventWriter<UnstampedTrialEvent>;
  readonly steps: StepWriter;
  readonly checkpoints: TrialCheckpoints;
  readonly signal: AbortSignal;
  readonly threads?: Threads;
  tensorBackend(): Promise<TensorBackend>;
  /** Called with every recorded step. */
  onStep(): void;
  /** Called before a fit: memory that those before it have left can be given back. */
  giveBack(): void;
}

/** A trial that cannot be done, as its `end` event tells it. */
export class TrialError extends Error {
  override readonly name = 'TrialError';
  constructor(
    readonly code: 'unknown-learner' | 'upstream-missing' | 'no-labels',
    message: string,
  ) {
    super(message);
  }
}
