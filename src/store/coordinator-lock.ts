import { closeSync, mkdirSync, openSync, readdirSync, statSync, utimesSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { StoreError } from './errors';
import { readJson, writeJson } from './json';
import { hasCode, isMissing, resolveInside } from './paths';
import { isAlive, processStart } from './process-identity';

const holder = z.object({
  pid: z.int().positive(),
  processStart: z.string().nullable(),
  host: z.string(),
  /** Path of the SQLite index this coordinator feeds. */
  index: z.string(),
  released: z.boolean(),
});
export type Holder = z.infer<typeof holder>;

/** A holder on another machine, or on one that cannot tell processes apart, is gone when it was silent this long. */
const SILENCE_MS = 60_000;
/** A lock file is created and then filled: one that is still empty is believed this long. */
const EMPTY_MS = 5_000;

/**
 * The coordinators of a run, one file each, numbered: `coordinators/<n>.json`. The holder of the lock is the highest.
 * Each number is created exclusively and never removed, so of two that find the holder dead one gets the next number
 * and the other finds it taken: no takeover can be lost or doubled. A heartbeat is the file's modification time.
 */
export class CoordinatorLock {
  private constructor(
    private readonly path: string,
    private readonly mine: Holder,
  ) {}

  /** @throws StoreError `already-exists` when another coordinator is alive */
  static acquire(root: string, folder: string, index: string): CoordinatorLock {
    const locks = resolveInside(root, folder);
    mkdirSync(locks, { recursive: true });
    const mine: Holder = {
      pid: process.pid,
      processStart: processStart(process.pid) ?? null,
      host: hostname(),
      index,
      released: false,
    };
    for (;;) {
      const last = highest(locks);
      const other = last < 0 ? undefined : aliveHolder(root, folder, last);
      if (other !== undefined) {
        throw new StoreError(
          'already-exists',
          `Process ${other.pid} on ${other.host} is at work on this run. Wait for it, or cancel it.`,
        );
      }
      const path = resolveInside(root, folder, `${last + 1}.json`);
      if (createWith(path, mine)) return new CoordinatorLock(path, mine);
    }
  }

  heartbeat(): void {
    const now = new Date();
    utimesSync(this.path, now, now);
  }

  release(): void {
    writeJson(this.path, { ...this.mine, released: true });
  }
}

/** The live coordinator of a run, if there is one. */
export function liveCoordinator(root: string, folder: string): Holder | undefined {
  const last = highest(resolveInside(root, folder));
  return last < 0 ? undefined : aliveHolder(root, folder, last);
}

function createWith(path: string, mine: Holder): boolean {
  let file: number;
  try {
    file = openSync(path, 'wx');
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  }
  writeSync(file, JSON.stringify(mine));
  closeSync(file);
  return true;
}

function highest(locks: string): number {
  let names: string[];
  try {
    names = readdirSync(locks);
  } catch (error) {
    if (isMissing(error)) return -1;
    throw error;
  }
  const numbers = names.map((name) => /^(\d{1,9})\.json$/.exec(name)?.[1]).filter((n) => n !== undefined);
  return Math.max(-1, ...numbers.map(Number));
}

function aliveHolder(root: string, folder: string, number: number): Holder | undefined {
  const path = resolveInside(root, join(folder, `${number}.json`));
  const silence = Date.now() - statSync(path).mtimeMs;
  const found = readHolder(path);
  if (found === undefined) {
    return silence < EMPTY_MS
      ? {
          pid: process.pid,
          processStart: null,
          host: 'this machine, just started',
          index: '',
          released: false,
        }
      : undefined;
  }
  if (found.released) return undefined;
  if (found.host !== hostname()) return silence < SILENCE_MS ? found : undefined;
  if (!isAlive(found.pid)) return undefined;
  const start = processStart(found.pid);
  if (start === undefined || found.processStart === null) return silence < SILENCE_MS ? found : undefined;
  return start === found.processStart ? found : undefined;
}

function readHolder(path: string): Holder | undefined {
  try {
    return readJson(path, holder);
  } catch (error) {
    if (error instanceof StoreError) return undefined;
    throw error;
  }
}
