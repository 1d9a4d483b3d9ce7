import { t } from '../../protocol/l10n';
import type { Leaderboard, LeaderboardRow } from '../../protocol/leaderboard';
import { rowName } from '../../protocol/names';
import { sentence } from '../../protocol/sentences';
import { count, isGoing, isLowerBetter, metricName, score } from '../../protocol/words';
import type { FoundTask, Outline } from '../outline';
import { bestRow, harmedModels, ranked, scoreOf } from './board';
import {
  dots,
  type ExperimentView,
  type Icon,
  icons,
  newestWith,
  plain,
  spoken,
  type TreeNode,
  table,
} from './node';
import { groupTasks } from './task-groups';

type Task = Outline['tasks'][number];

/** Tasks with their type, the best score of the newest run and the verdict against its baseline; grouped when many. */
export function taskItems(view: ExperimentView): readonly TreeNode[] {
  const found = new Map(view.found?.map((task) => [task.id, task]));
  return groupTasks(view, tasksIn(view), (task) => taskItem(view, task, found.get(task.id)));
}

/** What the file names; of long data what the data name, for the file's one entry is the target that all tasks share. */
export function tasksIn({ outline, found, shown }: Pick<ExperimentView, 'outline' | 'found' | 'shown'>) {
  const written: readonly Task[] = outline?.tasks ?? [];
  if (written.length > 0 && !outline?.longForm) return written;
  return found ?? shown[0]?.detail.tasks ?? written;
}

/** @param found what the data say of it, which is said before anything has run */
function taskItem(view: ExperimentView, task: Task, found: FoundTask | undefined): TreeNode {
  const run = newestWith(view, ({ detail }) => taskOf(detail, task.id) !== undefined);
  const known = (run && taskOf(run.detail, task.id)) ?? found;
  const board = run?.leaderboard ?? null;
  const type = known?.type ?? task.type;
  const best = board ? bestRow(board, task.id) : undefined;
  const result = board && best && scoreOf(board, best, task.id);
  const verdict = best?.differences?.[task.id];
  const harmed = board ? harmedModels(board, task.id) : [];
  const unscored = board ? t('no score') : undefined;
  const state = run && isGoing(run.detail.summary.status) ? t('training') : unscored;
  const effect = harmed.length > 0 ? t('negative transfer') : verdict?.verdict === 'helped' && t('helped');
  return {
    id: `${view.path}#task:${task.id}`,
    label: task.id,
    // What is news comes first: a narrow sidebar cuts the end, and the icon tells the type.
    description: dots(result ?? state, effect, type && t(type), known && count(known.labelled, 'row')),
    icon: taskIcon(type, best !== undefined, harmed.length > 0),
    tooltip: () => tooltip(board, task.id, type, known?.labelled, task.target),
    spoken: spoken(
      task.id,
      type ? t('{0} task', t(type)) : t('task'),
      task.target !== task.id && t('column {0}', task.target),
      known && count(known.labelled, 'labelled row'),
      result && best ? t('best {0} by {1}', result, rowName(best.name)) : state,
      verdict && t('against its baseline: {0}', sentence(verdict.words)),
      harmed.length > 0 && t('negative transfer in {0}', harmed.map(rowName).join(', ')),
    ),
    context: 'task',
    target: { experiment: view.path, run: run?.detail.summary.run, task: task.id },
    command: 'taskweave.openMetrics',
    ...(run && board && { children: () => scoresOf(view.path, run.detail.summary.run, board, task.id) }),
  };
}

type Detail = ExperimentView['shown'][number]['detail'];
const tasksOfDetails = new WeakMap<Detail, ReadonlyMap<string, Detail['tasks'][number]>>();

function taskOf(detail: Detail, id: string): Detail['tasks'][number] | undefined {
  let tasks = tasksOfDetails.get(detail);
  if (tasks === undefined) {
    tasks = new Map(detail.tasks.map((task) => [task.id, task]));
    tasksOfDetails.set(detail, tasks);
  }
  return tasks.get(id);
}

/** Every row's score for one task, best first. */
function scoresOf(path: string, run: string, board: Leaderboard, task: string): readonly TreeNode[] {
  return ranked(board, task).map((row) => {
    const difference = row.differences?.[task];
    const harm = difference?.verdict === 'negative transfer';
    const value = scoreOf(board, row, task) ?? '–';
    return {
      id: `${path}#task:${task}/${row.name}`,
      label: rowName(row.name),
      description: dots(
        value,
        difference && difference.verdict !== 'no difference shown' && t(difference.verdict),
      ),
      icon: harm ? icons.warning : rowIcon(row),
      tooltip: () => scoreTooltip(row, task, difference && sentence(difference.words)),
      spoken: spoken(rowName(row.name), t(row.role), value, difference && sentence(difference.words)),
      context: 'score',
      target: { experiment: path, run, task },
      command: 'taskweave.openMetrics',
    };
  });
}

/** Every metric of a row for one task, and what sharing did to it. */
function scoreTooltip(row: LeaderboardRow, task: string, verdict: string | undefined): string {
  const scores = Object.entries(row.scores[task] ?? {});
  return [
    `**${plain(rowName(row.name))}** – ${plain(task)}`,
    '',
    ...table(
      [{ head: t('metric') }, { head: t('score'), align: 'right' }],
      scores.map(([metric, value]) => [metricName(metric), score(value)]),
    ),
    ...(verdict === undefined ? [] : ['', plain(verdict)]),
  ].join('\n');
}

function rowIcon(row: Pick<LeaderboardRow, 'role'>): Icon {
  if (row.role === 'ensemble') return { id: 'layers' };
  return row.role === 'model' ? { id: 'symbol-class' } : { id: 'dash' };
}

function taskIcon(type: string | undefined, scored: boolean, harmed: boolean): Icon {
  if (harmed) return icons.warning;
  const color = scored ? 'charts.green' : undefined;
  if (type === 'regression') return { id: 'graph-line', color };
  if (type === 'multiclass') return { id: 'symbol-enum', color };
  if (type === 'binary') return { id: 'symbol-boolean', color };
  return { id: 'target', color };
}

function tooltip(
  board: Leaderboard | null,
  task: string,
  type: string | undefined,
  labelled: number | undefined,
  column: string,
): string {
  const lines = [
    `**${plain(task)}**${type ? ` – ${t(type)}` : ''}, ${t('column {0}', `\`${column.replaceAll('`', '')}\``)}`,
    ...(labelled === undefined ? [] : ['', t('{0} rows with a label', labelled)]),
  ];
  if (board) lines.push('', ...taskTable(board, task));
  return lines.join('\n');
}

/** The best rows for a task as a Markdown table, a line a row of the leaderboard. */
export function taskTable(board: Leaderboard, task: string): readonly string[] {
  const rows = ranked(board, task).slice(0, 8);
  const metric = board.tasks.find(({ id }) => id === task)?.primary ?? '';
  const better = isLowerBetter(metric) ? t('lower is better') : t('higher is better');
  return table(
    [
      { head: t('model') },
      { head: `${metricName(metric)}, ${better}`, align: 'right' },
      { head: t('against baseline, 95 % interval') },
    ],
    rows.map((row) => [
      plain(rowName(row.name)),
      score(row.scores[task]?.[metric]),
      plain(sentence(row.differences?.[task]?.words ?? '')),
    ]),
  );
}
