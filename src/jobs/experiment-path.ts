import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { RunRecord } from '../store';

/** Where the experiment file of a run is now: a store lies beside it, also after their folder was moved. */
export function experimentPathOf({ experimentPath }: RunRecord, store: string): string {
  return existsSync(experimentPath) ? experimentPath : join(dirname(store), basename(experimentPath));
}
