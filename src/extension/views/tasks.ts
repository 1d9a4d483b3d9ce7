import type { Leaderboard, LeaderboardRow } from '../../protocol/leaderboard';
import { count, isGoing, metricName, score } from '../../protocol/words';
import type { Outline } from '../outline';
import {
  dots,
  type ExperimentView,
  type Icon,
  icons,
  newestWith,
  plain,
  spoken,
  type TreeNode,
} from './node';

/** Tasks with their type, the best score of the newest run and the verdict against its baseline. */
export function taskItems(view: ExperimentView): readonly TreeNode[] {
  const outlined = view.outline?.tasks ?? [];
  const tasks = outlined.length > 0 ? outlined : (view.shown[0]?.detail.tasks ?? []);
  return tasks.map((task) => taskItem(view, task));
}

function taskItem(view: ExperimentView, task: Outline['tasks'][number]): TreeNode {
  const run = newestWith(view, ({ detail }) => detail.tasks.some(({ id }) => id === task.id));
  const known = run?.detail.tasks.find(({ id }) => id === task.id);
  const board = run?.leaderboard ?? null;
  const type = known?.type ?? task.type;
  const best = board ? bestRow(board, task.id) : undefined;
  const result = best && scoreOf(board, best, task.id);
  const verdict = best?.differences?.[task.id];
  const harmed = harmedModels(board, task.id);
  const state = run && isGoing(run.detail.summary.status) ? 'training' : undefined;
  return {
    id: `${view.path}#task:${task.id}`,
    label: task.id,
    description: dots(type, result ?? state, harmed.length > 0 && 'negative transfer'),
    icon: taskIcon(type, best !== undefined, harmed.length > 0),
    tooltip: tooltip(board, task.id, type, known?.labelled, task.target),
    spoken: spoken(
      task.id,
      type ? `${type} task` : 'task',
      task.target !== task.id && `column ${task.target}`,
      result && best ? `best ${result} by ${best.name}` : state,
      verdict && `against its baseline: ${verdict.words}`,
      harmed.length > 0 && `negative transfer in ${harmed.join(', ')}`,
    ),
    context: 'task',
    target: { experiment: view.path, run: run?.detail.summary.run },
    command: 'taskweave.openMetrics',
    children: run && board ? scoresOf(view.path, run.detail.summary.run, board, task.id) : undefined,
  };
}

/** Every row's score for one task, best first. */
function scoresOf(path: string, run: string, board: Leaderboard, task: string): readonly TreeNode[] {
  return ranked(board, task).map((row) => {
    const difference = row.differences?.[task];
    const harm = difference?.verdict === 'negative transfer';
    const value = scoreOf(board, row, task) ?? '–';
    return {
      id: `${path}#task:${task}/${row.name}`,
      label: row.name,
      description: dots(
        value,
        difference && difference.verdict !== 'no difference shown' && difference.verdict,
      ),
      icon: harm ? icons.warning : rowIcon(row),
      tooltip: difference ? plain(difference.words) : undefined,
      spoken: spoken(row.name, row.role, value, difference?.words),
      context: 'score',
      target: { experiment: path, run },
    };
  });
}

export function rowIcon(row: Pick<LeaderboardRow, 'role'>): Icon {
  if (row.role === 'ensemble') return { id: 'layers' };
  return row.role === 'model' ? { id: 'symbol-class' } : { id: 'dash' };
}

/** A smaller value of the metric is better. */
export function lowerIsBetter(metric: string): boolean {
  return metric === 'logLoss' || metric === 'rmse' || metric === 'mae';
}

/** Rows that have a score for the task, best first by its primary metric. */
export function ranked(board: Leaderboard, task: string): readonly LeaderboardRow[] {
  const metric = board.tasks.find((other) => other.id === task)?.primary;
  if (metric === undefined) return [];
  const value = (row: LeaderboardRow) => row.scores[task]?.[metric] ?? Number.NaN;
  const sign = lowerIsBetter(metric) ? 1 : -1;
  return board.rows.filter((row) => Number.isFinite(value(row))).sort((a, b) => sign * (value(a) - value(b)));
}

function bestRow(board: Leaderboard, task: string): LeaderboardRow | undefined {
  const rows = ranked(board, task);
  return rows.find((row) => row.role !== 'baseline') ?? rows[0];
}

/** `AUC 0.931` of a row for a task, by its primary metric. */
export function scoreOf(board: Leaderboard | null, row: LeaderboardRow, task: string): string | undefined {
  const metric = board?.tasks.find((other) => other.id === task)?.primary;
  const value = metric === undefined ? undefined : row.scores[task]?.[metric];
  return metric === undefined || value === undefined || value === null
    ? undefined
    : `${metricName(metric)} ${score(value)}`;
}

function harmedModels(board: Leaderboard | null, task: string): readonly string[] {
  return (board?.rows ?? []).filter((row) => row.negativeTransfer.includes(task)).map((row) => row.name);
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
    `**${plain(task)}**${type ? ` – ${type}` : ''}, column \`${column.replaceAll('`', '')}\``,
    ...(labelled === undefined ? [] : ['', `${count(labelled, 'row')} with a label`]),
  ];
  if (board) {
    lines.push('', '| | score | against baseline |', '|:--|--:|:--|');
    for (const row of ranked(board, task).slice(0, 8)) {
      lines.push(
        `| ${plain(row.name)} | ${scoreOf(board, row, task)} | ${plain(row.differences?.[task]?.words ?? '')} |`,
      );
    }
  }
  return lines.join('\n');
}
