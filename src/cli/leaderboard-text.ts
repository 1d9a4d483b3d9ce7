import Table from 'cli-table3';
import {
  type BoardColumn,
  type Leaderboard,
  type LeaderboardRow,
  leaderboardColumns,
  machineColumns,
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

/** More tasks than this do not fit a terminal side by side; the means stay, and CSV and JSON have every score. */
const MOST_TASK_COLUMNS = 6;

/** Prints the table, then what sharing did to each task in words, advice, and the warnings. */
export function printLeaderboard(stream: NodeJS.WritableStream, leaderboard: Leaderboard): void {
  const columns = fitting(readableColumns(leaderboard), leaderboard, terminalWidth(stream));
  stream.write(`${caption(leaderboard)}\n\n`);
  const table = new Table({
    ...plainTable,
    head: columns.map(({ title }) => title),
    colAligns: columns.map(({ align }) => align),
  });
  for (const row of leaderboard.rows) table.push(columns.map(({ text }) => text(row)));
  stream.write(`${table.toString()}\n`);
  stream.write(`\n${legend(leaderboard, columns).join('\n')}\n`);
  for (const { title, lines } of notes(leaderboard)) {
    stream.write(`\n${title}\n${lines.map((line) => `  ${line}`).join('\n')}\n`);
  }
}

/** What goes first where a terminal is narrow; then, from the right, whatever else is not wanted always. */
const DISPENSABLE = ['sizeBytes', 'predictSeconds', 'fitSeconds', 'level', 'role'];
const ALWAYS = new Set(['rank', 'name', 'mean', 'difference', 'cpuSeconds']);

/** The columns that fit side by side, two spaces apart. */
function fitting(
  columns: readonly BoardColumn[],
  { rows }: Leaderboard,
  width: number,
): readonly BoardColumn[] {
  const widthOf = ({ title, text }: BoardColumn) =>
    Math.max(title.length, ...rows.map((row) => text(row).length)) + 2;
  const kept = [...columns];
  const total = () => kept.reduce((sum, column) => sum + widthOf(column), 0);
  const others = columns.map(({ key }) => key).filter((key) => !ALWAYS.has(key));
  for (const key of [...DISPENSABLE, ...others.toReversed()]) {
    if (total() <= width) break;
    const at = kept.findIndex((column) => column.key === key);
    if (at >= 0) kept.splice(at, 1);
  }
  return kept;
}

/** Where nobody looks at a terminal, there is room for everything. */
function terminalWidth(stream: NodeJS.WritableStream): number {
  return 'columns' in stream && typeof stream.columns === 'number'
    ? stream.columns
    : Number.POSITIVE_INFINITY;
}

/** The same in Markdown. */
export function leaderboardMarkdown(leaderboard: Leaderboard): string {
  const columns = readableColumns(leaderboard);
  const line = (cells: readonly string[]) => `| ${cells.map(escapeMarkdown).join(' | ')} |`;
  const rule = columns.map(({ align }) => (align === 'right' ? '---:' : '---'));
  const table = [
    line(columns.map(({ title }) => title)),
    `| ${rule.join(' | ')} |`,
    ...leaderboard.rows.map((row) => line(columns.map(({ text }) => text(row).trim()))),
  ];
  const sections = notes(leaderboard).map(
    ({ title, lines }) =>
      `## ${title}\n\n${lines.map((one) => `- ${escapeMarkdown(one.trim())}`).join('\n')}`,
  );
  return `${[caption(leaderboard), table.join('\n'), legend(leaderboard, columns).join(' '), ...sections].join('\n\n')}\n`;
}

/** Every score of every task, raw numbers, one row a model; an undefined score is an empty cell. */
export function leaderboardCsv(leaderboard: Leaderboard): string {
  const columns = allColumns(leaderboard);
  const lines = [
    columns.map(({ key }) => key),
    ...leaderboard.rows.map((row) => columns.map(({ value }) => String(value(row) ?? ''))),
  ];
  return `${lines.map((cells) => cells.map(csvCell).join(',')).join('\n')}\n`;
}

/** What `--sort` can name: every column that any format shows. */
export function allColumns(leaderboard: Leaderboard): readonly BoardColumn[] {
  return [...leaderboardColumns(leaderboard, leaderboard.tasks), ...machineColumns(leaderboard)];
}

function readableColumns(leaderboard: Leaderboard): readonly BoardColumn[] {
  const tasks = leaderboard.tasks.length <= MOST_TASK_COLUMNS ? leaderboard.tasks : [];
  const columns = leaderboardColumns(leaderboard, tasks);
  const always = new Set(['name', 'mean', 'lambda', 'cpuSeconds']);
  return columns.filter(
    ({ key, value }) =>
      always.has(key) || key.includes('.') || leaderboard.rows.some((row) => value(row) !== null),
  );
}

function caption(leaderboard: Leaderboard): string {
  const where = leaderboard.split === 'test' ? 'test split' : 'out-of-fold predictions (no test split)';
  return `Leaderboard on the ${where}; mean is the skill over mean/majority (0 = no better, 1 = perfect)`;
}

function legend({ rows }: Leaderboard, columns: readonly BoardColumn[]): string[] {
  const shows = (wanted: string) => columns.some(({ key }) => key === wanted);
  return [
    ...(rows.some(({ meanDifference }) => meanDifference)
      ? ['over alone: mean skill less that of the single-task baseline, 95 % interval.']
      : []),
    ...(shows('validation') && rows.some(({ validation }) => validation.selectedOnThis)
      ? ['*: selected on this.']
      : []),
    ...(rows.some(({ onFront }) => onFront)
      ? ['◆: no other row has this mean for fewer CPU seconds (all fits of the tuning included).']
      : []),
  ];
}

interface Note {
  readonly title: string;
  readonly lines: readonly string[];
}

function notes(leaderboard: Leaderboard): Note[] {
  const warnings = [
    ...new Set(leaderboard.rows.flatMap((row) => row.warnings.map((text) => `${row.name}: ${text}`))),
  ];
  return [
    {
      title:
        'Did sharing help? (against the same learner on each task alone; 95 % intervals, Holm over tasks)',
      lines: [
        ...leaderboard.rows.flatMap(sharingLines),
        ...(leaderboard.note === undefined ? [] : [leaderboard.note]),
      ],
    },
    { title: 'Advice', lines: leaderboard.advice ?? [] },
    { title: 'Warnings', lines: warnings },
  ].filter(({ lines }) => lines.length > 0);
}

function sharingLines(row: LeaderboardRow): string[] {
  const differences = Object.entries(row.differences ?? {});
  if (differences.length === 0) return [];
  const overall = row.meanDifference ? [`  over all tasks  ${row.meanDifference.words}`] : [];
  if (differences.length <= 2 * MOST_TASK_COLUMNS) {
    const width = Math.max(...differences.map(([task]) => task.length));
    return [
      row.name,
      ...differences.map(([task, difference]) => `  ${task.padEnd(width)}  ${difference.words}`),
      ...overall,
    ];
  }
  const counts = new Map<string, number>();
  for (const [, { verdict }] of differences) counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
  const hurt = differences.filter(([, difference]) => difference.verdict === 'negative transfer');
  return [
    row.name,
    `  ${[...counts].map(([verdict, count]) => `${verdict}: ${count} tasks`).join(', ')}`,
    ...hurt.map(([task, difference]) => `  ${task}  ${difference.words}`),
    ...overall,
  ];
}

function escapeMarkdown(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('*', '\\*');
}

function csvCell(text: string): string {
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
