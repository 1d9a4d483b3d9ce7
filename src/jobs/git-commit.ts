import { readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const HASH = /^[0-9a-f]{40,64}$/;

/** The commit checked out where the folder is, read from git's own files; null where there is none to be read. */
export function gitCommit(folder: string): string | null {
  try {
    const git = gitFolder(folder);
    if (git === undefined) return null;
    const head = readFileSync(join(git, 'HEAD'), 'utf8').trim();
    if (HASH.test(head)) return head;
    const ref = /^ref: (refs\/[\w./-]+)$/.exec(head)?.[1];
    return ref === undefined || ref.includes('..') ? null : commitOf(git, ref);
  } catch {
    return null;
  }
}

function gitFolder(from: string): string | undefined {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const found = statSync(join(folder, '.git'), { throwIfNoEntry: false });
    if (found?.isDirectory()) return join(folder, '.git');
    if (found?.isFile()) {
      const target = /^gitdir: (.+)$/m.exec(readFileSync(join(folder, '.git'), 'utf8'))?.[1];
      return target === undefined ? undefined : resolve(folder, target.trim());
    }
    if (folder === dirname(folder)) return undefined;
  }
}

function commitOf(git: string, ref: string): string | null {
  for (const folder of [git, commonFolder(git)]) {
    try {
      const hash = readFileSync(join(folder, ref), 'utf8').trim();
      if (HASH.test(hash)) return hash;
    } catch {
      const packed = readPacked(folder, ref);
      if (packed !== undefined) return packed;
    }
  }
  return null;
}

/** A linked work tree keeps its branches in the main one. */
function commonFolder(git: string): string {
  try {
    return resolve(git, readFileSync(join(git, 'commondir'), 'utf8').trim());
  } catch {
    return git;
  }
}

function readPacked(folder: string, ref: string): string | undefined {
  try {
    const lines = readFileSync(join(folder, 'packed-refs'), 'utf8').split('\n');
    return lines.find((line) => line.endsWith(` ${ref}`))?.split(' ')[0];
  } catch {
    return undefined;
  }
}
