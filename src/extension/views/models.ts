import type { LeaderboardRow } from '../../protocol/leaderboard';
import type { ModelState } from '../../protocol/queries';
import { count, isGoing, lambda, percent, score } from '../../protocol/words';
import { dots, type ExperimentView, type Icon, icons, plain, spoken, type TreeNode } from './node';

/** Base models with their state and score in the newest run; below each, the same model without sharing. */
export function modelItems(view: ExperimentView): readonly TreeNode[] {
  const states = view.detail?.models ?? [];
  const named = view.outline?.models ?? modelsOfRun(states);
  return named.map((model) => {
    const state = states.find((s) => s.role === 'model' && s.name === model.name);
    const row = view.leaderboard?.rows.find((r) => r.role === 'model' && r.name === model.name);
    const baselines = states.filter((s) => s.role === 'baseline' && s.model === model.name);
    return {
      ...stateItem(view, model.name, state, row),
      id: `${view.path}#model:${model.name}`,
      context: model.sweepable ? 'model.sweepable' : 'model',
      target: { experiment: view.path, run: view.detail?.summary.run, model: model.name },
      command: 'taskweave.openMetrics',
      tooltip: modelTooltip(model.name, model.kind, row),
      children:
        baselines.length === 0 ? undefined : baselines.map((baseline) => baselineItem(view, baseline)),
    } satisfies TreeNode;
  });
}

function modelsOfRun(states: readonly ModelState[]) {
  return states
    .filter((state) => state.role === 'model')
    .map((state) => ({ name: state.name, kind: '', sweepable: false }));
}

function baselineItem(view: ExperimentView, state: ModelState): TreeNode {
  const row = view.leaderboard?.rows.find((r) => r.role === 'baseline' && r.name === state.name);
  return {
    ...stateItem(view, state.name, state, row),
    id: `${view.path}#baseline:${state.name}`,
    tooltip:
      state.scope === 'pooled'
        ? 'All rows as one task.'
        : 'The same learner, one task at a time, tuned alike.',
    context: 'baseline',
    target: { experiment: view.path, run: view.detail?.summary.run, model: state.model },
  };
}

/** Label, icon and words for how a model or an ensemble stands. */
export function stateItem(
  view: ExperimentView,
  name: string,
  state: ModelState | undefined,
  row: LeaderboardRow | undefined,
): Pick<TreeNode, 'label' | 'description' | 'icon' | 'spoken'> {
  const over = view.detail !== undefined && !isGoing(view.detail.summary.status);
  const harmed = row?.negativeTransfer ?? [];
  const harm = harmed.length > 0 ? `negative transfer: ${harmed.join(', ')}` : undefined;
  const chosen = row ? lambdaOf(row) : undefined;
  const words = row ? dots(score(row.mean), chosen && `λ ${chosen}`, harm) : dots(stateWords(state, over));
  return {
    label: name,
    description: words,
    icon: harm ? icons.warning : stateIcon(state, over),
    spoken: row
      ? spoken(name, row.role, `mean skill ${score(row.mean)}`, chosen && `lambda ${chosen}`, harm)
      : spoken(name, stateWords(state, over) ?? 'not run yet'),
  };
}

export function lambdaOf(row: LeaderboardRow): string | undefined {
  if (row.lambda === null) return undefined;
  return typeof row.lambda === 'number' ? lambda(row.lambda) : 'per task';
}

function stateWords(state: ModelState | undefined, over: boolean): string | undefined {
  if (state === undefined) return undefined;
  if (state.status === 'running' && !over) {
    return `${percent(state.fits)} % of ${count(state.fits.total, 'fit')}`;
  }
  return over && (state.status === 'waiting' || state.status === 'running') ? 'not finished' : state.status;
}

function stateIcon(state: ModelState | undefined, over: boolean): Icon {
  if (state === undefined) return icons.waiting;
  if (over && (state.status === 'waiting' || state.status === 'running')) return icons.cancelled;
  return icons[state.status];
}

function modelTooltip(name: string, kind: string, row: LeaderboardRow | undefined): string {
  const lines = [`**${plain(name)}**${kind ? ` – ${kind}` : ''}`];
  if (row) lines.push('', ...rowTable(row));
  return lines.join('\n');
}

/** A row of the leaderboard as a small table: a line a task. */
export function rowTable(row: LeaderboardRow): readonly string[] {
  const lines = [`mean skill ${score(row.mean)}, ${score(row.cpuSeconds, 1)} CPU seconds`, ''];
  if (row.differences) {
    lines.push('| task | against baseline |', '|:--|:--|');
    for (const [task, difference] of Object.entries(row.differences).slice(0, 12)) {
      lines.push(`| ${plain(task)} | ${plain(difference.words)} |`);
    }
  }
  for (const warning of row.warnings.slice(0, 5)) lines.push('', `$(warning) ${plain(warning)}`);
  return lines;
}
