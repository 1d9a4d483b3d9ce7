import type { RunSummary } from '../../protocol/runs';
import { Queue, type StoreIndex } from '../../store';

/** Queues of the stores that were asked about: of each only what is new is read. */
export class QueueReader {
  private readonly queues = new WeakMap<StoreIndex, Queue>();

  /** Place of a run among those that wait, and what it waits for: runs at work, or where there is none, the one before it. */
  placeOf(index: StoreIndex, run: string): RunSummary['queue'] {
    const { working, waiting } = this.stateOf(index);
    const place = waiting.indexOf(run);
    if (place < 0) return undefined;
    const after = working.length > 0 ? working : waiting.slice(Math.max(0, place - 1), place);
    return { place: place + 1, after: after.flatMap((other) => named(index, other)) };
  }

  /** Runs at work and those that wait, in their order; none while nothing waits. */
  runsOf(index: StoreIndex): readonly string[] {
    const { working, waiting } = this.stateOf(index);
    return waiting.length === 0 ? [] : [...working, ...waiting];
  }

  private stateOf(index: StoreIndex) {
    const queue = this.queues.get(index) ?? new Queue(index.store);
    this.queues.set(index, queue);
    queue.read();
    return queue.state();
  }
}

/** None where the run has not been taken in yet. */
function named(index: StoreIndex, run: string): { readonly name: string; readonly started: string }[] {
  const row = index.get(
    `SELECT json_extract(record, '$.name') AS name, created FROM runs WHERE run = ?`,
    run,
  );
  return row === undefined ? [] : [{ name: String(row.name), started: String(row.created) }];
}
