import { t } from '../../protocol/l10n';
import type { Leaderboard } from '../../protocol/leaderboard';
import type { Outline } from '../outline';
import { bestRow, harmedModels } from './board';
import { type ExperimentView, type Icon, icons, newestWith, spoken, type TreeNode } from './node';

type Task = Outline['tasks'][number];

/** More tasks than this are grouped: nobody reads hundreds of lines. */
const MOST_TASKS = 60;
/** Tasks of a group by name, where there is no verdict to group by. */
const GROUP_SIZE = 50;

interface Group {
  readonly id: string;
  readonly label: string;
  readonly icon: Icon;
  readonly tasks: readonly Task[];
}

/**
 * Few tasks as they are. Many: by what sharing did to them in the newest run, the harmed first; before there is a run,
 * fifty in a group in the order of the file.
 */
export function groupTasks(
  view: ExperimentView,
  tasks: readonly Task[],
  item: (task: Task) => TreeNode,
): readonly TreeNode[] {
  if (tasks.length <= MOST_TASKS) return tasks.map(item);
  const board = newestWith(view, ({ leaderboard }) => leaderboard !== null)?.leaderboard;
  const groups = board ? byVerdict(board, tasks) : byName(tasks);
  return groups.map(({ id, label, icon, tasks: own }) => {
    const words = t('{0} tasks', own.length);
    return {
      id: `${view.path}#tasks:${id}`,
      label,
      description: words,
      icon,
      spoken: spoken(label, words),
      context: 'group',
      target: { experiment: view.path },
      children: () => own.map(item),
    } satisfies TreeNode;
  });
}

function byVerdict(board: Leaderboard, tasks: readonly Task[]): readonly Group[] {
  const groups = new Map<string, Task[]>(ORDER.map((verdict) => [verdict, []]));
  for (const task of tasks) groups.get(verdictOf(board, task.id))?.push(task);
  return [...groups]
    .filter(([, own]) => own.length > 0)
    .map(([verdict, own]) => ({ id: verdict, label: t(verdict), icon: ICONS[verdict], tasks: own }));
}

const ORDER = [
  'negative transfer',
  'helped',
  'no difference shown',
  'too few rows to tell',
  'not compared',
] as const;
const ICONS: Readonly<Record<string, Icon>> = {
  'negative transfer': icons.warning,
  helped: { id: 'arrow-up', color: 'charts.green' },
  'no difference shown': { id: 'dash' },
  'too few rows to tell': { id: 'question' },
  'not compared': { id: 'circle-outline' },
};

function verdictOf(board: Leaderboard, task: string): (typeof ORDER)[number] {
  if (harmedModels(board, task).length > 0) return 'negative transfer';
  return bestRow(board, task)?.differences?.[task]?.verdict ?? 'not compared';
}

function byName(tasks: readonly Task[]): readonly Group[] {
  const groups: Group[] = [];
  for (let from = 0; from < tasks.length; from += GROUP_SIZE) {
    const own = tasks.slice(from, from + GROUP_SIZE);
    groups.push({
      id: String(from),
      label: `${own[0].id} … ${own[own.length - 1].id}`,
      icon: { id: 'list-flat' },
      tasks: own,
    });
  }
  return groups;
}
