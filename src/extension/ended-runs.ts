import type { Leaderboard } from '../protocol/leaderboard';
import type { RunSummary } from '../protocol/runs';
import { isGoing } from '../protocol/words';

/** Notices which runs end: those that were seen going, and those that began and ended between two looks. */
export class EndedRuns {
  private readonly going = new Set<string>();
  private readonly known = new Set<string>();

  /** @param since when it was first looked, in milliseconds since 1970; runs that began before are news only when seen going */
  constructor(private readonly since: number) {}

  /** Runs of `now` that ended since it was last asked. */
  update(now: readonly RunSummary[]): readonly RunSummary[] {
    const ended = now.filter(
      ({ run, status, started }) =>
        !isGoing(status) &&
        (this.going.has(run) ||
          // A run that has no coordinator yet looks as one that has none any more.
          (status !== 'interrupted' && !this.known.has(run) && Date.parse(started) >= this.since)),
    );
    for (const { run, status } of now) {
      if (status !== 'interrupted') this.known.add(run);
      if (isGoing(status)) this.going.add(run);
      else this.going.delete(run);
    }
    return ended;
  }
}

/** Seconds that somebody has waited for a run, its time in line included; NaN while it goes. */
export function secondsOf({ started, ended }: RunSummary): number {
  return ended === null ? Number.NaN : (Date.parse(ended) - Date.parse(started)) / 1000;
}

/** Scores that differ between a run and the one it repeats, and how many there are; times do not count. */
export function differingScores(
  a: Leaderboard,
  b: Leaderboard,
): { readonly differing: number; readonly total: number } {
  const values = (board: Leaderboard) =>
    new Map(
      board.rows.flatMap(({ role, name, scores }) =>
        Object.entries(scores).flatMap(([task, own]) =>
          Object.entries(own).map(
            ([metric, value]) => [JSON.stringify([role, name, task, metric]), value] as const,
          ),
        ),
      ),
    );
  const [left, right] = [values(a), values(b)];
  const keys = new Set([...left.keys(), ...right.keys()]);
  return { differing: [...keys].filter((key) => left.get(key) !== right.get(key)).length, total: keys.size };
}
