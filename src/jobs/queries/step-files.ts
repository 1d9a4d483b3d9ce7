import { type RunFolder, StepFile } from '../../store';
import type { TrialFact } from './facts';

/** Files whose frames are kept known: reading on where a file grew is much cheaper than reading it anew. */
const MOST_KNOWN = 4096;

/** The step files that were asked about, of any store. */
export class StepFiles {
  private readonly known = new Map<string, StepFile>();

  /** Steps of a trial's attempt that counts, as they are now; undefined where none has begun. */
  of(run: RunFolder, { trial, attempt }: TrialFact): StepFile | undefined {
    if (attempt === null) return undefined;
    const path = run.attemptSteps(trial, attempt);
    const file = this.known.get(path) ?? new StepFile(path);
    this.known.delete(path);
    this.known.set(path, file);
    file.refresh();
    for (const oldest of this.known.keys()) {
      if (this.known.size <= MOST_KNOWN) break;
      this.known.delete(oldest);
    }
    return file;
  }
}
