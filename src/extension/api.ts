/**
 * What other extensions may use: `vscode.extensions.getExtension<TaskweaveApi>('taskweave.taskweave')?.activate()`.
 * Reading works everywhere; running needs a trusted workspace.
 */
import type { Leaderboard } from '../protocol/leaderboard';
import type { RunSummary } from '../protocol/runs';
import type { Experiments } from './experiments';
import type { Disposable } from './lifecycle';
import type { Queries } from './query-client';
import { readLeaderboard } from './read-leaderboard';
import type { RunLibrary } from './run-library';
import { storeOf } from './target';

export interface TaskweaveApi {
  /** Version of this interface; it grows within a version, and nothing is taken out of it. */
  readonly version: 1;
  /** Absolute paths of the experiment files of the workspace. */
  readonly experiments: readonly string[];
  /** Newest runs of an experiment, newest first. */
  runs(experiment: string): readonly RunSummary[];
  /** Leaderboard of a run; null while there is none. Rejects where the run is unknown. */
  leaderboard(experiment: string, run: string): Promise<Leaderboard | null>;
  /** Starts a run and resolves with its id. Rejects in Restricted Mode, and where the experiment has mistakes. */
  run(experiment: string): Promise<string>;
  /** Experiments or runs have changed. */
  onDidChange(listener: () => void): Disposable;
}

export interface ApiServices {
  readonly experiments: Experiments;
  readonly library: RunLibrary;
  readonly queries: Queries;
  run(experiment: string): Promise<string>;
  trusted(): boolean;
  log(line: string): void;
}

export function makeApi({ experiments, library, queries, run, trusted, log }: ApiServices): TaskweaveApi {
  return {
    version: 1,
    get experiments() {
      return experiments.paths;
    },
    runs: (experiment) => library.runsOf(experiment),
    leaderboard: async (experiment, id) =>
      readLeaderboard(await queries.ask<'run'>({ kind: 'run', store: storeOf(experiment), run: id }), log),
    run: async (experiment) => {
      if (!trusted()) throw new Error('Nothing runs in Restricted Mode: trust this workspace first.');
      return run(experiment);
    },
    onDidChange: (listener) => {
      const own = [library.onChanged(listener), experiments.onChanged(listener)];
      return {
        dispose() {
          for (const one of own) one.dispose();
        },
      };
    },
  };
}
