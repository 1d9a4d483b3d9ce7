import type { Task } from '../../core/dataset';
import type { EnsembleResult } from '../../core/ensemble';
import type { EnsembleDetail } from '../../core/evaluate';
import type { EnsembleTrial } from '../../core/experiment';

/** What an ensemble trial found, as its row of the leaderboard tells it. */
export function ensembleDetail(
  { combiner, refit }: EnsembleTrial,
  result: EnsembleResult,
  tasks: readonly Task[],
): EnsembleDetail {
  const byTask = <T>(values: readonly T[]): Readonly<Record<string, T>> =>
    Object.fromEntries(tasks.map(({ id }, t) => [id, values[t]]));
  const { members, weights, influence, lambdas, selections, errorCorrelation, chains } = result;
  return {
    combine: combiner.combine,
    refit,
    unused: members.filter((_, m) => weights.every((of) => of[m] === 0)),
    ...(influence && { influence: byTask(influence) }),
    ...(lambdas && { lambdas: byTask(lambdas) }),
    ...(selections && { selections: byTask(selections) }),
    errorCorrelation: { members: errorCorrelation.members, tasks: byTask(errorCorrelation.tasks) },
    ...(chains && { chains }),
  };
}
