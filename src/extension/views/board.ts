/** Questions about a leaderboard that trees and the editor ask for every task: answered from an index made once. */
import type { Leaderboard, LeaderboardRow } from '../../protocol/leaderboard';
import { isLowerBetter, metricName, score } from '../../protocol/words';

interface BoardIndex {
  /** Primary metric of each task. */
  readonly metrics: ReadonlyMap<string, string>;
  /** Names of the rows that hurt a task. */
  readonly harm: ReadonlyMap<string, readonly string[]>;
}

const indexes = new WeakMap<Leaderboard, BoardIndex>();

function indexOf(board: Leaderboard): BoardIndex {
  let index = indexes.get(board);
  if (index === undefined) {
    const harm = new Map<string, string[]>();
    for (const row of board.rows) {
      for (const task of row.negativeTransfer) harm.set(task, [...(harm.get(task) ?? []), row.name]);
    }
    index = { metrics: new Map(board.tasks.map(({ id, primary }) => [id, primary])), harm };
    indexes.set(board, index);
  }
  return index;
}

/**
 * The tasks of a row that a short list names: all where they fit, else first those that sharing hurt, then those it helped,
 * each in their own order.
 */
export function tellingTasks(
  tasks: readonly string[],
  { differences }: Pick<LeaderboardRow, 'differences'>,
  most: number,
): readonly string[] {
  if (tasks.length <= most) return tasks;
  const rank = (task: string) => TELLING.indexOf(differences?.[task]?.verdict ?? '');
  return tasks.toSorted((a, b) => rank(b) - rank(a)).slice(0, most);
}

/** Verdicts that something is to be learned from, the most telling last. */
const TELLING: readonly string[] = ['helped', 'negative transfer'];

/** Rows that have a score for the task, best first by its primary metric. */
export function ranked(board: Leaderboard, task: string): readonly LeaderboardRow[] {
  const metric = indexOf(board).metrics.get(task);
  if (metric === undefined) return [];
  const value = (row: LeaderboardRow) => row.scores[task]?.[metric] ?? Number.NaN;
  const sign = isLowerBetter(metric) ? 1 : -1;
  return board.rows.filter((row) => Number.isFinite(value(row))).sort((a, b) => sign * (value(a) - value(b)));
}

/** The best model or ensemble for a task; a baseline only where nothing else has a score. */
export function bestRow(board: Leaderboard, task: string): LeaderboardRow | undefined {
  const rows = ranked(board, task);
  return rows.find((row) => row.role !== 'baseline') ?? rows[0];
}

/** A row's value of a task's primary metric. */
export function primaryValue(board: Leaderboard, row: LeaderboardRow, task: string): number | undefined {
  const metric = indexOf(board).metrics.get(task);
  return metric === undefined ? undefined : (row.scores[task]?.[metric] ?? undefined);
}

/** `AUC 0.931` of a row for a task, by its primary metric. */
export function scoreOf(board: Leaderboard, row: LeaderboardRow, task: string): string | undefined {
  const value = primaryValue(board, row, task);
  return value === undefined ? undefined : `${metricName(primaryOf(board, task))} ${score(value)}`;
}

export function primaryOf(board: Leaderboard, task: string): string {
  return indexOf(board).metrics.get(task) ?? '';
}

export function harmedModels(board: Leaderboard, task: string): readonly string[] {
  return indexOf(board).harm.get(task) ?? [];
}
