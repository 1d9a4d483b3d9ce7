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
