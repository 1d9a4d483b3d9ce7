import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CoordinatorLock, liveCoordinator, type RunFolder } from '../../../src/store';
import { plannedRun } from './temporary';

const acquire = (run: RunFolder) => CoordinatorLock.acquire(run.store.root, run.lock(), '/index');

/** Rewrites the newest holder, as if another process had written it. */
function forge(run: RunFolder, change: object): string {
  const folder = run.path('coordinators');
  const newest = readdirSync(folder).sort().at(-1) ?? '';
  const path = join(folder, newest);
  writeFileSync(path, JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), ...change }));
  return path;
}

describe("the coordinator's lock", () => {
  it('is held by one at a time, and free again once released', () => {
    const { store, run } = plannedRun();
    const lock = acquire(run);
    expect(liveCoordinator(store.root, run.lock())?.pid).toBe(process.pid);
    expect(() => acquire(run)).toThrow(/is at work on this run/);
    lock.release();
    expect(liveCoordinator(store.root, run.lock())).toBeUndefined();
    acquire(run).release();
  });

  it('is taken over from a process that is gone', () => {
    const { store, run } = plannedRun();
    acquire(run);
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    forge(run, { pid });
    expect(liveCoordinator(store.root, run.lock())).toBeUndefined();
    acquire(run).release();
  });

  it('is not fooled by another process that has got the same pid', () => {
    const { store, run } = plannedRun();
    acquire(run);
    forge(run, { processStart: 'some other boot:12345' });
    expect(liveCoordinator(store.root, run.lock())).toBeUndefined();
  });

  it('goes by the heartbeat where the holder is on another machine', () => {
    const { store, run } = plannedRun();
    acquire(run);
    const path = forge(run, { host: `${hostname()}-not` });
    expect(liveCoordinator(store.root, run.lock())).toBeDefined();
    const old = new Date(Date.now() - 120_000);
    utimesSync(path, old, old);
    expect(liveCoordinator(store.root, run.lock())).toBeUndefined();
  });

  it('believes a lock file that is just being written, but not for ever', () => {
    const { store, run } = plannedRun();
    acquire(run).release();
    const path = run.path('coordinators', '1.json');
    writeFileSync(path, '');
    expect(liveCoordinator(store.root, run.lock())).toBeDefined();
    const old = new Date(Date.now() - 60_000);
    utimesSync(path, old, old);
    expect(liveCoordinator(store.root, run.lock())).toBeUndefined();
    acquire(run).release();
  });
});
