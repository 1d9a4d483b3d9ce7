import { homedir } from 'node:os';
import { join } from 'node:path';

/** What can be made anew at any time, of this person on this machine: indexes of stores, compiled bundles. */
export function cacheFolder(): string {
  const { TASKWEAVE_CACHE_DIR, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (TASKWEAVE_CACHE_DIR) return TASKWEAVE_CACHE_DIR;
  if (process.platform === 'win32' && LOCALAPPDATA) return join(LOCALAPPDATA, 'taskweave');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'taskweave');
  return join(XDG_CACHE_HOME || join(homedir(), '.cache'), 'taskweave');
}

/** Where Node keeps bundles that it has compiled: once on a machine, not in every process. */
export function compileCacheFolder(): string {
  return join(cacheFolder(), 'compiled');
}
