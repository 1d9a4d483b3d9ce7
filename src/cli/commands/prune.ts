import { Command } from 'commander';
import { pruneDeleted } from '../../jobs';
import { findStoreOrFail, storeOption } from '../find-run';

export function pruneCommand(): Command {
  return storeOption(new Command('prune').description('Remove the files of deleted runs, for good.'))
    .option('--json', 'print {store, removed: […]} for machines')
    .action((flags: { store?: string; json?: boolean }) => {
      const store = findStoreOrFail(flags.store);
      const removed = pruneDeleted(store);
      process.stdout.write(
        flags.json
          ? `${JSON.stringify({ store, removed })}\n`
          : `${removed.length === 0 ? 'No deleted runs.' : removed.map((run) => `removed ${run}`).join('\n')}\n`,
      );
    });
}
