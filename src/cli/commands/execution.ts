import { resolve } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { baselineOf, type Leaderboard } from '../../core/evaluate';
import type { BackendChoice, Progress, RunOutcome, TrialFailure } from '../../jobs';
import { limitCpu } from '../cpu-budget';
import { ExitCode } from '../exit-codes';
import { printLeaderboard } from '../leaderboard-text';
import { progressReporter } from '../progress';

export interface ExecutionFlags {
  readonly workers?: number;
  readonly backend?: BackendChoice;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly cpuSeconds?: number;
  readonly queue?: boolean;
}

/** Flags shared by the commands that train. */
export function addExecutionFlags(command: Command): Command {
  return command
    .option(
      '-w, --workers <n>',
      'processors to train on (default: all): a process each, threads of fewer for large data; never changes a result',
      positiveInteger,
    )
    .addOption(
      new Option('--backend <name>', 'tensor backend of neural models').choices(['auto', 'native', 'wasm']),
    )
    .option('--cpu-seconds <n>', 'cancel before more CPU time than this is used', positiveNumber)
    .option('--queue', 'wait until no other run of this folder is at work; `taskweave queue` shows the line')
    .option('-q, --quiet', 'no progress')
    .option('--json', 'end with one JSON object on stdout: {run, status, tasks, leaderboard}');
}

/** What the coordinator needs of the terminal. */
export interface Execution {
  readonly workers?: number;
  readonly backend?: BackendChoice;
  readonly queue: boolean;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: Progress) => void;
  readonly onRun: (run: { readonly run: string; readonly folder: string }) => void;
}

/**
 * Runs `start` with progress on stderr; ^C cancels the run politely. Prints the outcome, sets the exit code.
 */
export async function execute(
  flags: ExecutionFlags,
  start: (execution: Execution) => Promise<RunOutcome>,
): Promise<void> {
  const reporter = progressReporter(process.stderr, flags.quiet === true);
  const interrupt = new AbortController();
  const stop = () => interrupt.abort(new Error('cancelled from the terminal'));
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  const watch =
    flags.cpuSeconds === undefined
      ? undefined
      : limitCpu(flags.cpuSeconds, (reason) => {
          process.stderr.write(`${reason.message}\n`);
          interrupt.abort(reason);
        });
  try {
    const outcome = await start({
      workers: flags.workers,
      backend: flags.backend,
      queue: flags.queue === true,
      signal: interrupt.signal,
      onProgress: (progress) => {
        if (progress.phase === 'queued') watch?.hold();
        else watch?.resume();
        reporter.update(progress);
      },
      onRun: ({ run, folder }) => {
        if (!flags.quiet) process.stderr.write(`Run ${run}\n  ${folder}\n`);
      },
    });
    reporter.finish();
    printOutcome(outcome, flags.json === true);
  } finally {
    watch?.end();
    reporter.finish();
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}

function printOutcome(outcome: RunOutcome, json: boolean): void {
  if (json) process.stdout.write(`${JSON.stringify(outcomeForMachines(outcome))}\n`);
  else if (outcome.leaderboard) printLeaderboard(process.stdout, outcome.leaderboard);
  for (const failure of outcome.failures)
    process.stderr.write(`failed: ${failure.label}: ${failure.message}\n`);
  if (outcome.message && outcome.status !== 'cancelled' && (!json || outcome.status !== 'completed'))
    process.stderr.write(`${outcome.message}\n`);
  if (!json && outcome.status === 'completed') {
    process.stdout.write(`\nRun ${outcome.run} is in ${outcome.folder}\n`);
  }
  if (outcome.status === 'cancelled') {
    process.stderr.write(`Cancelled. Go on with: taskweave resume ${outcome.run}\n`);
    process.exitCode = ExitCode.cancelled;
    return;
  }
  const complete = outcome.status === 'completed' && outcome.failures.length === 0;
  process.exitCode = complete ? ExitCode.ok : ExitCode.failed;
}

/** The documented JSON object of `run --json` and `leaderboard --json`. */
export function outcomeForMachines(
  outcome: Pick<RunOutcome, 'run' | 'status' | 'leaderboard' | 'folder'> & {
    readonly failures: readonly Pick<TrialFailure, 'label' | 'message'>[];
  },
): unknown {
  return {
    run: outcome.run,
    status: outcome.status,
    folder: resolve(outcome.folder),
    split: outcome.leaderboard?.split ?? null,
    tasks: outcome.leaderboard?.tasks ?? [],
    advice: outcome.leaderboard?.advice ?? [],
    ...(outcome.leaderboard?.relatedness && { relatedness: outcome.leaderboard.relatedness }),
    leaderboard: rowsForMachines(outcome.leaderboard),
    failures: outcome.failures,
  };
}

/** Rows with, beside each multi-task one, what it is to be compared with. */
function rowsForMachines(board: Leaderboard | null): unknown[] {
  if (board === null) return [];
  return board.rows.map((row) => {
    const { key: _key, ...shown } = row;
    const baseline = baselineOf(board, row);
    if (baseline === undefined) return shown;
    const { name, mean, cpuSeconds } = baseline;
    return { ...shown, baseline: { name, mean, cpuSeconds } };
  });
}

export function positiveInteger(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('a whole number from 1 up is needed');
  return value;
}

export function positiveNumber(text: string): number {
  const value = Number(text);
  if (!(value > 0) || !Number.isFinite(value)) throw new InvalidArgumentError('a number above 0 is needed');
  return value;
}
