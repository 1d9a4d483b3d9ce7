import { Command } from 'commander';
import { resumeRun } from '../../jobs';
import { findRun, storeOption } from '../find-run';
import { addExecutionFlags, type ExecutionFlags, execute } from './execution';

export function resumeCommand(): Command {
  const command = storeOption(
    new Command('resume')
      .description(
        'Go on with a run that was cancelled or interrupted, from its own snapshot; finished trials are kept.',
      )
      .argument('[run]', 'run id, the start of one, or `latest`', 'latest'),
  );
  return addExecutionFlags(command).action(async (id: string, flags: ExecutionFlags & { store?: string }) => {
    const { store, run } = findRun(id, flags.store);
    await execute(flags, (execution) => resumeRun({ ...execution, store, run }));
  });
}
