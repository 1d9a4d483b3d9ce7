/** What a hover says about a model, ensemble or task: its scores in the newest run, a curve, and what can be done. */

import type { LambdaPath } from '../../protocol/curves';
import { t } from '../../protocol/l10n';
import type { Leaderboard, LeaderboardRow } from '../../protocol/leaderboard';
import type { ModelStanding } from '../../protocol/runs';
import { sentence } from '../../protocol/sentences';
import { lambda, metricName, score, signed, startedAt } from '../../protocol/words';
import type { CommandId } from '../contributions';
import type { ShownRun } from '../run-library';
import type { Target } from '../target';
import { primaryOf, primaryValue, tellingTasks } from '../views/board';
import { plain, table } from '../views/node';
import { taskTable } from '../views/tasks';
import { rowsOf, type Subject, taskRows } from './inline-notes';
import { markdownImage, sparkline } from './sparkline';

/** Tasks that a hover lists; more are a matter of the metrics panel. */
const MOST_TASKS = 10;

export interface HoverInput {
  readonly subject: Subject;
  readonly target: Target;
  readonly shown: readonly ShownRun[];
  readonly sweepable: boolean;
  readonly trusted: boolean;
  /** Colour of curves: images do not know the theme. */
  readonly color: string;
  readonly path?: LambdaPath;
  /** Loss by step, where there is no λ path. */
  readonly losses?: readonly (number | null)[];
  readonly standing?: ModelStanding;
}

/** Markdown; empty where nothing has run. */
export function hoverText(input: HoverInput): string {
  const { subject } = input;
  const body = subject.kind === 'task' ? taskBody(input) : rowBody(input);
  const live = input.standing ? standingTable(input.standing) : [];
  if (body.length === 0 && live.length === 0) return '';
  return [...body, ...live, '', linksOf(input)].join('\n');
}

function rowBody({ subject, shown, color, path, losses }: HoverInput): readonly string[] {
  const [latest, before] = rowsOf(shown, subject);
  const curve = path ? pathLines(path, color) : lossLines(losses, color);
  if (!latest) return curve;
  const { row, board, run } = latest;
  return [
    `**${plain(subject.name)}** – ${t('mean skill {0}', score(row.mean))}${since(row, before?.row)} · ${t('run of {0}', startedAt(run.detail.summary.started))}`,
    '',
    ...curve,
    ...taskLines(board, row, before),
    ...row.warnings.slice(0, 3).flatMap((warning) => ['', `$(warning) ${plain(sentence(warning))}`]),
  ];
}

function since(row: LeaderboardRow, before: LeaderboardRow | undefined): string {
  const change = before && changeWords(row.mean - before.mean);
  return change && change !== '=' ? ` (${t('{0} since the run before', change)})` : '';
}

/** With its sign; `=` where three decimals do not show it. */
function changeWords(change: number): string {
  return Math.abs(change) < 0.0005 ? '=' : signed(change);
}

function taskLines(
  board: Leaderboard,
  row: LeaderboardRow,
  before: { readonly board: Leaderboard; readonly row: LeaderboardRow } | undefined,
): readonly string[] {
  const ids = board.tasks.map(({ id }) => id);
  const lines = tellingTasks(ids, row, MOST_TASKS).map((id) => {
    const value = primaryValue(board, row, id);
    const earlier = before && primaryValue(before.board, before.row, id);
    const change = value !== undefined && earlier !== undefined ? changeWords(value - earlier) : '';
    const verdict = sentence(row.differences?.[id]?.words ?? '');
    const result = `${metricName(primaryOf(board, id))} ${score(value)}`.replaceAll(' ', '\u00a0');
    return [plain(id), result, change, plain(verdict)];
  });
  const more = board.tasks.length - lines.length;
  return [
    ...table(
      [
        { head: t('task') },
        { head: t('score'), align: 'right' },
        { head: t('change'), align: 'center' },
        { head: t('against baseline, 95 % interval') },
      ],
      lines,
    ),
    ...(more > 0 ? ['', t('and {0} more tasks', more)] : []),
  ];
}

function pathLines(path: LambdaPath, color: string): readonly string[] {
  const means = path.points.map(({ mean }) => mean);
  const svg = sparkline({ values: means, color, mark: path.chosen ?? path.best ?? undefined });
  if (svg === undefined) return [];
  const first = path.points[0].lambda;
  const last = path.points[path.points.length - 1].lambda;
  const words = t('Mean skill against λ, from {0} down to {1}', lambda(first), lambda(last));
  const chosen = path.chosen === null ? undefined : path.points[path.chosen];
  const choice = chosen ? ` · ${t('chosen λ {0}', lambda(chosen.lambda))}` : '';
  return [markdownImage(svg, words), '', `${words}${choice}`, ''];
}

function lossLines(losses: readonly (number | null)[] | undefined, color: string): readonly string[] {
  const svg = losses && sparkline({ values: losses, color });
  if (svg === undefined || losses === undefined) return [];
  const known = losses.filter((value) => value !== null);
  const words = t('Loss by step, from {0} to {1}', score(known[0]), score(known[known.length - 1]));
  return [markdownImage(svg, words), '', words, ''];
}

function taskBody({ subject, shown, color }: HoverInput): readonly string[] {
  const rows = taskRows(shown, subject.name);
  const [latest] = rows;
  if (!latest) return [];
  const history = rows.map(({ value }) => value).reverse();
  const svg = sparkline({ values: history, color, mark: history.length - 1 });
  const words = t('Best score of the last {0} runs', history.length);
  return [
    `**${plain(subject.name)}** – ${t('run of {0}', startedAt(latest.run.detail.summary.started))}`,
    '',
    ...(svg ? [markdownImage(svg, words), '', words, ''] : []),
    ...taskTable(latest.board, subject.name),
  ];
}

function standingTable({ folds, tasks, mean }: ModelStanding): readonly string[] {
  const rows = tasks
    .slice(0, MOST_TASKS)
    .map(({ task, metric, mean: value }) => [plain(task), `${metricName(metric)} ${score(value)}`]);
  return [
    '',
    `${t('Training: {0} of {1} folds done', folds.done, folds.total)}${mean === null ? '' : ` · ${t('mean skill {0}', score(mean))}`}`,
    ...(tasks.length > 0
      ? ['', ...table([{ head: t('task') }, { head: t('so far'), align: 'right' }], rows)]
      : []),
  ];
}

function linksOf({ subject, target, sweepable, trusted }: HoverInput): string {
  const link = (icon: string, title: string, command: CommandId) =>
    `[$(${icon}) ${title}](command:${command}?${encodeURIComponent(JSON.stringify([target]))})`;
  return [
    link('graph-line', t('Open metrics'), 'taskweave.openMetrics'),
    link('law', t('Compare'), 'taskweave.compare'),
    ...(subject.kind === 'model' && sweepable
      ? [link('graph-scatter', t('Sweep λ'), 'taskweave.sweep')]
      : []),
    ...(trusted ? [link('play', t('Run'), 'taskweave.run')] : []),
  ].join(' · ');
}
