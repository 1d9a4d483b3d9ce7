import {
  type BoardColumn,
  baselineOf,
  choiceLines,
  formatMetric,
  type Leaderboard,
  leaderboardColumns,
  metricNamed,
} from '../../core/evaluate';
import type { ReportData } from './report-data';
import { answerOf, madeOf, relatednessTitle } from './words';

const MOST_COLUMNS = 8;
const MOST_TASKS = 200;
const MOST_MATRIX = 20;

/** The report as Markdown, for a pull request, a wiki or an e-mail: the same numbers, tables in the place of plots. */
export function reportMarkdown(data: ReportData): string {
  const { leaderboard } = data;
  const sections = [
    `# ${escaped(data.name)}\n\n${escaped(madeOf(data))}`,
    `## The answer\n\n${[...answerOf(leaderboard), ...(leaderboard.advice ?? [])].map((line) => `- ${escaped(line)}`).join('\n')}`,
    boardSection(leaderboard),
    taskSection(leaderboard),
    choiceSection(leaderboard),
    relatednessSection(leaderboard),
    calibrationSection(data),
    methodSection(data),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function choiceSection(board: Leaderboard): string {
  const parts = board.rows.flatMap((row) => {
    const [title, ...lines] = choiceLines(row);
    if (title === undefined) return [];
    return [
      `${escaped(`${row.name}: ${title}.`)}\n\n${lines.map((line) => `- ${escaped(line)}`).join('\n')}`.trim(),
    ];
  });
  return parts.length === 0 ? '' : `## What each task chose\n\n${parts.join('\n\n')}`;
}

function boardSection(board: Leaderboard): string {
  const columns = leaderboardColumns(board, board.tasks.length <= MOST_COLUMNS ? board.tasks : []);
  const where =
    board.split === 'test' ? 'the test split' : 'out-of-fold predictions (there is no test split)';
  return `## Leaderboard\n\nScores on ${where}; *mean* is skill over mean/majority, *over alone* the difference from the same learner on each task alone (95 % interval), \\* selected on this, ◆ on the front of score against cost.\n\n${table(
    columns.map(({ title, align }) => ({ title, align })),
    board.rows.map((row) => columns.map(({ text }) => text(row).trim())),
  )}`;
}

function taskSection(board: Leaderboard): string {
  const compared = board.rows.filter(({ differences }) => differences && Object.keys(differences).length > 0);
  const parts = compared.map((row) => {
    const baseline = baselineOf(board, row);
    const lines = board.tasks
      .slice(0, MOST_TASKS)
      .map(({ id, primary }) => [
        id,
        metricNamed(primary).displayName,
        formatMetric(primary, row.scores[id]?.[primary] ?? null),
        formatMetric(primary, baseline?.scores[id]?.[primary] ?? null),
        row.differences?.[id]?.words ?? '',
      ]);
    const columns = ['task', 'metric', 'score', baseline?.name ?? 'baseline', 'verdict'].map((title, i) => ({
      title,
      align: i === 2 || i === 3 ? ('right' as const) : ('left' as const),
    }));
    const overall = row.meanDifference ? `\n\nOver all tasks: ${escaped(row.meanDifference.words)}.` : '';
    const more = board.tasks.length - lines.length;
    return `### ${escaped(row.name)}\n\n${table(columns, lines)}${more > 0 ? `\n\n${more} more tasks.` : ''}${overall}`;
  });
  const all = board.note === undefined ? parts : [...parts, board.note];
  return parts.length === 0 ? '' : `## Did sharing help?\n\n${all.join('\n\n')}`;
}

function relatednessSection({ relatedness }: Leaderboard): string {
  if (relatedness === undefined || relatedness.tasks.length > MOST_MATRIX) return '';
  const { tasks, matrices } = relatedness;
  const parts = matrices.map((matrix) => {
    const { order, values } = matrix;
    const columns = [
      { title: '', align: 'left' as const },
      ...order.map((j) => ({ title: tasks[j], align: 'right' as const })),
    ];
    const lines = order.map((i) => [
      tasks[i],
      ...order.map((j) => values[i][j]?.toFixed(2).replace('-', '−') ?? '–'),
    ]);
    return `### ${escaped(relatednessTitle(matrix))}\n\n${table(columns, lines)}`;
  });
  return `## How alike the tasks are\n\n${parts.join('\n\n')}`;
}

function calibrationSection({ diagnosis, leaderboard }: ReportData): string {
  const best = leaderboard.rows.find(({ role }) => role !== 'baseline') ?? leaderboard.rows[0];
  const found = diagnosis?.rows.find(({ name }) => name === best?.name);
  if (found === undefined || found.tasks.length === 0) return '';
  const lines = found.tasks
    .slice(0, MOST_TASKS)
    .map((one) =>
      one.kind === 'reliability'
        ? [one.task, `ECE ${one.ece.toFixed(3)}`]
        : [
            one.task,
            `bias ${formatMetric('rmse', one.checks.bias)}, slope ${one.checks.slope?.toFixed(2) ?? '–'}, skewness ${one.checks.skewness.toFixed(2)}, excess kurtosis ${one.checks.excessKurtosis.toFixed(2)}`.replaceAll(
              '-',
              '−',
            ),
          ],
    );
  const columns = [
    { title: 'task', align: 'left' as const },
    { title: 'calibration of probabilities, or residuals', align: 'left' as const },
  ];
  return `## How far ${escaped(found.name)} can be trusted\n\n${table(columns, lines)}`;
}

function methodSection(data: ReportData): string {
  const warnings = new Set([
    ...data.leaderboard.rows.flatMap(({ name, warnings: own }) => own.map((text) => `${name}: ${text}`)),
    ...data.warnings,
  ]);
  const list = [...warnings].map((line) => `- ${escaped(line)}`).join('\n');
  return `## How it was made\n\nRun ${data.run}: ${data.fits} fits. ${escaped(data.madeWith.join(', '))}.${list === '' ? '' : `\n\nWarnings\n\n${list}`}`;
}

function table(
  columns: readonly Pick<BoardColumn, 'title' | 'align'>[],
  lines: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escaped).join(' | ')} |`;
  return [
    line(columns.map(({ title }) => title)),
    `| ${columns.map(({ align }) => (align === 'right' ? '---:' : '---')).join(' | ')} |`,
    ...lines.map(line),
  ].join('\n');
}

/** Text that Markdown reads as text. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll(/[|*_`[\]<>]/g, (character) => (character === '<' ? '&lt;' : `\\${character}`))
    .replaceAll('\n', ' ');
}
