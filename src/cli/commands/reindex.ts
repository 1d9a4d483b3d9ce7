import { Command } from 'commander';
import { listRuns, reindex } from '../../jobs';
import { findStoreOrFail, storeOption } from '../find-run';

export function reindexCommand(): Command {
  return storeOption(
    new Command('reindex').description(
      'Rebuild the index of a store from its event logs (the index is only a cache).',
    ),
  )
    .option('--json', 'print {store, runs} for machines')
    .action((flags: { store?: string; json?: boolean }) => {
      const store = findStoreOrFail(flags.store);
      reindex(store);
      const runs = listRuns(store).length;
      process.stdout.write(
        flags.json
          ? `${JSON.stringify({ store, runs })}\n`
          : `Indexed ${runs} ${runs === 1 ? 'run' : 'runs'} of ${store}\n`,
      );
    });
}
