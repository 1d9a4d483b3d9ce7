import { Command, InvalidArgumentError, Option } from 'commander';
import * as z from 'zod';
import type { SweepText } from '../../core/experiment';
import { dryRun, type SweepRequest, startRun } from '../../jobs';
import { CliError, ExitCode } from '../exit-codes';
import { printForecast } from '../forecast-text';
import {
  addExecutionFlags,
  type ExecutionFlags,
  execute,
  positiveInteger,
  positiveNumber,
} from './execution';

interface RunFlags extends ExecutionFlags {
  readonly name?: string;
  readonly sweep?: string;
  readonly from?: number;
  readonly to?: number;
  readonly points?: number;
  readonly folds?: number;
  readonly rule?: 'best' | 'one-standard-error';
  readonly sweepJson?: SweepText;
  readonly dryRun?: boolean;
  readonly fresh?: boolean;
  readonly maxFits?: number;
}

export function runCommand(): Command {
  const command = new Command('run')
    .description(
      'Run an experiment: cross-validate, choose λ, refit, combine, score the test split once, print the leaderboard.',
    )
    .argument('<file>', 'experiment file (*.mtl.yaml)')
    .option('--name <text>', 'name of the run in lists')
    .option('--sweep <model>', 'only sweep λ of this model (its baselines with it); the file stays as it is')
    .option('--from <λ>', 'with --sweep: largest λ (default: λ_max of the model)', positiveNumber)
    .option(
      '--to <λ>',
      'with --sweep: smallest λ (default: 1/1000 of the largest; ridge 1/100,000)',
      positiveNumber,
    )
    .option('--points <n>', 'with --sweep: λs on the grid, log-spaced (default: 20)', positiveInteger)
    .option(
      '--folds <k>',
      'with --sweep: folds of the cross-validation (default: as in the file)',
      positiveInteger,
    )
    .option(
      '--sweep-json <json>',
      'only this sweep, written as in the file: {"model": …, "over": {…}, "search": …}',
      sweepText,
    )
    .option('-n, --dry-run', 'print how many fits there would be and about how long they take; train nothing')
    .option('--fresh', 'do all work again, even what an earlier run has finished')
    .option('--max-fits <n>', 'refuse to start where there would be more fits than this', positiveInteger)
    .addOption(
      new Option('--rule <name>', 'with --sweep: how λ is chosen').choices(['best', 'one-standard-error']),
    );
  return addExecutionFlags(command).action(async (file: string, flags: RunFlags) => {
    const sweep = sweepRequest(flags);
    const options = {
      experimentPath: file,
      name: flags.name,
      sweep,
      sweepText: flags.sweepJson,
      reuse: flags.fresh !== true,
      maxFits: flags.maxFits,
    };
    if (flags.dryRun) {
      const { workers, backend } = flags;
      printForecast(await dryRun({ ...options, workers, backend }), flags.json === true);
      return;
    }
    await execute(flags, (execution) => startRun({ ...execution, ...options }));
  });
}

const sweepShape = z.object({ model: z.string() }).catchall(z.json());

/** @throws InvalidArgumentError */
function sweepText(text: string): SweepText {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new InvalidArgumentError('it is not JSON.');
  }
  const parsed = sweepShape.safeParse(value);
  if (!parsed.success) throw new InvalidArgumentError('it needs a `model`, and `over` with what varies.');
  return parsed.data;
}

function sweepRequest(flags: RunFlags): SweepRequest | undefined {
  if (flags.sweep === undefined) {
    const stray = (['from', 'to', 'points', 'folds', 'rule'] as const).find(
      (flag) => flags[flag] !== undefined,
    );
    if (stray) throw new CliError(`--${stray} needs --sweep <model>`, ExitCode.invalid, 'usage');
    return undefined;
  }
  if (flags.from !== undefined && flags.to !== undefined && flags.to > flags.from) {
    throw new CliError(
      `--to (${flags.to}) must not be above --from (${flags.from})`,
      ExitCode.invalid,
      'usage',
    );
  }
  return {
    model: flags.sweep,
    from: flags.from,
    to: flags.to,
    points: flags.points ?? 20,
    folds: flags.folds,
    rule: flags.rule,
  };
}
