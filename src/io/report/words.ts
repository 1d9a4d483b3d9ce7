import {
  baselineOf,
  type Difference,
  type Leaderboard,
  type LeaderboardRow,
  type RelatednessMatrix,
} from '../../core/evaluate';
import type { ReportData } from './report-data';

/** Differences drawn of one row: beyond, the ends of the order. */
const MOST_DRAWN = 24;

/** What was found, in sentences: the best row, and what sharing did in it. */
export function answerOf(board: Leaderboard): string[] {
  const [best] = board.rows;
  if (best === undefined) return ['Nothing completed.'];
  const what = best.role === 'baseline' ? 'a baseline' : `${best.role === 'model' ? 'a' : 'an'} ${best.role}`;
  const lines = [
    `Best of ${board.rows.length} rows is ${best.name} (${what}) with mean skill ${best.mean.toFixed(3)} over ${board.tasks.length} ${board.tasks.length === 1 ? 'task' : 'tasks'}.`,
  ];
  const shared = board.rows.find(({ differences }) => differences);
  if (shared === undefined) return [...lines, 'There is no model that shares between tasks to compare.'];
  const counts = countVerdicts(shared);
  const baseline = baselineOf(board, shared);
  lines.push(
    `${shared.name} against ${baseline?.name ?? 'its baseline'}: sharing ${counts
      .map(([verdict, tasks]) => `${SAID[verdict]} ${tasks} ${tasks === 1 ? 'task' : 'tasks'}`)
      .join(', ')}.`,
  );
  return lines;
}

const SAID = {
  helped: 'helped',
  'negative transfer': 'hurt (negative transfer)',
  'no difference shown': 'made no difference that could be shown in',
  'too few rows to tell': 'has too few rows to tell in',
} as const;

function countVerdicts({
  differences = {},
}: LeaderboardRow): readonly (readonly [Difference['verdict'], number])[] {
  const all = Object.values(differences);
  return (['helped', 'negative transfer', 'no difference shown', 'too few rows to tell'] as const)
    .map((verdict) => [verdict, all.filter((one) => one.verdict === verdict).length] as const)
    .filter(([, count]) => count > 0);
}

/** Tasks of a row from most helped to most hurt; where they are many, both ends. */
export function transferTasks({ differences = {} }: LeaderboardRow): {
  readonly shown: readonly (readonly [string, Difference])[];
  readonly left: number;
} {
  const sorted = Object.entries(differences).toSorted(([, a], [, b]) => b.value - a.value);
  if (sorted.length <= MOST_DRAWN) return { shown: sorted, left: 0 };
  const half = MOST_DRAWN / 2;
  return { shown: [...sorted.slice(0, half), ...sorted.slice(-half)], left: sorted.length - MOST_DRAWN };
}

export function relatednessTitle({ kind, of }: RelatednessMatrix): string {
  switch (kind) {
    case 'parameters':
      return `Correlation of the weights that ${of} learned`;
    case 'predictions':
      return `Correlation of what ${of} predicts`;
    case 'gain':
      return `Gain in skill of the row's task when ${of} learns it with the column's`;
  }
}

export function madeOf({ run, started, leaderboard }: ReportData): string {
  const { tasks, split } = leaderboard;
  const rows = split === 'test' ? 'scored on the test split' : 'scored out of fold';
  return `Run ${run}, ${started.slice(0, 16).replace('T', ' ')} UTC, ${tasks.length} ${tasks.length === 1 ? 'task' : 'tasks'}, ${rows}.`;
}
