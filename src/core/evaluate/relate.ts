import type { LeaderboardRow } from './leaderboard';
import type { LeaderboardInput } from './leaderboard-input';
import {
  correlationMatrix,
  MOST_RELATED_TASKS,
  type Relatedness,
  type RelatednessMatrix,
} from './relatedness';

/** Whatever is known of how alike the tasks are; undefined for one task, or too many. */
export function relate(input: LeaderboardInput, ranked: readonly LeaderboardRow[]): Relatedness | undefined {
  const { tasks, learned, gains } = input;
  if (tasks.length < 2 || tasks.length > MOST_RELATED_TASKS) return undefined;
  const matrices: RelatednessMatrix[] = [];
  const models = ranked.filter(({ role }) => role === 'model').map(({ name }) => name);
  for (const name of models) {
    const vectors = learned?.(name);
    if (vectors === undefined) continue;
    matrices.push(correlationMatrix('parameters', name, vectors));
    break;
  }
  const entry = input.entries.find(({ name }) => name === models[0]);
  if (entry && !input.longForm && tasks.every(({ type }) => type !== 'multiclass')) {
    const predictions = entry.validation().map(({ values }) => values);
    matrices.push(correlationMatrix('predictions', entry.name, predictions));
  }
  if (gains) matrices.push(gains);
  return matrices.length === 0 ? undefined : { tasks: tasks.map(({ id }) => id), matrices };
}
