import { formatLambda, formatMetric } from './format';
import type { Leaderboard, LeaderboardRow } from './leaderboard';
import { metricNamed } from './metric';

/** A table of text; every row as long as `header`. */
export interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** With more tasks than this the table shows means only; scores by task are for a view that can scroll. */
const MOST_TASK_COLUMNS = 8;

/**
 * The leaderboard as people read it in a terminal or in Markdown: primary metric of every task, mean skill, validation
 * mean (`*` where λ or weights were selected on it), CPU seconds, and the tasks that sharing hurt.
 */
export function leaderboardTable(leaderboard: Leaderboard): Table {
  const tasks = leaderboard.tasks.length <= MOST_TASK_COLUMNS ? leaderboard.tasks : [];
  const test = leaderboard.split === 'test';
  return {
    header: [
      '#',
      'name',
      'role',
      'λ',
      ...tasks.map(({ id, primary }) => `${id} (${metricLabel(primary)})`),
      'mean skill',
      ...(test ? ['validation'] : []),
      'CPU s',
      'negative transfer',
    ],
    rows: leaderboard.rows.map((row, index) => [
      String(index + 1),
      row.name,
      row.role,
      lambdaText(row.lambda),
      ...tasks.map(({ id, primary }) => formatMetric(primary, row.scores[id][primary])),
      formatMetric('skill', row.mean) + (!test && row.validation.selectedOnThis ? '*' : ''),
      ...(test
        ? [formatMetric('skill', row.validation.mean) + (row.validation.selectedOnThis ? '*' : '')]
        : []),
      row.cpuSeconds.toFixed(1),
      row.negativeTransfer.join(', '),
    ]),
  };
}

/** Every verdict in words, one a model and task: name of the row, task, and what is to be said. */
export function verdicts(leaderboard: Leaderboard): readonly {
  readonly name: string;
  readonly task: string;
  readonly words: string;
}[] {
  return leaderboard.rows.flatMap((row) =>
    leaderboard.tasks.flatMap(({ id }) => {
      const difference = row.differences?.[id];
      return difference ? [{ name: row.name, task: id, words: difference.words }] : [];
    }),
  );
}

/** `AUC ↑`, `log loss ↓`: the arrow points to better. */
function metricLabel(name: string): string {
  const { displayName, direction } = metricNamed(name);
  return `${displayName} ${direction === 'higher' ? '↑' : '↓'}`;
}

function lambdaText(lambda: LeaderboardRow['lambda']): string {
  if (lambda === null) return '';
  if (typeof lambda === 'number') return formatLambda(lambda);
  const values = Object.values(lambda);
  if (values.length === 0) return '';
  const least = formatLambda(values.reduce((a, b) => Math.min(a, b)));
  const most = formatLambda(values.reduce((a, b) => Math.max(a, b)));
  return least === most ? least : `${least} … ${most}`;
}
