import type { LeaderboardRow } from '../../protocol/leaderboard';
import { score } from '../../protocol/words';
import { rowTable, stateItem } from './models';
import { type ExperimentView, plain, spoken, type TreeNode } from './node';

/** Ensembles with their state and score in the newest run; below each, its members with their weights. */
export function ensembleItems(view: ExperimentView): readonly TreeNode[] {
  const states = view.detail?.models.filter((state) => state.role === 'ensemble') ?? [];
  const named =
    view.outline?.ensembles ?? states.map((state) => ({ name: state.name, combine: 'combination', of: [] }));
  return named.map((ensemble) => {
    const state = states.find((s) => s.name === ensemble.name);
    const row = view.leaderboard?.rows.find((r) => r.role === 'ensemble' && r.name === ensemble.name);
    const members = row?.members ?? ensemble.of;
    return {
      ...stateItem(view, ensemble.name, state, row),
      id: `${view.path}#ensemble:${ensemble.name}`,
      context: 'ensemble',
      target: { experiment: view.path, run: view.detail?.summary.run },
      command: 'taskweave.openMetrics',
      tooltip: [
        `**${plain(ensemble.name)}** – ${ensemble.combine} of ${members.map(plain).join(', ')}`,
        ...(row ? ['', ...rowTable(row)] : []),
      ].join('\n'),
      children: members.map((member, index) => memberItem(view, ensemble.name, member, index, row)),
    } satisfies TreeNode;
  });
}

function memberItem(
  view: ExperimentView,
  ensemble: string,
  member: string,
  index: number,
  row: LeaderboardRow | undefined,
): TreeNode {
  const weights = Object.entries(row?.weights ?? {}).map(([task, all]) => ({
    task,
    weight: all[index] ?? 0,
  }));
  const average = weights.reduce((sum, { weight }) => sum + weight, 0) / weights.length;
  const words = weights.length > 0 ? `weight ${score(average, 2)}` : undefined;
  return {
    id: `${view.path}#ensemble:${ensemble}/${member}`,
    label: member,
    description: words,
    icon: { id: 'symbol-class' },
    tooltip:
      weights.map(({ task, weight }) => `${plain(task)}: ${score(weight, 2)}`).join('  \n') || undefined,
    spoken: spoken(member, `member of ${ensemble}`, words && `mean ${words} over tasks`),
    context: 'member',
    target: { experiment: view.path, run: view.detail?.summary.run, model: member },
  };
}
