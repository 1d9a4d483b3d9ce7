import { Command } from 'commander';
import { isPauseAsked, requestContinue, requestPause } from '../../jobs';
import { CliError, ExitCode } from '../exit-codes';
import { findRun, storeOption } from '../find-run';

export function pauseCommand(): Command {
  return storeOption(
    new Command('pause')
      .description(
        'Ask a running run to start no more trials; those at work go on to their end. `continue` goes on.',
      )
      .argument('[run]', 'run id, the start of one, or `latest`', 'latest'),
  )
    .option('--json', 'print {run, paused} for machines')
    .action((id: string, flags: { store?: string; json?: boolean }) => {
      const { store, run, summary } = findRun(id, flags.store);
      refuseUnless(['running', 'queued'], summary.status, run, 'pause');
      requestPause(store, run);
      process.stdout.write(
        flags.json ? `${JSON.stringify({ run, paused: true })}\n` : `Asked run ${run} to pause.\n`,
      );
    });
}

export function continueCommand(): Command {
  return storeOption(
    new Command('continue')
      .description('Let a paused run go on. (`resume` takes up a run that nobody is at work on.)')
      .argument('[run]', 'run id, the start of one, or `latest`', 'latest'),
  )
    .option('--json', 'print {run, paused} for machines')
    .action((id: string, flags: { store?: string; json?: boolean }) => {
      const { store, run, summary } = findRun(id, flags.store);
      // A pause that was asked for a moment ago shows in the status when the coordinator has read it.
      if (!isPauseAsked(store, run)) refuseUnless(['paused'], summary.status, run, 'continue');
      else refuseUnless(['paused', 'running', 'queued'], summary.status, run, 'continue');
      requestContinue(store, run);
      process.stdout.write(
        flags.json ? `${JSON.stringify({ run, paused: false })}\n` : `Run ${run} goes on.\n`,
      );
    });
}

function refuseUnless(allowed: readonly string[], status: string, run: string, verb: string): void {
  if (allowed.includes(status)) return;
  throw new CliError(
    `Run ${run} is ${status}: there is nothing to ${verb}.`,
    ExitCode.failed,
    `not-${allowed[0]}`,
  );
}
