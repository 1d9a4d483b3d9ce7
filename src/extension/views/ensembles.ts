import { t } from '../../protocol/l10n';
import type { LeaderboardRow } from '../../protocol/leaderboard';
import { rowName } from '../../protocol/names';
import type { ModelState } from '../../protocol/runs';
import { score } from '../../protocol/words';
import type { Outline } from '../outline';
import type { Target } from '../target';
import { rowTable, stateItem } from './models';
import { type ExperimentView, newestWith, plain, spoken, type TreeNode, table } from './node';

/** Ensembles with their state and score in the newest run of theirs; below each, its members with their weights. */
export function ensembleItems(view: ExperimentView): readonly TreeNode[] {
  const named = view.outline?.ensembles ?? ensemblesOfRun(view.shown[0]?.detail.models ?? []);
  return named.map((ensemble) => {
    const run = newestWith(view, ({ detail }) =>
      detail.models.some((state) => isEnsemble(state, ensemble.name)),
    );
    const state = run?.detail.models.find((one) => isEnsemble(one, ensemble.name));
    const row = run?.leaderboard?.rows.find((one) => one.role === 'ensemble' && one.name === ensemble.name);
    const members = row?.members ?? ensemble.of;
    const target = { experiment: view.path, run: run?.detail.summary.run, ensemble: ensemble.name };
    return {
      ...stateItem(ensemble.name, run, state, row),
      id: `${view.path}#ensemble:${ensemble.name}`,
      context: 'ensemble',
      target,
      command: 'taskweave.openMetrics',
      tooltip: () =>
        [
          `**${plain(ensemble.name)}** – ${t('{0} of the models {1}', ensemble.combine, members.map(rowName).map(plain).join(', '))}`,
          ...(row ? ['', ...rowTable(row)] : []),
        ].join('\n'),
      ...(members.length > 0 && {
        children: () => members.map((member, index) => memberItem(target, ensemble.name, member, index, row)),
      }),
    } satisfies TreeNode;
  });
}

function isEnsemble(state: ModelState, name: string): boolean {
  return state.role === 'ensemble' && state.name === name;
}

function ensemblesOfRun(states: readonly ModelState[]): Outline['ensembles'] {
  return states
    .filter(({ role }) => role === 'ensemble')
    .map(({ name }) => ({ name, combine: t('combination'), of: [] }));
}

function memberItem(
  target: Target,
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
  const words = weights.length > 0 ? t('weight {0}', score(average, 2)) : undefined;
  return {
    id: `${target.experiment}#ensemble:${ensemble}/${member}`,
    label: rowName(member),
    description: words,
    icon: { id: 'symbol-class' },
    ...(weights.length > 0 && { tooltip: () => weightTable(weights) }),
    spoken: spoken(rowName(member), t('member of {0}', ensemble), words && t('mean {0} over tasks', words)),
    context: 'member',
    target: { ...target, model: member },
    command: 'taskweave.openMetrics',
  };
}

function weightTable(weights: readonly { readonly task: string; readonly weight: number }[]): string {
  const rows = weights.slice(0, 20).map(({ task, weight }) => [plain(task), score(weight, 2)]);
  return table([{ head: t('task') }, { head: t('weight'), align: 'right' }], rows).join('\n');
}
