import { Command } from 'commander';
import { extendRun } from '../../jobs';
import { CliError, ExitCode } from '../exit-codes';
import { findRun, storeOption } from '../find-run';
import {
  addExecutionFlags,
  type ExecutionFlags,
  execute,
  positiveInteger,
  positiveNumber,
} from './execution';

interface ExtendFlags extends ExecutionFlags {
  readonly store?: string;
  readonly model: string;
  readonly points?: number;
  readonly from?: number;
  readonly to?: number;
}

/** More λ where the flags do not say. */
const DEFAULT_POINTS = 6;

export function extendCommand(): Command {
  const command = storeOption(
    new Command('extend')
      .description(
        'Try more configurations of one model of a complete run: only the new fits are done, then choice, refit, ensembles and leaderboard again.',
      )
      .argument('[run]', 'run id, the start of one, or `latest`', 'latest'),
  )
    .requiredOption('--model <name>', 'base model to extend, its baselines with it')
    .option(
      '--points <n>',
      `how many more (default: ${DEFAULT_POINTS}): λ, or what a random, quasi-random or bayesian search tries next`,
      positiveInteger,
    )
    .option('--from <λ>', 'largest new λ; without --from and --to: finer around the chosen λ', positiveNumber)
    .option('--to <λ>', 'smallest new λ', positiveNumber);
  return addExecutionFlags(command).action(async (id: string, flags: ExtendFlags) => {
    const { model, from, to, points = DEFAULT_POINTS } = flags;
    if (from !== undefined && to !== undefined && to > from) {
      throw new CliError(`--to (${to}) must not be above --from (${from})`, ExitCode.invalid, 'usage');
    }
    const { store, run } = findRun(id, flags.store);
    await execute(flags, (execution) => extendRun({ ...execution, store, run, model, points, from, to }));
  });
}
