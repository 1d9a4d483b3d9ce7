import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';

/** A file that the system refuses, in words that say what to do. */
export interface UnusableFile {
  /** The system's, `EROFS` for instance. */
  readonly code: string;
  readonly message: string;
}

/** Of files that are our own, those of a run store above all; undefined for an error that is not of a file. */
export function unusableFile(thrown: unknown): UnusableFile | undefined {
  const error = withReason(thrown);
  const problem = systemProblem(error);
  if (problem === undefined) return undefined;
  const { path, code } = error as NodeJS.ErrnoException;
  const said = (message: string) => ({ code: code ?? '', message });
  // A write to a file that is open has no path.
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return path === undefined
      ? said(`Nothing can be written: the disk is full. ${ROOM}`)
      : said(`${path} cannot be written: ${problem}. ${ROOM}`);
  }
  if (path === undefined) return undefined;
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM')
    return said(
      `${path} cannot be used: ${problem}. Give access to it, or copy the experiment to another folder.`,
    );
  return said(`${path} cannot be used: ${problem}.`);
}

const ROOM = 'Make room; `taskweave resume` then goes on with a run that had begun.';

/** That a folder could not be made "because it does not exist" is what is said of a read-only disk too. */
function withReason(error: unknown): unknown {
  const { code, syscall, path } = (error instanceof Error ? error : {}) as NodeJS.ErrnoException;
  if (code !== 'ENOENT' || syscall !== 'mkdir' || path === undefined) return error;
  let parent = dirname(path);
  while (!existsSync(parent) && dirname(parent) !== parent) parent = dirname(parent);
  try {
    accessSync(parent, constants.W_OK);
    return error;
  } catch (reason) {
    return reason instanceof Error ? Object.assign(reason, { path }) : error;
  }
}

/** What the system's short codes mean; undefined for an error that is not of a file. */
export function systemProblem(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  return PROBLEMS[error.code];
}

const PROBLEMS: Readonly<Record<string, string | undefined>> = {
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  EROFS: 'its disk is read-only',
  ENOSPC: 'its disk is full',
  EDQUOT: 'the quota of its disk is used up',
  ENOENT: 'it, or its folder, does not exist',
  ENOTDIR: 'a part of its path is not a folder',
  EISDIR: 'it is a folder',
  EEXIST: 'something else has that name',
};
