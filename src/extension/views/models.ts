import { t } from '../../protocol/l10n';
import type { LeaderboardRow } from '../../protocol/leaderboard';
import { rowName } from '../../protocol/names';
import type { ModelState } from '../../protocol/runs';
import { sentence } from '../../protocol/sentences';
import { chosenWords, isGoing, lambda, percent, score } from '../../protocol/words';
import type { ShownRun } from '../run-library';
import type { Target } from '../target';
import { tellingTasks } from './board';
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

/** Base models with their state and score in the newest run of theirs; below each, the same model without sharing. */
export function modelItems(view: ExperimentView): readonly TreeNode[] {
  const named = view.outline?.models ?? modelsOfRun(view.shown[0]?.detail.models ?? []);
  return named.map((model) => {
    const run = newestWith(view, ({ detail }) => detail.models.some((state) => isModel(state, model.name)));
    const states = run?.detail.models ?? [];
    const state = states.find((one) => isModel(one, model.name));
    const row = run?.leaderboard?.rows.find((one) => one.role === 'model' && one.name === model.name);
    const target = { experiment: view.path, run: run?.detail.summary.run, model: model.name };
    const baselines = states.filter((one) => one.role === 'baseline' && one.model === model.name);
    return {
      ...stateItem(model.name, run, state, row),
      id: `${view.path}#model:${model.name}`,
      context: model.sweepable ? 'model.sweepable' : 'model',
      target,
      command: 'taskweave.openMetrics',
      tooltip: () => modelTooltip(model.name, model.kind, row),
      ...(baselines.length > 0 && {
        children: () => baselines.map((baseline) => baselineItem(view.path, target, run, baseline)),
      }),
    } satisfies TreeNode;
  });
}

function isModel(state: ModelState, name: string): boolean {
  return state.role === 'model' && state.name === name;
}

function modelsOfRun(states: readonly ModelState[]) {
  return states
    .filter((state) => state.role === 'model')
    .map((state) => ({ name: state.name, kind: '', sweepable: false }));
}

function baselineItem(path: string, target: Target, run: ShownRun | undefined, state: ModelState): TreeNode {
  const row = run?.leaderboard?.rows.find((one) => one.role === 'baseline' && one.name === state.name);
  return {
    ...stateItem(state.name, run, state, row),
    id: `${path}#baseline:${state.name}`,
    tooltip: () =>
      [
        `**${plain(rowName(state.name))}** – ${state.scope === 'pooled' ? t('All rows as one task.') : t('The same learner, one task at a time, tuned alike.')}`,
        ...(row ? ['', ...rowTable(row)] : []),
      ].join('\n'),
    context: 'baseline',
    target,
    command: 'taskweave.openMetrics',
  };
}

/** Label, icon and words for how a model or an ensemble stands in a run. */
export function stateItem(
  name: string,
  run: ShownRun | undefined,
  state: ModelState | undefined,
  row: LeaderboardRow | undefined,
): Pick<TreeNode, 'label' | 'description' | 'icon' | 'spoken'> {
  const over = run !== undefined && !isGoing(run.detail.summary.status);
  const harmed = row?.negativeTransfer ?? [];
  const harm = harmed.length > 0 ? harmWords(harmed) : undefined;
  const chosen = row ? lambdaOf(row) : undefined;
  const words = stateWords(state, over);
  return {
    label: rowName(name),
    description: row
      ? dots(score(row.mean), chosen && `λ ${chosen}`, chosenWords(row.hyperparameters), harm)
      : words,
    icon: harm ? icons.warning : stateIcon(state, over),
    spoken: row
      ? spoken(
          rowName(name),
          t(row.role),
          t('mean skill {0}', score(row.mean)),
          chosen && t('lambda {0}', chosen),
          harm,
        )
      : spoken(rowName(name), words ?? t('not run yet')),
  };
}

/** Names of few tasks, the number of many. */
function harmWords(tasks: readonly string[]): string {
  return tasks.length > 3
    ? t('negative transfer in {0} tasks', tasks.length)
    : t('negative transfer: {0}', tasks.join(', '));
}

/** The λ that was chosen; 0 is none. */
export function lambdaOf(row: LeaderboardRow): string | undefined {
  if (row.lambda === null || row.lambda === 0) return undefined;
  return typeof row.lambda === 'number' ? lambda(row.lambda) : t('per task');
}

function stateWords(state: ModelState | undefined, over: boolean): string | undefined {
  if (state === undefined) return undefined;
  if (state.status === 'running' && !over)
    return t('{0} % of {1} fits', percent(state.fits), state.fits.total);
  return over && (state.status === 'waiting' || state.status === 'running')
    ? t('not finished')
    : t(state.status);
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

/** Tasks that a tooltip lists. */
const MOST_TASKS = 12;

/** A row of the leaderboard as a small table: a line a task. */
export function rowTable(row: LeaderboardRow): readonly string[] {
  const lines = [t('mean skill {0}, {1} CPU seconds', score(row.mean), score(row.cpuSeconds, 1)), ''];
  const differences = row.differences ?? {};
  const compared = Object.keys(differences);
  if (compared.length > 0) {
    const rows = tellingTasks(compared, row, MOST_TASKS).map((task) => [
      plain(task),
      plain(sentence(differences[task].words)),
    ]);
    lines.push(...table([{ head: t('task') }, { head: t('against baseline, 95 % interval') }], rows));
    const more = compared.length - rows.length;
    if (more > 0) lines.push('', t('and {0} more tasks', more));
  }
  for (const warning of row.warnings.slice(0, 5)) lines.push('', `$(warning) ${plain(sentence(warning))}`);
  return lines;
}
