import { appendFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { AttemptTail } from '../../../src/jobs/attempt-tail';
import { Librarian } from '../../../src/jobs/queries';
import { EventWriter } from '../../../src/store';
import { plannedRun } from '../store/temporary';

const librarians: Librarian[] = [];
afterEach(() => {
  for (const librarian of librarians.splice(0)) librarian.close();
});

function asked() {
  const { store, run } = plannedRun();
  const librarian = new Librarian();
  librarians.push(librarian);
  librarian.answer<'runs'>({ kind: 'runs', stores: [store.root], offset: 0, limit: 10 });
  const begin = () => {
    const events = EventWriter.exclusive(run.attemptEvents('aaaaaaaa', 0));
    events.append({ kind: 'start', pid: 1, host: 'here' });
    events.close();
  };
  return { store: store.root, run: run.run, librarian, begin };
}

describe('what is new in a store', () => {
  it('is what came after its first answer, though nobody has looked for it yet', () => {
    const { store, run, librarian, begin } = asked();
    const opened = librarian.openedAt(store);
    expect(librarian.index(store).changedSince(opened)).toEqual([]);
    begin();
    librarian.index(store).refresh();
    expect(librarian.index(store).changedSince(opened)).toEqual([run]);
  });

  it('is all of it when it can be read again after it could not', () => {
    const { store, run, librarian } = asked();
    librarian.forget(store);
    expect(librarian.stores.has(store)).toBe(false);
    expect(librarian.appeared()).toEqual([{ store, runs: [run] }]);
    expect(librarian.stores.has(store)).toBe(true);
    expect(librarian.appeared()).toEqual([]);
  });
});

describe('what is new of an attempt', () => {
  it('is its steps too, though no event comes between them', () => {
    const { run } = plannedRun();
    const tail = new AttemptTail(run, { trial: 'aaaaaaaa', attempt: 0 });
    run.beginTrial('aaaaaaaa');
    const events = EventWriter.exclusive(run.attemptEvents('aaaaaaaa', 0));
    events.append({ kind: 'start', pid: 1, host: 'here' });
    events.close();
    expect([tail.read(), tail.read()]).toEqual([true, false]);
    appendFileSync(run.attemptSteps('aaaaaaaa', 0), 'steps');
    expect([tail.read(), tail.read()]).toEqual([true, false]);
  });
});
