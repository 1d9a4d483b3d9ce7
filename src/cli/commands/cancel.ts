import { Command } from 'commander';
import { requestCancel } from '../../jobs';
import { CliError, ExitCode } from '../exit-codes';
import { findRun, storeOption } from '../find-run';

export function cancelCommand(): Command {
  return storeOption(
    new Command('cancel')
      .description('Ask a running run to stop; what is finished stays and `resume` goes on from there.')
      .argument('[run]', 'run id, the start of one, or `latest`', 'latest'),
  )
    .option('--json', 'print {run, cancelled} for machines')
    .action((id: string, flags: { store?: string; json?: boolean }) => {
      const { store, run, summary } = findRun(id, flags.store);
      if (!['running', 'paused', 'queued'].includes(summary.status)) {
        throw new CliError(
          `Run ${run} is ${summary.status}: there is nothing to cancel.`,
          ExitCode.failed,
          'not-running',
        );
      }
      requestCancel(store, run);
      process.stdout.write(
        flags.json ? `${JSON.stringify({ run, cancelled: true })}\n` : `Asked run ${run} to stop.\n`,
      );
    });
}
