import { readFileSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { Librarian } from '../../../src/jobs/queries';
import { answers } from '../../../src/protocol/queries';
import { indexPath } from '../../../src/store';
import { plannedRun, record } from '../store/temporary';

const OTHER = '20260102-030406-abcdef';

describe('a run whose record cannot be read', () => {
  it.each([
    ['is torn', (text: string) => text.slice(0, 100)],
    ['is of a later version', (text: string) => text.replace('"version": 1', '"version": 9')],
  ])('costs itself alone when its file %s', (_, damage) => {
    const { store, run } = plannedRun();
    const other = store.createRun(record(OTHER));
    writeFileSync(other.path('run.json'), damage(readFileSync(other.path('run.json'), 'utf8')));
    const librarian = new Librarian();
    const list = librarian.answer<'runs'>({ kind: 'runs', stores: [store.root], offset: 0, limit: 10 });
    expect(list.runs.map((one) => one.run)).toEqual([run.run]);
    expect(list.unreadable).toMatchObject([{ run: OTHER, message: expect.stringContaining('run.json') }]);
    expect(answers.runs.parse(list)).toEqual(list);
    expect(librarian.answer<'run'>({ kind: 'run', store: store.root, run: run.run }).summary.run).toBe(
      run.run,
    );
    expect(() => librarian.answer<'run'>({ kind: 'run', store: store.root, run: OTHER })).toThrow('run.json');
    librarian.close();
  });

  it('costs itself alone when an earlier version took it into the index', () => {
    const { store, run } = plannedRun();
    store.createRun(record(OTHER));
    new Librarian().answer<'runs'>({ kind: 'runs', stores: [store.root], offset: 0, limit: 10 });
    const database = new DatabaseSync(indexPath(store.root));
    database.prepare('UPDATE runs SET record = ? WHERE run = ?').run('{"version": 0}', OTHER);
    database.close();
    const librarian = new Librarian();
    const list = librarian.answer<'runs'>({ kind: 'runs', stores: [store.root], offset: 0, limit: 10 });
    expect(list.runs.map((one) => one.run)).toEqual([run.run]);
    expect(list.unreadable).toMatchObject([{ run: OTHER }]);
    const some = librarian.answer<'summaries'>({
      kind: 'summaries',
      store: store.root,
      runs: [OTHER, run.run],
    });
    expect(some.runs.map((one) => one.run)).toEqual([run.run]);
    librarian.close();
  });
});
