import type { WorkItem } from '../protocol/worker';
import { type RunFolder, StoreIndex } from '../store';

/** Many short trials are taken in together: views ask five times a second. */
const EVERY_MS = 200;

/**
 * Takes what the attempts of a run write into the store's index while the run goes on. The index is a cache: a run never fails
 * for it, and whoever asks next takes in what is missing.
 */
export class IndexFeed {
  private index: StoreIndex | undefined;
  private untaken: WorkItem[] = [];
  private taken = performance.now();

  constructor(private readonly run: RunFolder) {
    try {
      this.index = new StoreIndex(run.store);
      this.index.ingest(run);
    } catch (error) {
      this.giveUp('opened', error);
    }
  }

  /** @param attempts that wrote something, or may have */
  take(attempts: readonly WorkItem[]): void {
    this.untaken.push(...attempts);
    if (performance.now() - this.taken >= EVERY_MS) this.flush();
  }

  close(): void {
    this.flush();
    this.index?.close();
    this.index = undefined;
  }

  private flush(): void {
    this.taken = performance.now();
    const wanted = new Map(this.untaken.map((item) => [`${item.trial} ${item.attempt}`, item]));
    this.untaken = [];
    try {
      this.index?.ingest(this.run, [...wanted.values()]);
    } catch (error) {
      this.giveUp('written', error);
    }
  }

  private giveUp(done: string, error: unknown): void {
    process.emitWarning(`The index of ${this.run.store.root} cannot be ${done}: ${String(error)}`);
    this.index?.close();
    this.index = undefined;
  }
}
