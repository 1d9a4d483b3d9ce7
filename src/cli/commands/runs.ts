import Table from 'cli-table3';
import { Command } from 'commander';
import { listAll } from '../../jobs';
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
      if (runs.length === 0) {
        process.stdout.write('No runs yet. Start one with `taskweave run <file>`.\n');
        return;
      }
      const table = new Table({
        ...plainTable,
        head: ['run', 'experiment', 'status', 'fits', 'started', 'best', 'mean skill'],
      });
      for (const run of runs) {
        table.push([
          run.run,
          run.name,
          run.status,
          `${run.fits.done}/${run.fits.total}`,
          run.started.replace('T', ' ').slice(0, 19),
          run.best?.name ?? '',
          run.best ? run.best.mean.toFixed(3) : '',
        ]);
      }
      process.stdout.write(`${table.toString()}\n`);
    });
}
