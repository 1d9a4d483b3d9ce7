import type { Leaderboard, LeaderboardRow } from '../src/protocol/leaderboard';
import { chosenWords, lambda, metricName, score, signed } from '../src/protocol/words';

export type Verdict = 'helped' | 'no difference shown' | 'negative transfer' | 'too few rows to tell';

export interface BoardCell {
  readonly value: string;
  readonly best: boolean;
  /** Against the row's baseline: `+0.021`, and the verdict in words. */
  readonly difference?: { readonly text: string; readonly verdict: Verdict; readonly words: string };
}

export interface BoardLine {
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
  const bests = board.tasks.map(({ id, primary }) => bestOf(shown, id, primary));
  return {
    caption:
      board.split === 'test' ? 'Scores on the test split' : 'Out-of-fold scores (there is no test split)',
    columns: board.tasks.map((task) => ({
      task: task.id,
      metric: metricName(task.primary),
      rows: `${board.split === 'test' ? task.labelledTest : task.labelled} rows with a label`,
    })),
    lines: shown.map((row) => ({
      name: row.name,
      role: row.role,
      detail: detailOf(row),
      mean: score(row.mean),
      best: row.mean === bestMean,
      cells: board.tasks.map(({ id, primary }, t) => cellOf(row, id, primary, bests[t])),
      cpu: score(row.cpuSeconds, 1),
      negativeTransfer: row.negativeTransfer,
      warnings: row.warnings,
      ...(row.baselineOf === undefined ? {} : { baselineOf: row.baselineOf }),
    })),
  };
}

function cellOf(row: LeaderboardRow, task: string, metric: string, best: number | undefined): BoardCell {
  const value = row.scores[task]?.[metric] ?? null;
  const difference = row.differences?.[task];
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
  const lower = metric === 'logLoss' || metric === 'rmse' || metric === 'mae';
  return lower ? Math.min(...values) : Math.max(...values);
}

function detailOf(row: LeaderboardRow): string {
  const chosen =
    row.lambda === null ? '' : typeof row.lambda === 'number' ? `λ ${lambda(row.lambda)}` : 'λ per task';
  const swept = chosenWords(row.hyperparameters);
  const members = row.members ? `of ${row.members.join(', ')}` : '';
  return [row.role === 'ensemble' ? members : row.learner, chosen, swept]
    .filter((part) => part !== '')
    .join(', ');
}
