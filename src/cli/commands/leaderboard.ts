import { Command, Option } from 'commander';
import { type Leaderboard, sortRows } from '../../core/evaluate';
import { answerQuery } from '../../jobs';
import { leaderboard as leaderboardSchema } from '../../protocol/leaderboard';
import { CliError, ExitCode } from '../exit-codes';
import { findRun, storeOption } from '../find-run';
import { allColumns, leaderboardCsv, leaderboardMarkdown, printLeaderboard } from '../leaderboard-text';
import { outcomeForMachines } from './execution';

interface LeaderboardFlags {
  readonly store?: string;
  readonly sort?: string;
  readonly reverse?: boolean;
  readonly format: 'table' | 'csv' | 'json' | 'markdown';
  readonly json?: boolean;
}

export function leaderboardCommand(): Command {
  return storeOption(
    new Command('leaderboard')
      .description(
        'Print the leaderboard of a run: baselines, models and ensembles, and whether sharing helped.',
      )
      .argument('[run]', 'run id, the start of one, or `latest`', 'latest'),
  )
    .option(
      '--sort <column>',
      'order of the rows, better end first: mean, validation, cpuSeconds, <task>.<metric>, …',
    )
    .option('--reverse', 'with --sort: the other end first')
    .addOption(
      new Option('--format <name>', 'how it is printed; csv and json have every score of every task')
        .choices(['table', 'csv', 'json', 'markdown'])
        .default('table'),
    )
    .option('--json', 'the same as --format json: {run, status, tasks, leaderboard: […]} for machines')
    .action(async (id: string, flags: LeaderboardFlags) => {
      const { store, run, summary } = findRun(id, flags.store);
      const detail = await answerQuery({ kind: 'run', store, run });
      if (detail.leaderboard === null) {
        throw new CliError(
          `Run ${run} is ${summary.status} and has no leaderboard yet.`,
          ExitCode.failed,
          'no-leaderboard',
        );
      }
      const leaderboard = sorted(leaderboardSchema.parse(detail.leaderboard), flags);
      const failures = detail.models
        .filter(({ status }) => status === 'failed')
        .map(({ name }) => ({ label: name, message: failureOf(name, detail.warnings) }));
      if (flags.json || flags.format === 'json') {
        const status = summary.status === 'completed' ? 'completed' : 'failed';
        process.stdout.write(
          `${JSON.stringify(outcomeForMachines({ run, status, leaderboard, folder: detail.folder, failures }))}\n`,
        );
        return;
      }
      if (flags.format === 'csv') {
        process.stdout.write(leaderboardCsv(leaderboard));
        return;
      }
      if (flags.format === 'markdown') process.stdout.write(leaderboardMarkdown(leaderboard));
      else printLeaderboard(process.stdout, leaderboard);
      if (failures.length > 0) {
        const lines = failures.map(({ label, message }) => `  ${label}: ${message}`);
        process.stdout.write(`\nNot in the table\n${lines.join('\n')}\n`);
      }
    });
}

function sorted(leaderboard: Leaderboard, { sort, reverse }: LeaderboardFlags): Leaderboard {
  if (sort === undefined) return leaderboard;
  const columns = allColumns(leaderboard);
  const column = columns.find(({ key }) => key === sort);
  if (column === undefined) {
    const keys = columns.map(({ key }) => key);
    throw new CliError(
      `There is no column "${sort}"; the columns are ${keys.slice(0, 40).join(', ')}${keys.length > 40 ? ', …' : ''}.`,
      ExitCode.invalid,
      'usage',
    );
  }
  return { ...leaderboard, rows: sortRows(leaderboard.rows, column, reverse === true) };
}

/** Why a model or ensemble has no row: the first failure among its trials, as the run tells it. */
export function failureOf(name: string, warnings: readonly string[]): string {
  const own = warnings.find((warning) => {
    const [label, message] = warning.split(' failed: ', 2);
    return message !== undefined && label.startsWith(name) && OF_A_TRIAL.test(label.slice(name.length));
  });
  return own ?? 'what it depends on failed';
}

/** What the planner adds to a name; another model's name may begin with the same words. */
const OF_A_TRIAL = /^$|^ (outer|part|model of|pairs|fold|search|selection|refit|chain)\b/;
