import { Command } from 'commander';
import { answerQuery } from '../../jobs';
import { logText } from '../../protocol/run-log-text';
import { findRun, storeOption } from '../find-run';
import { languageOption, useLanguage } from '../language';

/** Lines at most: a run of more is read in its files. */
const MOST_LINES = 1_000_000;

export function logCommand(): Command {
  const command = storeOption(
    new Command('log')
      .description(
        'Tell the story of a run: workers, trials that began, ended, failed or were tried again, warnings.',
      )
      .argument('[run]', 'run id, the start of one, or `latest`', 'latest'),
  ).option('--json', 'print it as JSON for machines');
  return languageOption(command).action(
    (id: string, flags: { store?: string; json?: boolean; lang?: string }) => {
      useLanguage(flags.lang);
      const { store, run } = findRun(id, flags.store);
      const log = answerQuery<'log'>({ kind: 'log', store, run, limit: MOST_LINES });
      process.stdout.write(flags.json ? `${JSON.stringify(log)}\n` : logText(log));
    },
  );
}
