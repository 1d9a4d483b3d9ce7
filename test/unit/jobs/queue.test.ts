import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { moveInQueue, readQueue } from '../../../src/jobs';
import { isQueueBusy, QueuePlace } from '../../../src/jobs/queue';
import { CoordinatorLock, Queue, type RunFolder, type RunStore } from '../../../src/store';
import { record, temporaryStore } from '../store/temporary';

interface Coordinated {
  readonly run: RunFolder;
  readonly place: QueuePlace;
  /** As if its process were killed: what it wrote stays, its lock does not hold. */
  die(): void;
}

function coordinated(store: RunStore, n: number, { queued = true } = {}): Coordinated {
  const run = store.createRun(record(`20260102-03040${n}-abcdef`));
  const lock = CoordinatorLock.acquire(store.root, run.lock(), '');
  const place = new QueuePlace(run, queued);
  place.enter();
  return { run, place, die: () => lock.release() };
}

/** Which of them may work now, each asked in turn. */
const turns = (...all: readonly Coordinated[]) => all.map(({ place }) => place.isTurn());
const waiting = (store: RunStore) => readQueue(store.root).waiting.map((run) => Number(run[14]));

describe('runs of a store that wait in line', () => {
  it('work one after another, in the order they came', () => {
    const store = temporaryStore();
    expect(isQueueBusy(store.root)).toBe(false);
    const all = [1, 2, 3].map((n) => coordinated(store, n));
    const [first, second, third] = all;
    expect(isQueueBusy(store.root)).toBe(true);
    expect(turns(...all)).toEqual([true, false, false]);
    expect(waiting(store)).toEqual([2, 3]);
    first.place.leave();
    expect(turns(third, second)).toEqual([false, true]);
    second.place.leave();
    expect(turns(third)).toEqual([true]);
  });

  it('wait for one that came later and did not queue, which waits for nobody', () => {
    const store = temporaryStore();
    const now = coordinated(store, 1, { queued: false });
    const later = coordinated(store, 2);
    const hasty = coordinated(store, 3, { queued: false });
    expect(turns(now, later, hasty)).toEqual([true, false, true]);
    now.place.leave();
    expect(turns(later)).toEqual([false]);
    hasty.place.leave();
    expect(turns(later)).toEqual([true]);
  });

  it('do not wait for the dead, at work or ahead in line', () => {
    const store = temporaryStore();
    const [first, second, third] = [1, 2, 3].map((n) => coordinated(store, n));
    expect(turns(first, second, third)).toEqual([true, false, false]);
    second.die();
    expect(waiting(store)).toEqual([3]);
    expect(turns(third)).toEqual([false]);
    first.die();
    expect(turns(third)).toEqual([true]);
    third.die();
    expect(isQueueBusy(store.root)).toBe(false);
  });

  it('get the place of one that rests, which waits behind them when it wants to go on', () => {
    const store = temporaryStore();
    const [first, second, third] = [1, 2, 3].map((n) => coordinated(store, n));
    expect(turns(first)).toEqual([true]);
    first.place.rest();
    expect(turns(second, third)).toEqual([true, false]);
    first.place.enter();
    expect(turns(first)).toEqual([false]);
    expect(waiting(store)).toEqual([3, 1]);
    second.place.leave();
    expect(turns(first, third)).toEqual([false, true]);
    third.place.leave();
    expect(turns(first)).toEqual([true]);
  });

  it('go on at once after a rest where they did not queue', () => {
    const store = temporaryStore();
    const first = coordinated(store, 1, { queued: false });
    const second = coordinated(store, 2);
    first.place.rest();
    expect(turns(second)).toEqual([true]);
    first.place.enter();
    expect(turns(first)).toEqual([true]);
  });

  it('are put before and behind each other', () => {
    const store = temporaryStore();
    const all = [1, 2, 3, 4].map((n) => coordinated(store, n));
    expect(turns(...all)).toEqual([true, false, false, false]);
    const [, second, third, fourth] = all.map(({ run }) => run.run);
    expect(moveInQueue(store.root, fourth, 'up')).toEqual([second, fourth, third]);
    expect(moveInQueue(store.root, fourth, 'first')).toEqual([fourth, second, third]);
    expect(moveInQueue(store.root, fourth, 'up')).toEqual([fourth, second, third]);
    expect(moveInQueue(store.root, fourth, 'down')).toEqual([second, fourth, third]);
    expect(moveInQueue(store.root, second, 'last')).toEqual([fourth, third, second]);
    expect(() => moveInQueue(store.root, all[0].run.run, 'up')).toThrow(/does not wait in line/);
    all[0].place.leave();
    expect(turns(...all.slice(1))).toEqual([false, false, true]);
  });

  it('give way to another that took its turn in the same moment, and are next', () => {
    const store = temporaryStore();
    const [first, second, third] = [1, 2, 3].map((n) => coordinated(store, n));
    const taken = new Queue(store);
    const isAnyBefore = Queue.prototype.isAnyBefore;
    // Between its look and its word, the second one is put first and begins.
    Queue.prototype.isAnyBefore = function (this: Queue, run) {
      Queue.prototype.isAnyBefore = isAnyBefore;
      const found = isAnyBefore.call(this, run);
      taken.append({ kind: 'moves', run: second.run.run, before: first.run.run });
      expect(turns(second)).toEqual([true]);
      return found;
    };
    expect(turns(first)).toEqual([false]);
    expect(waiting(store)).toEqual([1, 3]);
    second.place.leave();
    expect(turns(third, first)).toEqual([false, true]);
  });

  it('line up anew where somebody removed the file', () => {
    const store = temporaryStore();
    const [first, second] = [1, 2].map((n) => coordinated(store, n));
    expect(turns(first, second)).toEqual([true, false]);
    rmSync(store.path('queue.jsonl'));
    expect(turns(second)).toEqual([false]);
    expect(turns(second)).toEqual([true]);
  });
});
