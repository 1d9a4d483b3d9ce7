import Table from 'cli-table3';
import { Command } from 'commander';
import { listAll } from '../../jobs';
import type { RunSummary } from '../../protocol/runs';
import { findStoreOrFail, storeOption } from '../find-run';
import { plainTable } from '../leaderboard-text';

export function runsCommand(): Command {
  return storeOption(new Command('runs').description('List the runs of a store, newest first.'))
    .option('--json', 'print {store, runs: […], unreadable?: […]} for machines')
    .action((flags: { store?: string; json?: boolean }) => {
      const store = findStoreOrFail(flags.store);
      const { runs, unreadable } = listAll(store);
      if (flags.json) {
        const problems = unreadable.length > 0 && { unreadable };
        process.stdout.write(`${JSON.stringify({ store, runs, ...problems })}\n`);
        return;
      }
      for (const { run, message } of unreadable) process.stderr.write(`Run ${run} is left out: ${message}\n`);
      const hidden = listAll(store, true).runs.length;
      const deleted =
        hidden === 0
          ? ''
          : `${hidden} deleted: \`taskweave mark <run> --restore\` shows one again, \`taskweave prune\` removes the files.\n`;
      if (runs.length === 0) {
        process.stdout.write(deleted || 'No runs yet. Start one with `taskweave run <file>`.\n');
        return;
      }
      const table = new Table({
        ...plainTable,
        head: ['run', 'experiment', 'status', 'fits', 'started', 'best', 'mean skill'],
      });
      for (const run of runs) {
        table.push([
          run.run,
          nameOf(run),
          run.queue ? `${run.status} ${run.queue.place}` : run.status,
          `${run.fits.done}/${run.fits.total}`,
          run.started.replace('T', ' ').slice(0, 19),
          run.best?.name ?? '',
          run.best ? run.best.mean.toFixed(3) : '',
        ]);
      }
      process.stdout.write(`${table.toString()}\n${deleted}`);
    });
}

/** As its marks have it: `★ first try #draft`. */
function nameOf({ name, marks }: RunSummary): string {
  const tags = (marks?.tags ?? []).map((tag) => `#${tag}`);
  return [...(marks?.star ? ['★'] : []), marks?.name || name, ...tags].join(' ');
}
