import {
  type BoardColumn,
  baselineOf,
  choiceLines,
  formatMetric,
  type Leaderboard,
  leaderboardColumns,
  metricNamed,
} from '../../core/evaluate';
import { count, ENGLISH, type ReportLanguage } from './language';
import type { ReportData } from './report-data';
import { answerOf, cellText, columnTitle, madeOf, relatednessTitle, scoredOn, withNames } from './words';

const MOST_COLUMNS = 8;
const MOST_TASKS = 200;
const MOST_MATRIX = 20;

/** The report as Markdown, for a pull request, a wiki or an e-mail: the same numbers, tables in the place of plots. */
export function reportMarkdown(given: ReportData, say: ReportLanguage = ENGLISH): string {
  const { t, sentence } = say;
  const data = withNames(given, say);
  const { leaderboard } = data;
  const sections = [
    `# ${escaped(data.name)}\n\n${escaped(madeOf(data, say))}`,
    `## ${t('The answer')}\n\n${[...answerOf(leaderboard, say), ...(leaderboard.advice ?? []).map(sentence)].map((line) => `- ${escaped(line)}`).join('\n')}`,
    boardSection(leaderboard, say),
    taskSection(leaderboard, say),
    choiceSection(leaderboard, say),
    relatednessSection(leaderboard, say),
    calibrationSection(data, say),
    methodSection(data, say),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function choiceSection(board: Leaderboard, { t, sentence }: ReportLanguage): string {
  const parts = board.rows.flatMap((row) => {
    const [title, ...lines] = choiceLines(row);
    if (title === undefined) return [];
    return [
      `${escaped(`${row.name}: ${sentence(title)}.`)}\n\n${lines.map((line) => `- ${escaped(sentence(line))}`).join('\n')}`.trim(),
    ];
  });
  return parts.length === 0 ? '' : `## ${t('What each task chose')}\n\n${parts.join('\n\n')}`;
}

function boardSection(board: Leaderboard, say: ReportLanguage): string {
  const { t } = say;
  const columns = leaderboardColumns(board, board.tasks.length <= MOST_COLUMNS ? board.tasks : []);
  const words = t(
    'Scores on {0}. “mean” is skill over mean/majority, “over alone” the difference from the same learner on each task alone (95 % interval), * selected on this, ◆ on the front of score against cost.',
    scoredOn(board, say),
  );
  return `## ${t('Leaderboard')}\n\n${escaped(words)}\n\n${table(
    columns.map((column) => ({ title: columnTitle(column, say), align: column.align })),
    board.rows.map((row) => columns.map((column) => cellText(column, row, say))),
  )}`;
}

function taskSection(board: Leaderboard, { t, sentence }: ReportLanguage): string {
  const compared = board.rows.filter(({ differences }) => differences && Object.keys(differences).length > 0);
  const parts = compared.map((row) => {
    const baseline = baselineOf(board, row);
    const lines = board.tasks
      .slice(0, MOST_TASKS)
      .map(({ id, primary }) => [
        id,
        t(metricNamed(primary).displayName),
        formatMetric(primary, row.scores[id]?.[primary] ?? null),
        formatMetric(primary, baseline?.scores[id]?.[primary] ?? null),
        sentence(row.differences?.[id]?.words ?? ''),
      ]);
    const columns = [t('task'), t('metric'), t('score'), baseline?.name ?? t('baseline'), t('verdict')].map(
      (title, i) => ({
        title,
        align: i === 2 || i === 3 ? ('right' as const) : ('left' as const),
      }),
    );
    const overall = row.meanDifference
      ? `\n\n${escaped(t('Over all tasks: {0}.', sentence(row.meanDifference.words)))}`
      : '';
    const more = board.tasks.length - lines.length;
    return `### ${escaped(row.name)}\n\n${table(columns, lines)}${more > 0 ? `\n\n${t('{0} more tasks.', more)}` : ''}${overall}`;
  });
  const all = board.note === undefined ? parts : [...parts, sentence(board.note)];
  return parts.length === 0 ? '' : `## ${t('Did sharing help?')}\n\n${all.join('\n\n')}`;
}

function relatednessSection({ relatedness }: Leaderboard, say: ReportLanguage): string {
  const { t } = say;
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
    return `### ${escaped(relatednessTitle(matrix, say))}\n\n${table(columns, lines)}`;
  });
  return `## ${t('How alike the tasks are')}\n\n${parts.join('\n\n')}`;
}

function calibrationSection({ diagnosis, leaderboard }: ReportData, { t }: ReportLanguage): string {
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
            t(
              'bias {0}, slope {1}, skewness {2}, excess kurtosis {3}',
              ...[
                formatMetric('rmse', one.checks.bias),
                one.checks.slope?.toFixed(2) ?? '–',
                one.checks.skewness.toFixed(2),
                one.checks.excessKurtosis.toFixed(2),
              ].map((value) => value.replaceAll('-', '−')),
            ),
          ],
    );
  const columns = [
    { title: t('task'), align: 'left' as const },
    { title: t('calibration of probabilities, or residuals'), align: 'left' as const },
  ];
  return `## ${escaped(t('How far {0} can be trusted', found.name))}\n\n${table(columns, lines)}`;
}

function methodSection(data: ReportData, say: ReportLanguage): string {
  const { t, sentence } = say;
  const warnings = new Set([
    ...data.leaderboard.rows.flatMap(({ name, warnings: own }) =>
      own.map((text) => `${name}: ${sentence(text)}`),
    ),
    ...data.warnings.map(sentence),
  ]);
  const list = [...warnings].map((line) => `- ${escaped(line)}`).join('\n');
  return `## ${t('How it was made')}\n\n${escaped(t('Run {0}: {1}. {2}.', data.run, count(say, data.fits, 'fit'), data.madeWith.map(sentence).join(', ')))}${list === '' ? '' : `\n\n${t('Warnings')}\n\n${list}`}`;
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
