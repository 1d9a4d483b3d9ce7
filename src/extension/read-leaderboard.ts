import type { Leaderboard } from '../protocol/leaderboard';
import type { RunDetail } from '../protocol/runs';
import { outsideForms } from './outside';

/** The leaderboard of a run, checked; null while there is none. */
export async function readLeaderboard(
  detail: RunDetail,
  log: (line: string) => void,
): Promise<Leaderboard | null> {
  if (detail.leaderboard === null || detail.leaderboard === undefined) return null;
  const { leaderboard } = await outsideForms();
  const result = leaderboard.safeParse(detail.leaderboard);
  if (result.success) return result.data;
  log(`The leaderboard of run ${detail.summary.run} is not of the agreed form: ${result.error.message}`);
  return null;
}
