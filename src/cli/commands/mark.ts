import { Command } from 'commander';
import { answerQuery } from '../../jobs';
import type { MarkChange } from '../../protocol/runs';
import { CliError, ExitCode } from '../exit-codes';
import { findRun, storeOption } from '../find-run';

interface MarkFlags {
  readonly store?: string;
  readonly star?: boolean;
  readonly name?: string;
  readonly note?: string;
  readonly tag?: readonly string[];
  readonly delete?: boolean;
  readonly restore?: boolean;
  readonly json?: boolean;
}

export function markCommand(): Command {
  return storeOption(
    new Command('mark')
      .description('Star, name, tag or annotate a run; delete it from lists, or restore it.')
      .argument('<run>', 'run id, the start of one, or `latest`'),
  )
    .option('--star', 'star it')
    .option('--no-star', 'take the star away')
    .option('--name <text>', 'what lists call it; empty: its own name')
    .option('--note <text>', 'a note; empty: none')
    .option('--tag <name...>', 'its tags, instead of those it has')
    .option('--delete', 'hide it from lists; `taskweave prune` removes its files')
    .option('--restore', 'show a deleted run again')
    .option('--json', 'print {run, marks} for machines')
    .action((id: string, flags: MarkFlags) => {
      const { store, run } = findRun(id, flags.store, flags.restore === true);
      const change = changeOf(flags);
      if (Object.values(change).every((value) => value === undefined)) {
        throw new CliError(
          'Say what to mark: --star, --name, --note, --tag, --delete or --restore.',
          ExitCode.invalid,
          'usage',
        );
      }
      const { marks } = answerQuery({ kind: 'mark', store, run, change });
      process.stdout.write(flags.json ? `${JSON.stringify({ run, marks })}\n` : `Marked run ${run}\n`);
    });
}

function changeOf(flags: MarkFlags): MarkChange {
  return {
    star: flags.star,
    name: flags.name,
    note: flags.note,
    tags: flags.tag === undefined ? undefined : [...flags.tag],
    deleted: flags.delete ? true : flags.restore ? false : undefined,
  };
}
