import Table from 'cli-table3';
import {
  formatLambda,
  formatMetric,
  type Leaderboard,
  type LeaderboardRow,
  metricNamed,
  metricsFor,
} from '../core/evaluate';

/** Columns apart by spaces, no lines: reads well in a terminal and pastes well. */
export const plainTable = {
  chars: {
    top: '',
    'top-mid': '',
    'top-left': '',
    'top-right': '',
    bottom: '',
    'bottom-mid': '',
    'bottom-left': '',
    'bottom-right': '',
    left: '',
    'left-mid': '',
    mid: '',
    'mid-mid': '',
    right: '',
    'right-mid': '',
    middle: '  ',
  },
  style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
};

/** More tasks than this do not fit a terminal side by side; the means stay, and `--json` has every score. */
const MOST_TASK_COLUMNS = 6;

/** The metric shown beside the primary one where the experiment names none. */
const COMPANION = { binary: 'accuracy', multiclass: 'accuracy', regression: 'rmse' } as const;

/** Prints the table, then what sharing did to each task in words, then the warnings. */
export function printLeaderboard(stream: NodeJS.WritableStream, leaderboard: Leaderboard): void {
  const tasks = leaderboard.tasks.length <= MOST_TASK_COLUMNS ? leaderboard.tasks : [];
  const columns = tasks.map((task) => ({ task, metrics: shownMetrics(task, leaderboard.metrics) }));
  const where = leaderboard.split === 'test' ? 'test split' : 'out-of-fold predictions (no test split)';
  stream.write(
    `Leaderboard on the ${where}, best first; mean is the skill over mean/majority (0 = no better, 1 = perfect)\n\n`,
  );
  const table = new Table({
    ...plainTable,
    head: [
      '#',
      'name',
      'role',
      'mean',
      ...columns.flatMap(({ task, metrics }) =>
        metrics.map((name, index) => `${index === 0 ? `${task.id} ` : ''}${metricNamed(name).displayName}`),
      ),
      'λ',
      'CPU s',
    ],
    colAligns: [
      'right',
      'left',
      'left',
      'right',
      ...columns.flatMap(({ metrics }) => metrics.map(() => 'right' as const)),
      'right',
      'right',
    ],
  });
  leaderboard.rows.forEach((row, index) => {
    table.push([
      index + 1,
      row.name,
      row.role,
      formatMetric('skill', row.mean),
      ...columns.flatMap(({ task, metrics }) =>
        metrics.map((name) => formatMetric(name, row.scores[task.id]?.[name] ?? null)),
      ),
      describeLambda(row.lambda),
      row.cpuSeconds.toFixed(1),
    ]);
  });
  stream.write(`${table.toString()}\n`);
  printSharing(stream, leaderboard);
  const warnings = [
    ...new Set(leaderboard.rows.flatMap((row) => row.warnings.map((text) => `${row.name}: ${text}`))),
  ];
  if (warnings.length > 0) stream.write(`\nWarnings\n${warnings.map((text) => `  ${text}`).join('\n')}\n`);
}

/** The primary metric first, then those the experiment names that are of the task's type. */
function shownMetrics(
  { primary, type }: Leaderboard['tasks'][number],
  named: readonly string[] | undefined,
): readonly string[] {
  if (named === undefined) return [primary, COMPANION[type]];
  const own = metricsFor(type).map(({ name }) => name);
  return [...new Set([primary, ...named.filter((name) => own.includes(name))])];
}

function printSharing(stream: NodeJS.WritableStream, leaderboard: Leaderboard): void {
  const compared = leaderboard.rows.filter(
    (row) => row.differences && Object.keys(row.differences).length > 0,
  );
  if (compared.length === 0) return;
  stream.write(
    '\nDid sharing help? (against the same learner on each task alone; 95 % intervals, Holm over tasks)\n',
  );
  for (const row of compared) {
    stream.write(`  ${row.name}\n`);
    for (const line of sharingLines(row)) stream.write(`    ${line}\n`);
  }
}

function sharingLines(row: LeaderboardRow): string[] {
  const differences = Object.entries(row.differences ?? {});
  if (differences.length <= 2 * MOST_TASK_COLUMNS) {
    const width = Math.max(...differences.map(([task]) => task.length));
    return differences.map(([task, difference]) => `${task.padEnd(width)}  ${difference.words}`);
  }
  const counts = new Map<string, number>();
  for (const [, { verdict }] of differences) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  const lines = [[...counts].map(([verdict, count]) => `${verdict}: ${count} tasks`).join(', ')];
  const hurt = differences.filter(([, difference]) => difference.verdict === 'negative transfer');
  for (const [task, difference] of hurt) lines.push(`${task}  ${difference.words}`);
  return lines;
}

function describeLambda(lambda: LeaderboardRow['lambda']): string {
  if (lambda === null) return '–';
  if (typeof lambda === 'number') return formatLambda(lambda);
  const values = Object.values(lambda);
  const low = formatLambda(Math.min(...values));
  const high = formatLambda(Math.max(...values));
  return low === high ? low : `${low}…${high}`;
}
