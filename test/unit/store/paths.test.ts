import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newRunId, RunStore } from '../../../src/store';
import { plannedRun, record, temporaryFolder, temporaryStore } from './temporary';

describe('paths of the store', () => {
  it('refuses a link that leads out of the store, at any depth and even when it dangles', () => {
    const store = temporaryStore();
    const outside = temporaryFolder();
    symlinkSync(outside, store.path('runs'));
    expect(() => store.createRun(record())).toThrow(/is a link/);
    expect(() => store.path('runs', 'x', 'y')).toThrow(/is a link/);
    symlinkSync(join(outside, 'not-there'), join(store.root, 'marks.jsonl'));
    expect(() => store.path('marks.jsonl')).toThrow(/is a link/);
    expect(existsSync(join(outside, '20260102-030405-abcdef'))).toBe(false);
  });

  it('refuses a link in the place of an attempt, of predictions and of a model', () => {
    const { run } = plannedRun();
    const outside = temporaryFolder();
    symlinkSync(join(outside, 'a'), join(run.path(), 'trials', 'aaaaaaaa', '0.jsonl'));
    symlinkSync(join(outside, 'b'), join(run.path(), 'predictions', 'aaaaaaaa.0.f32'));
    symlinkSync(outside, join(run.path(), 'models', 'aaaaaaaa.0'));
    expect(() => run.attemptEvents('aaaaaaaa', 0)).toThrow(/is a link/);
    expect(() => run.predictions('aaaaaaaa', 0, 'validation')).toThrow(/is a link/);
    expect(() => run.model('aaaaaaaa', 0)).toThrow(/is a link/);
  });

  it('takes only ids of its own making', () => {
    const { store, run } = plannedRun();
    for (const id of ['..', '../../etc', '20260102-030405-ABCDEF', '', 'a/b']) {
      expect(() => store.run(id)).toThrow(/not the id of a run/);
      expect(() => run.attemptEvents(id, 0)).toThrow(/not the id of a trial/);
    }
    expect(() => run.attemptEvents('aaaaaaaa', -1)).toThrow(/attempt/);
  });

  it('opens a store only by its name, and through a link to it', () => {
    const store = temporaryStore();
    const elsewhere = temporaryFolder();
    expect(() => RunStore.open(elsewhere)).toThrow(/not a .taskweave folder/);
    mkdirSync(join(elsewhere, 'project'));
    symlinkSync(store.root, join(elsewhere, 'project', '.taskweave'));
    expect(RunStore.open(join(elsewhere, 'project', '.taskweave')).root).toBe(store.root);
  });

  it('ignores itself for git', () => {
    const store = temporaryStore();
    expect(readFileSync(join(store.root, '.gitignore'), 'utf8')).toMatch(/^\*$/m);
  });

  it('makes run ids that sort by time', () => {
    const first = newRunId(new Date('2026-01-02T03:04:05Z'), 'x');
    const second = newRunId(new Date('2026-01-02T03:04:06Z'), 'x');
    expect(first).toMatch(/^20260102-030405-[0-9a-f]{6}$/);
    expect(first < second).toBe(true);
  });

  it('says which file is damaged', () => {
    const { run } = plannedRun();
    writeFileSync(join(run.path(), 'run.json'), '{"version": 1');
    expect(() => run.record()).toThrow(/run\.json/);
  });
});
