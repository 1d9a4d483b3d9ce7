import Table from 'cli-table3';
import { Command } from 'commander';
import { listRuns } from '../../jobs';
import { findStoreOrFail, storeOption } from '../find-run';
import { plainTable } from '../leaderboard-text';

export function runsCommand(): Command {
  return storeOption(new Command('runs').description('List the runs of a store, newest first.'))
    .option('--json', 'print {store, runs: […]} for machines')
    .action((flags: { store?: string; json?: boolean }) => {
      const store = findStoreOrFail(flags.store);
      const runs = listRuns(store);
      if (flags.json) {
        process.stdout.write(`${JSON.stringify({ store, runs })}\n`);
        return;
      }
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
