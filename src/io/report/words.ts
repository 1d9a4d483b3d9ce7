import {
  type BoardColumn,
  baselineOf,
  type Difference,
  formatChosen,
  type Leaderboard,
  type LeaderboardRow,
  type RelatednessMatrix,
} from '../../core/evaluate';
import { count, type ReportLanguage } from './language';
import type { ReportData } from './report-data';

/** Differences drawn of one row: beyond, the ends of the order. */
const MOST_DRAWN = 24;

/** The same run, with every row called as people read it. */
export function withNames(data: ReportData, { rowName }: ReportLanguage): ReportData {
  const { leaderboard, diagnosis } = data;
  const rows = leaderboard.rows.map((row) => ({
    ...row,
    name: rowName(row.name),
    ...(row.members && { members: row.members.map(rowName) }),
  }));
  return {
    ...data,
    leaderboard: { ...leaderboard, rows },
    ...(diagnosis && {
      diagnosis: {
        ...diagnosis,
        rows: diagnosis.rows.map((row) => ({ ...row, name: rowName(row.name) })),
      },
    }),
  };
}

/** What the scores of the leaderboard are of. */
export function scoredOn({ split }: Leaderboard, { t }: ReportLanguage): string {
  return split === 'test'
    ? t('the test split, scored once')
    : t('out-of-fold predictions: there is no test split');
}

/** Head of a column of the leaderboard: names of tasks stay as they are. */
export function columnTitle({ title, task }: BoardColumn, { t }: ReportLanguage): string {
  return task === undefined ? t(title) : `${task} ${t(title.slice(task.length + 1))}`;
}

/** Cell of the leaderboard. */
export function cellText({ key, text }: BoardColumn, row: LeaderboardRow, { t }: ReportLanguage): string {
  if (key === 'role') return t(row.role);
  return key === 'chosen' ? formatChosen(row.hyperparameters, t('per task')) : text(row).trim();
}

/** What was found, in sentences: the best row, and what sharing did in it. */
export function answerOf(board: Leaderboard, say: ReportLanguage): string[] {
  const { t } = say;
  const [best] = board.rows;
  if (best === undefined) return [t('Nothing completed.')];
  const what = { baseline: t('a baseline'), model: t('a model'), ensemble: t('an ensemble') }[best.role];
  const lines = [
    t(
      'Best of {0} is {1} ({2}) with mean skill {3} over {4}.',
      count(say, board.rows.length, 'row'),
      best.name,
      what,
      best.mean.toFixed(3),
      count(say, board.tasks.length, 'task'),
    ),
  ];
  const shared = board.rows.find(({ differences }) => differences);
  if (shared === undefined) return [...lines, t('There is no model that shares between tasks to compare.')];
  const baseline = baselineOf(board, shared);
  const found = countVerdicts(shared).map(([verdict, tasks]) =>
    foundWords(say, verdict, count(say, tasks, 'task')),
  );
  const against = baseline?.name ?? t('its baseline');
  lines.push(t('{0} against {1}: sharing {2}.', shared.name, against, found.join(', ')));
  return lines;
}

function foundWords({ t }: ReportLanguage, verdict: Difference['verdict'], tasks: string): string {
  switch (verdict) {
    case 'helped':
      return t('helped {0}', tasks);
    case 'negative transfer':
      return t('hurt (negative transfer) {0}', tasks);
    case 'no difference shown':
      return t('made no difference that could be shown in {0}', tasks);
    case 'too few rows to tell':
      return t('has too few rows to tell in {0}', tasks);
  }
}

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

export function relatednessTitle({ kind, of }: RelatednessMatrix, { t }: ReportLanguage): string {
  switch (kind) {
    case 'parameters':
      return t('Correlation of the weights that {0} learned', of);
    case 'predictions':
      return t('Correlation of what {0} predicts', of);
    case 'gain':
      return t('Gain in skill of the task of a row when {0} learns it with that of the column', of);
  }
}

export function madeOf({ run, started, leaderboard }: ReportData, say: ReportLanguage): string {
  const { t } = say;
  const { tasks, split } = leaderboard;
  const rows = split === 'test' ? t('scored on the test split') : t('scored out of fold');
  const when = `${started.slice(0, 16).replace('T', ' ')} UTC`;
  return t('Run {0}, {1}, {2}, {3}.', run, when, count(say, tasks.length, 'task'), rows);
}
