import { t } from '../../protocol/l10n';
import type { RunSummary } from '../../protocol/runs';
import { runState, startedAt } from '../../protocol/words';
import type { CommandId, ItemContext } from '../contributions';
import type { FoundTask, Outline } from '../outline';
import type { ShownRun } from '../run-library';
import type { Target } from '../target';

/** One item of a tree, as plain data; `tree-view.ts` makes the editor's items of them. */
export interface TreeNode {
  /** Stable between refreshes, unique in the tree: expansion and selection are kept by it. */
  readonly id: string;
  readonly label: string;
  readonly description?: string;
  readonly icon: Icon;
  /** Markdown, made when it is first shown. */
  readonly tooltip?: () => string;
  /** What a screen reader says: the whole item, state included. */
  readonly spoken: string;
  readonly context: ItemContext;
  readonly target: Target;
  /** A click loads more: of the items below `parent`, else of the experiment's runs. */
  readonly more?: { readonly parent?: string };
  /** What a click does. */
  readonly command?: CommandId;
  readonly expanded?: boolean;
  /** Made when the item is opened; present only where there are any. */
  readonly children?: () => readonly TreeNode[];
}

export interface Icon {
  readonly id: string;
  /** A theme colour. */
  readonly color?: string;
}

/** All that the trees know of one experiment. */
export interface ExperimentView {
  readonly path: string;
  readonly name: string;
  /** Its folder, where another experiment has the same name or the workspace has several folders. */
  readonly folder?: string;
  /** Its file was deleted or renamed: only its runs are there. */
  readonly isGone?: boolean;
  /** What the file says; undefined while it cannot be understood. */
  readonly outline: Outline | undefined;
  /** Its tasks as the data have them, where they were looked at. */
  readonly found?: readonly FoundTask[] | undefined;
  readonly runs: readonly RunSummary[];
  /** Runs in its store that are not loaded yet. */
  readonly notLoaded: number;
  /** The newest runs in detail, newest first. */
  readonly shown: readonly ShownRun[];
}

/** The newest run that says something about a thing: a sweep says nothing about the models it leaves out. */
export function newestWith(view: ExperimentView, says: (run: ShownRun) => boolean): ShownRun | undefined {
  return view.shown.find(says);
}

export type TreeBuilder = (experiment: ExperimentView) => readonly TreeNode[];

export const icons = {
  waiting: { id: 'circle-outline' },
  running: { id: 'sync~spin', color: 'charts.blue' },
  paused: { id: 'debug-pause', color: 'charts.yellow' },
  completed: { id: 'pass', color: 'charts.green' },
  failed: { id: 'error', color: 'list.errorForeground' },
  cancelled: { id: 'circle-slash' },
  interrupted: { id: 'debug-disconnect', color: 'list.warningForeground' },
  warning: { id: 'warning', color: 'list.warningForeground' },
  queued: { id: 'watch' },
} as const satisfies Record<string, Icon>;

/** Joins what there is by middle dots. */
export function dots(...parts: readonly (string | undefined | false)[]): string | undefined {
  const kept = parts.filter((part): part is string => typeof part === 'string' && part !== '');
  return kept.length > 0 ? kept.join(' · ') : undefined;
}

/** Joins what there is by commas, for a screen reader. */
export function spoken(...parts: readonly (string | undefined | false)[]): string {
  return parts.filter((part): part is string => typeof part === 'string' && part !== '').join(', ');
}

/** One group an experiment where there are several; else the experiment's own items. */
export function buildTree(experiments: readonly ExperimentView[], build: TreeBuilder): readonly TreeNode[] {
  const groups = experiments.map((experiment) => ({ experiment, items: build(experiment) }));
  if (groups.length === 1 && !experiments[0].isGone) return groups[0].items;
  return groups
    .filter((group) => group.items.length > 0)
    .map(({ experiment, items }) => ({
      id: experiment.path,
      label: experiment.name,
      description: dots(experiment.folder, experiment.isGone && t('its file is gone')),
      icon: { id: experiment.isGone ? 'beaker-stop' : 'beaker' },
      tooltip: () => experimentTooltip(experiment),
      spoken: spoken(
        experiment.name,
        t('experiment'),
        experiment.folder,
        experiment.isGone && t('its file is gone'),
      ),
      context: experiment.isGone ? 'experiment.gone' : 'experiment',
      target: { experiment: experiment.path },
      expanded: true,
      children: () => items,
    }));
}

/** An experiment in a small table: what it names, and its newest run. */
function experimentTooltip({ path, name, isGone, outline, runs, notLoaded }: ExperimentView): string {
  const [newest] = runs;
  const rows: (readonly string[])[] = [
    ...(outline
      ? [
          [t('Tasks'), String(outline.tasks.length)],
          [t('Base models'), String(outline.models.length)],
          [t('Ensembles'), String(outline.ensembles.length)],
        ]
      : []),
    [t('Runs'), String(runs.length + notLoaded)],
    ...(newest ? [[t('newest'), `${startedAt(newest.started)}, ${plain(runState(newest))}`]] : []),
  ];
  const remedy = t(
    'The file was renamed or deleted; its runs are kept. *Reproduce Run* writes the file again as a run began with it.',
  );
  return [
    `**${plain(name)}**`,
    '',
    ...table([{ head: '' }, { head: '' }], rows),
    '',
    plain(path),
    ...(isGone ? ['', remedy] : []),
  ].join('\n');
}

/** Items of a long list that are shown at first, and that "Load more" adds. */
export const PAGE_OF_ITEMS = 200;

/** The first `limit` items and, where there are more, one that loads them. */
export function firstItems(items: readonly TreeNode[], limit: number, parent: string): readonly TreeNode[] {
  if (items.length <= limit) return items;
  const words = t('{0} of {1} shown', limit, items.length);
  const { target } = items[0];
  const more: TreeNode = {
    ...moreItem(parent, words, target),
    id: `${parent}#more-items`,
    more: { parent },
  };
  return [...items.slice(0, limit), more];
}

/** The last item of a list that is not whole. */
export function moreItem(parent: string, words: string, target: Target): TreeNode {
  return {
    id: `${parent}#more`,
    label: t('Load more'),
    description: words,
    icon: { id: 'ellipsis' },
    spoken: spoken(t('Load more'), words),
    context: 'more',
    target,
    more: {},
  };
}

/** Columns of a table in Markdown. */
export interface TableColumn {
  readonly head: string;
  readonly align?: 'right' | 'center';
}

const RULES = { left: ':--', right: '--:', center: ':-:' } as const;

/** A table in Markdown, a line a row. The editor leaves no room between columns: it is in the cells. */
export function table(
  columns: readonly TableColumn[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => (cell !== '' && i < cells.length - 1 ? `${cell}&ensp;` : cell)).join(' | ')} |`;
  return [
    line(columns.map(({ head }) => head)),
    `|${columns.map(({ align }) => RULES[align ?? 'left']).join('|')}|`,
    ...rows.map(line),
  ];
}

/** Text that Markdown, in which `$(name)` is an icon, shows as it is. */
export function plain(text: string): string {
  return text.replaceAll('$(', '\\$(').replace(/[\\`*_{}[\]()#+\-.!|<>~]/g, '\\$&');
}
