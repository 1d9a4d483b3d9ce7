import { Command } from 'commander';
import { formatBytes } from '../../core/evaluate';
import { pruneDeleted, prunePredictions } from '../../jobs';
import { findStoreOrFail, storeOption } from '../find-run';

export function pruneCommand(): Command {
  return storeOption(new Command('prune').description('Remove the files of deleted runs, for good.'))
    .option(
      '--predictions',
      'also what fits of completed runs predicted of their folds; a run that needs it does the fit again',
    )
    .option('--json', 'print {store, removed: […]} for machines')
    .action((flags: { store?: string; json?: boolean; predictions?: boolean }) => {
      const store = findStoreOrFail(flags.store);
      const removed = pruneDeleted(store);
      const predictions = flags.predictions ? prunePredictions(store) : undefined;
      if (flags.json) {
        process.stdout.write(`${JSON.stringify({ store, removed, ...(predictions && { predictions }) })}\n`);
        return;
      }
      const lines = removed.length === 0 ? ['No deleted runs.'] : removed.map((run) => `removed ${run}`);
      if (predictions) {
        lines.push(`removed ${predictions.files} files of predictions, ${formatBytes(predictions.bytes)}`);
      }
      process.stdout.write(`${lines.join('\n')}\n`);
    });
}
