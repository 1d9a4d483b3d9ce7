import { appendFileSync, existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { listRuns, pruneDeleted } from '../../../src/jobs';
import { Librarian } from '../../../src/jobs/queries';
import { answers } from '../../../src/protocol/queries';
import { plannedRun, record } from '../store/temporary';

const OTHER = '20260102-030406-abcdef';

function twoRuns() {
  const { store, run } = plannedRun();
  const other = store.createRun({
    ...record(OTHER),
    created: '2026-01-02T03:04:06.000Z',
    text: 'data: {}\n',
  });
  const librarian = new Librarian();
  const list = (deleted?: boolean) =>
    librarian.answer<'runs'>({ kind: 'runs', stores: [store.root], offset: 0, limit: 10, deleted });
  return { store, run, other, librarian, list };
}

describe('marks of runs', () => {
  it('are shown in lists, and the last word about each part holds', () => {
    const { store, run, librarian, list } = twoRuns();
    expect(list().runs.map(({ marks }) => marks)).toEqual([undefined, undefined]);
    const mark = (change: object) =>
      librarian.answer<'mark'>({ kind: 'mark', store: store.root, run: run.run, change }).marks;
    mark({ star: true, name: 'first try', tags: ['a', 'b'] });
    expect(mark({ note: 'too few trees', name: '' })).toEqual({
      star: true,
      name: null,
      note: 'too few trees',
      tags: ['a', 'b'],
      deleted: false,
    });
    expect(answers.runs.parse(list()).runs[1].marks).toMatchObject({ star: true, note: 'too few trees' });
    librarian.close();
  });

  it('hide a deleted run from lists until it is restored, and leave its files', () => {
    const { store, run, librarian, list } = twoRuns();
    const change = (deleted: boolean) =>
      librarian.answer<'mark'>({ kind: 'mark', store: store.root, run: run.run, change: { deleted } });
    change(true);
    expect(list()).toMatchObject({ runs: [{ run: OTHER }], total: 1 });
    expect(list(true).runs.map((one) => one.run)).toEqual([run.run]);
    expect(existsSync(run.path())).toBe(true);
    change(false);
    expect(list().total).toBe(2);
    librarian.close();
  });

  it('let the files of deleted runs be removed for good, and of no others', () => {
    const { store, run, other, librarian } = twoRuns();
    librarian.answer<'mark'>({ kind: 'mark', store: store.root, run: run.run, change: { deleted: true } });
    librarian.close();
    expect(pruneDeleted(store.root)).toEqual([run.run]);
    expect([existsSync(run.path()), existsSync(other.path())]).toEqual([false, true]);
    expect(listRuns(store.root).map((one) => one.run)).toEqual([OTHER]);
  });

  it('survive a torn line, and are refused for a run that is not there', () => {
    const { store, run, librarian, list } = twoRuns();
    appendFileSync(store.path('marks.jsonl'), '{"time":"x","run":');
    librarian.answer<'mark'>({ kind: 'mark', store: store.root, run: run.run, change: { star: true } });
    expect(list().runs[1].marks?.star).toBe(true);
    expect(() =>
      librarian.answer<'mark'>({
        kind: 'mark',
        store: store.root,
        run: '20990102-030405-abcdef',
        change: { star: true },
      }),
    ).toThrow(/no run/);
    librarian.close();
  });
});

describe('a question about certain runs', () => {
  it('is answered for those that are there, and with the text a run began with', () => {
    const { store, run, librarian } = twoRuns();
    const answer = librarian.answer<'summaries'>({
      kind: 'summaries',
      store: store.root,
      runs: [OTHER, 'gone'],
    });
    // A run is known once the index has taken it in.
    expect(answer.runs.map((one) => one.run)).toEqual([OTHER]);
    const textOf = (id: string) =>
      librarian.answer<'text'>({ kind: 'text', store: store.root, run: id }).text;
    expect([textOf(OTHER), textOf(run.run)]).toEqual(['data: {}\n', null]);
    librarian.close();
  });
});
