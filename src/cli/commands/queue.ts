import { Command, Option } from 'commander';
import { listAll, moveInQueue, type QueueMove, readQueue } from '../../jobs';
import type { RunSummary } from '../../protocol/runs';
import { CliError, ExitCode } from '../exit-codes';
import { findRun, findStoreOrFail, storeOption } from '../find-run';

interface QueueFlags extends Partial<Readonly<Record<QueueMove, boolean>>> {
  readonly store?: string;
  readonly json?: boolean;
}

const MOVES = ['up', 'down', 'first', 'last'] as const satisfies readonly QueueMove[];

export function queueCommand(): Command {
  const others = (move: QueueMove) => MOVES.filter((other) => other !== move);
  const move = (name: QueueMove, words: string) => new Option(`--${name}`, words).conflicts(others(name));
  return storeOption(
    new Command('queue')
      .description(
        'List the runs that are at work, those that wait for them and those that are paused, or change the order of those that wait.',
      )
      .argument('[run]', 'one that waits: run id, the start of one, or `latest`'),
  )
    .addOption(move('up', 'before the one before it'))
    .addOption(move('down', 'behind the one behind it'))
    .addOption(move('first', 'before all others that wait'))
    .addOption(move('last', 'behind all others that wait'))
    .option('--json', 'print {working: [run…], waiting: [run…], paused: [run…]} for machines')
    .action((id: string | undefined, flags: QueueFlags) => {
      const wanted = MOVES.find((name) => flags[name]);
      if ((id === undefined) !== (wanted === undefined)) {
        throw new CliError(
          'To change the order, name a run and where it goes: --up, --down, --first or --last.',
          ExitCode.invalid,
          'usage',
        );
      }
      const store =
        id === undefined || wanted === undefined
          ? findStoreOrFail(flags.store)
          : moved(id, wanted, flags.store);
      print(store, flags.json === true);
    });
}

function moved(id: string, move: QueueMove, givenStore: string | undefined): string {
  const { store, run } = findRun(id, givenStore);
  moveInQueue(store, run, move);
  return store;
}

function print(store: string, json: boolean): void {
  const { working, waiting } = readQueue(store);
  const { runs } = listAll(store);
  // One that has fits at hand is at work until they are done.
  const paused = runs
    .filter(({ run, status }) => status === 'paused' && !working.includes(run))
    .map(({ run }) => run);
  if (json) {
    process.stdout.write(`${JSON.stringify({ working, waiting, paused })}\n`);
    return;
  }
  const summaries = new Map(runs.map((summary) => [summary.run, summary]));
  const line = (place: string, run: string) =>
    `${place.padEnd(8)} ${run}  ${nameOf(summaries.get(run))}`.trimEnd();
  const lines = [
    ...working.map((run) => line('at work', run)),
    ...waiting.map((run, i) => line(`${i + 1}.`, run)),
    ...paused.map((run) => line('paused', run)),
  ];
  process.stdout.write(`${lines.join('\n') || 'No run is at work, and none waits.'}\n`);
}

function nameOf(summary: RunSummary | undefined): string {
  return summary?.marks?.name ?? summary?.name ?? '';
}
