import { accessSync, constants, existsSync } from 'node:fs';
import { dirname } from 'node:path';

/** What a command's end means to a script; listed in `taskweave --help`. */
export const ExitCode = {
  ok: 0,
  /** A run ended without a leaderboard, or some of its trials failed. */
  failed: 1,
  /** The command line or the experiment file has mistakes. */
  invalid: 2,
  /** Something that is needed is missing on this machine. */
  unavailable: 69,
  /** A defect in Taskweave. */
  internal: 70,
  cancelled: 130,
} as const;

/** Ends a command with a message for people and an exit code; never a stack. */
export class CliError extends Error {
  constructor(
    message: string,
    readonly exitCode: number,
    readonly code: string,
  ) {
    super(message);
  }
}

/** Of a file that a command was to write. */
export function unwritable(path: string, error: unknown): CliError {
  const why = systemProblem(error) ?? (error instanceof Error ? error.message : String(error));
  return new CliError(
    `${path} cannot be written: ${why}. Name another place, or make room for it.`,
    ExitCode.failed,
    'unwritable',
  );
}

/** Of files that a command uses of itself, those of a run store above all; undefined for an error that is not of a file. */
export function unusable(thrown: unknown): CliError | undefined {
  const error = withReason(thrown);
  const problem = systemProblem(error);
  if (problem === undefined) return undefined;
  const { path, code } = error as NodeJS.ErrnoException;
  const said = (message: string) => new CliError(message, ExitCode.failed, code ?? '');
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
