import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { findStore, listAll } from '../jobs';
import type { RunSummary } from '../protocol/runs';
import { CliError, ExitCode } from './exit-codes';

/** The store to look in: `--store`, else the nearest `.taskweave` from the current folder upwards. */
export function storeOption(command: Command): Command {
  return command.option(
    '--store <folder>',
    'the .taskweave folder (default: the nearest one from here upwards)',
  );
}

export function findStoreOrFail(given: string | undefined): string {
  const store = given === undefined ? findStore(process.cwd()) : namedStore(resolve(given));
  if (store === undefined) {
    throw new CliError(
      'No .taskweave folder here or above: run an experiment first (`taskweave run <file>`), or name the folder with --store.',
      ExitCode.invalid,
      'no-store',
    );
  }
  return store;
}

/** The folder itself, or the one of the experiment that holds it. */
function namedStore(folder: string): string {
  if (!existsSync(folder)) {
    throw new CliError(
      `There is no folder ${folder}: name the .taskweave folder.`,
      ExitCode.invalid,
      'no-store',
    );
  }
  const inside = join(folder, '.taskweave');
  return existsSync(inside) ? inside : folder;
}

/** A run (with `deleted`: a deleted one) by its id, by the unambiguous start of its id, or the newest one (`latest`). */
export function findRun(
  id: string,
  givenStore: string | undefined,
  deleted = false,
): { store: string; run: string; summary: RunSummary } {
  const store = findStoreOrFail(givenStore);
  const { runs, unreadable } = listAll(store, deleted);
  const found = id === 'latest' ? runs.slice(0, 1) : runs.filter((summary) => summary.run.startsWith(id));
  const exact = found.find((summary) => summary.run === id);
  if (exact) return { store, run: exact.run, summary: exact };
  if (found.length === 1) return { store, run: found[0].run, summary: found[0] };
  const damaged = found.length === 0 ? unreadable.find(({ run }) => run.startsWith(id)) : undefined;
  if (damaged) {
    throw new CliError(
      `Run ${damaged.run} cannot be read: ${damaged.message}`,
      ExitCode.invalid,
      'damaged-run',
    );
  }
  const known = runs.slice(0, 5).map((summary) => summary.run);
  const problem =
    found.length > 1 ? `"${id}" is the start of ${found.length} runs` : `There is no run "${id}" in ${store}`;
  const hint = known.length > 0 ? `Newest: ${known.join(', ')}.` : 'It holds no runs yet.';
  throw new CliError(`${problem}. ${hint}`, ExitCode.invalid, 'no-such-run');
}
