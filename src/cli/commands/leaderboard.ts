import { Command } from 'commander';
import type { Leaderboard } from '../../core/evaluate';
import { answerQuery } from '../../jobs';
import { leaderboard as leaderboardSchema } from '../../protocol/leaderboard';
import { CliError, ExitCode } from '../exit-codes';
import { findRun, storeOption } from '../find-run';
import { printLeaderboard } from '../leaderboard-text';
import { outcomeForMachines } from './execution';

export function leaderboardCommand(): Command {
  return storeOption(
    new Command('leaderboard')
      .description(
        'Print the leaderboard of a run: baselines, models and ensembles, and whether sharing helped.',
      )
      .argument('[run]', 'run id, the start of one, or `latest`', 'latest'),
  )
    .option('--json', 'print {run, status, tasks, leaderboard: […]} for machines')
    .action(async (id: string, flags: { store?: string; json?: boolean }) => {
      const { store, run, summary } = findRun(id, flags.store);
      const detail = await answerQuery({ kind: 'run', store, run });
      if (detail.leaderboard === null) {
        throw new CliError(
          `Run ${run} is ${summary.status} and has no leaderboard yet.`,
          ExitCode.failed,
          'no-leaderboard',
        );
      }
      const leaderboard: Leaderboard = leaderboardSchema.parse(detail.leaderboard);
      const failures = detail.models
        .filter(({ status }) => status === 'failed')
        .map(({ name }) => ({ label: name, message: failureOf(name, detail.warnings) }));
      if (flags.json) {
        const status = summary.status === 'completed' ? 'completed' : 'failed';
        process.stdout.write(
          `${JSON.stringify(outcomeForMachines({ run, status, leaderboard, folder: detail.folder, failures }))}\n`,
        );
        return;
      }
      printLeaderboard(process.stdout, leaderboard);
      if (failures.length > 0) {
        const lines = failures.map(({ label, message }) => `  ${label}: ${message}`);
        process.stdout.write(`\nNot in the table\n${lines.join('\n')}\n`);
      }
    });
}

/** Why a model or ensemble has no row: the first failure among its trials, as the run tells it. */
function failureOf(name: string, warnings: readonly string[]): string {
  const own = warnings.find((warning) => warning.startsWith(`${name} `) && warning.includes(' failed: '));
  return own ?? 'what it depends on failed';
}
