import { t } from '../src/protocol/l10n';
import type { Leaderboard, LeaderboardRow } from '../src/protocol/leaderboard';
import { learnerName, rowName } from '../src/protocol/names';
import { chosenWords, isLowerBetter, lambda, metricName, score, signed } from '../src/protocol/words';

export type Verdict = 'helped' | 'no difference shown' | 'negative transfer' | 'too few rows to tell';

export interface BoardCell {
  readonly value: string;
  readonly best: boolean;
  /** Against the row's baseline: `+0.021`, and the verdict in words. */
  readonly difference?: { readonly text: string; readonly verdict: Verdict; readonly words: string };
}

export interface BoardLine {
  /** As people read it. */
  readonly name: string;
  readonly role: LeaderboardRow['role'];
  /** `group-lasso, λ 0.01`. */
  readonly detail: string;
  readonly mean: string;
  readonly best: boolean;
  readonly cells: readonly BoardCell[];
  readonly cpu: string;
  readonly negativeTransfer: readonly string[];
  readonly warnings: readonly string[];
  readonly baselineOf?: string;
}

export interface Board {
  /** Where the scores come from. */
  readonly caption: string;
  readonly columns: readonly { readonly task: string; readonly metric: string; readonly rows: string }[];
  readonly lines: readonly BoardLine[];
}

/** @param baselines whether rows of baselines are wanted */
export function boardOf(board: Leaderboard, baselines: boolean): Board {
  const shown = board.rows.filter((row) => baselines || row.role !== 'baseline');
  const bestMean = Math.max(...shown.map((row) => row.mean));
  const columns = columnsOf(board);
  const bests = columns.map(({ task, metric }) => bestOf(shown, task, metric));
  return {
    caption:
      board.split === 'test'
        ? t('Scores on the test split')
        : t('Out-of-fold scores (there is no test split)'),
    columns: columns.map(({ task, metric, rows }) => ({ task, metric: metricName(metric), rows })),
    lines: shown.map((row) => ({
      name: rowName(row.name),
      role: row.role,
      detail: detailOf(row),
      mean: score(row.mean),
      best: row.mean === bestMean,
      cells: columns.map(({ task, metric }, c) => cellOf(row, task, metric, bests[c])),
      cpu: score(row.cpuSeconds, 1),
      negativeTransfer: row.negativeTransfer,
      warnings: row.warnings,
      ...(row.baselineOf === undefined ? {} : { baselineOf: row.baselineOf }),
    })),
  };
}

/** Of each task its primary metric, then those that the experiment names and the task has. */
function columnsOf(board: Leaderboard) {
  return board.tasks.flatMap(({ id, primary, labelled, labelledTest }) => {
    const has = (metric: string) => board.rows.some(({ scores }) => metric in (scores[id] ?? {}));
    const named = (board.metrics ?? []).filter((metric) => metric !== primary && has(metric));
    const rows = t('{0} rows with a label', board.split === 'test' ? labelledTest : labelled);
    return [primary, ...named].map((metric) => ({ task: id, metric, rows }));
  });
}

function cellOf(row: LeaderboardRow, task: string, metric: string, best: number | undefined): BoardCell {
  const value = row.scores[task]?.[metric] ?? null;
  const compared = row.differences?.[task];
  const difference = compared?.metric === metric ? compared : undefined;
  return {
    value: score(value),
    best: value !== null && value === best,
    ...(difference
      ? {
          difference: {
            text: signed(difference.value),
            verdict: difference.verdict,
            words: difference.words,
          },
        }
      : {}),
  };
}

function bestOf(rows: readonly LeaderboardRow[], task: string, metric: string): number | undefined {
  const values = rows.map((row) => row.scores[task]?.[metric]).filter((value) => typeof value === 'number');
  if (values.length === 0) return undefined;
  return isLowerBetter(metric) ? Math.min(...values) : Math.max(...values);
}

function detailOf(row: LeaderboardRow): string {
  const chosen =
    row.lambda === null ? '' : typeof row.lambda === 'number' ? `λ ${lambda(row.lambda)}` : t('λ per task');
  const swept = chosenWords(row.hyperparameters);
  const members = row.members ? t('of {0}', row.members.map(rowName).join(', ')) : '';
  return [row.role === 'ensemble' ? members : learnerName(row.learner), chosen, swept]
    .filter((part) => part !== '')
    .join(', ');
}
