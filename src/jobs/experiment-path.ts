import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { RunRecord } from '../store';

/** Where the experiment file of a run is now: a store lies beside it, also after their folder was moved or copied. */
export function experimentPathOf(
  { experimentPath }: Pick<RunRecord, 'experimentPath'>,
  store: string,
): string {
  const beside = join(dirname(store), basename(experimentPath));
  return existsSync(beside) ? beside : experimentPath;
}
