import { systemProblem, unusableFile } from '../jobs';

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
export function unusable(error: unknown): CliError | undefined {
  const file = unusableFile(error);
  return file && new CliError(file.message, ExitCode.failed, file.code);
}
