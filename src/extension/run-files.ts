import { basename } from 'node:path';
import type { RunSummary } from '../protocol/runs';

const fileNames = new WeakMap<readonly RunSummary[], readonly string[]>();

/** Names of the files that runs are of, each once; trees ask for them several times a second. */
export function fileNamesOf(runs: readonly RunSummary[]): readonly string[] {
  let names = fileNames.get(runs);
  if (names === undefined) {
    const recorded = new Set(runs.map(({ experiment }) => experiment));
    names = [...new Set([...recorded].map((path) => basename(path)))];
    fileNames.set(runs, names);
  }
  return names;
}
