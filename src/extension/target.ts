import { basename, dirname, join } from 'node:path';

/** What a command is about. */
export interface Target {
  /** Absolute path of the experiment file. */
  readonly experiment: string;
  readonly run?: string;
  readonly model?: string;
  readonly task?: string;
  readonly ensemble?: string;
  /** Only likely to be meant: to be asked, with this one first. */
  readonly suggested?: boolean;
}

/**
 * The target of a command's argument: given by itself, by a tree item that has one, or as the resource of a menu. It comes
 * from trees, code lenses, keys and other extensions, so it is looked at before it is believed.
 */
export function readTarget(argument: unknown): Target | undefined {
  if (!isRecord(argument)) return undefined;
  const { target, scheme, fsPath } = argument;
  if (isTarget(argument)) return argument;
  if (isTarget(target)) return target;
  return scheme === 'file' && typeof fsPath === 'string' ? { experiment: fsPath } : undefined;
}

function isTarget(value: unknown): value is Target {
  if (!isRecord(value) || typeof value.experiment !== 'string') return false;
  const names = [value.run, value.model, value.task, value.ensemble];
  return (
    names.every((name) => name === undefined || typeof name === 'string') &&
    (value.suggested === undefined || typeof value.suggested === 'boolean')
  );
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

const EXPERIMENT_FILE = /\.mtl\.(ya?ml|json)$/i;
export const EXPERIMENT_GLOB = '**/*.mtl.{yaml,yml,json}';

export function isExperimentFile(path: string): boolean {
  return EXPERIMENT_FILE.test(path);
}

/** `penguins` for `…/penguins.mtl.yaml`. */
export function experimentName(path: string): string {
  return basename(path).replace(EXPERIMENT_FILE, '');
}

/** The run store beside an experiment file. */
export function storeOf(experiment: string): string {
  return join(dirname(experiment), '.taskweave');
}
