import { lstatSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { StoreError } from './errors';

/**
 * The absolute path of something in the store, whether it exists yet or not. A store may come with a downloaded
 * folder, so a link in it must not lead reading or writing elsewhere: no part of the path below `root` may be one.
 * @param root real path of the store's folder
 * @throws StoreError `outside-store`
 */
export function resolveInside(root: string, ...segments: readonly string[]): string {
  const path = resolve(join(root, ...segments));
  if (path === root) return path;
  if (!path.startsWith(root + sep)) throw outside(path);
  let part = root;
  for (const name of path.slice(root.length + 1).split(sep)) {
    part = join(part, name);
    if (ownFolders.has(part)) continue;
    const found = lstatSync(part, { throwIfNoEntry: false });
    if (found === undefined) break;
    if (found.isSymbolicLink()) throw outside(part);
    if (found.isDirectory()) remember(part);
  }
  return path;
}

/**
 * Folders of stores that were seen to be folders: a run asks for thousands of paths below a few of them. A store that was
 * brought here with links in it has them from the start; nobody but us writes to it while we do.
 */
const ownFolders = new Set<string>();

/** Folders that are remembered at most; trials have one each, and are asked for a few times. */
const MOST_FOLDERS = 20_000;

function remember(folder: string): void {
  if (ownFolders.size >= MOST_FOLDERS) ownFolders.clear();
  ownFolders.add(folder);
}

export function isMissing(error: unknown): boolean {
  return hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR');
}

export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function outside(path: string): StoreError {
  return new StoreError(
    'outside-store',
    `${path} is a link, or outside the store. A run store is read and written without following links; remove it.`,
  );
}
