import { t } from '../../protocol/l10n';
import { rowName } from '../../protocol/names';
import type { RunSummary } from '../../protocol/runs';
import {
  count,
  duration,
  isGoing,
  isResumable,
  queueReason,
  runState,
  score,
  startedAt,
} from '../../protocol/words';
import type { ItemContext } from '../contributions';
import {
  dots,
  type ExperimentView,
  type Icon,
  icons,
  moreItem,
  plain,
  spoken,
  type TreeNode,
  table,
} from './node';

/** Runs of an experiment: those that wait in line, the next one first, then the others, newest first; the last item loads older ones. */
export function runItems(view: ExperimentView): readonly TreeNode[] {
  const place = ({ queue }: RunSummary) => queue?.place ?? Number.MAX_SAFE_INTEGER;
  const queued = view.runs.filter(({ status }) => status === 'queued').sort((a, b) => place(a) - place(b));
  const others = view.runs.filter(({ status }) => status !== 'queued');
  const items = [...queued, ...others].map((run) => runItem(view, run));
  if (view.notLoaded === 0) return items;
  const words = t('{0} older runs', view.notLoaded);
  return [...items, moreItem(`${view.path}#runs`, words, { experiment: view.path })];
}

function runItem(view: ExperimentView, run: RunSummary): TreeNode {
  const when = startedAt(run.started);
  const given = run.marks?.name ?? undefined;
  // The experiment's own name says nothing in a list of its runs.
  const name = given ?? (run.name === view.name ? undefined : run.name);
  const state = runState(run);
  const reason = queueReason(run);
  const tags = (run.marks?.tags ?? []).map((tag) => `#${tag}`).join(' ');
  const starred = run.marks?.star === true;
  return {
    id: `${view.path}#run:${run.run}`,
    label: `${starred ? '★ ' : ''}${name === undefined ? when : `${when} ${name}`}`,
    description: dots(...seen(run), reason, tags),
    icon: runIcon(run),
    tooltip: () => tooltip(run),
    spoken: spoken(
      t('run of {0}', run.name),
      given,
      starred && t('starred'),
      when,
      t(run.status),
      state !== t(run.status) && state,
      reason,
      tags && t('tags {0}', (run.marks?.tags ?? []).join(', ')),
      run.marks?.note ?? undefined,
    ),
    context: runContext(run, starred),
    target: { experiment: view.path, run: run.run },
    command: 'taskweave.openMetrics',
  };
}

/** How it stands; the best score first, as a narrow sidebar cuts the end. */
function seen(run: RunSummary): readonly string[] {
  const { status, best } = run;
  if (status !== 'completed' || best === null) return [runState(run)];
  return [t('best {0}', score(best.mean)), rowName(best.name)];
}

function runIcon(run: RunSummary): Icon {
  return run.status === 'completed' && run.trials.failed > 0 ? icons.warning : icons[run.status];
}

function runContext(run: RunSummary, starred: boolean): ItemContext {
  const state = runKind(run);
  return starred ? `run.${state}.starred` : `run.${state}`;
}

function runKind({ status }: RunSummary): 'going' | 'queued' | 'paused' | 'resumable' | 'over' {
  if (status === 'paused' || status === 'queued') return status;
  if (isGoing(status)) return 'going';
  return isResumable(status) ? 'resumable' : 'over';
}

/** Trials that have not begun. */
function waiting({ trials: { done, failed, running, total } }: RunSummary): number {
  return Math.max(0, total - done - failed - running);
}

/** A run in a small table: what it did, how long it took, its best row, what people wrote about it. */
function tooltip(run: RunSummary): string {
  const rows: (readonly [string, string])[] = [
    [t('fits'), t('{0} of {1}', run.fits.done, run.fits.total)],
    ...(run.worked === undefined ? [] : [[t('took'), duration(run.worked)] as const]),
    ...(run.best ? [[t('best'), plain(`${rowName(run.best.name)} ${score(run.best.mean)}`)] as const] : []),
    ...(isGoing(run.status)
      ? [[t('trials'), t('{0} at work, {1} waiting', run.trials.running, waiting(run))] as const]
      : []),
    ...(run.workers ? [[t('workers'), String(run.workers)] as const] : []),
    ...(run.backend ? [[t('backend'), run.backend] as const] : []),
    ...(run.trials.failed > 0
      ? [[t('failed'), `$(warning) ${count(run.trials.failed, 'trial')}`] as const]
      : []),
    ...(run.marks?.tags.length ? [[t('tags'), run.marks.tags.map(plain).join(', ')] as const] : []),
    [t('run'), `\`${run.run}\``],
  ];
  return [
    `**${plain(run.marks?.name ?? run.name)}** – ${[runState(run), queueReason(run)]
      .flatMap((words) => words ?? [])
      .map(plain)
      .join(' – ')}`,
    '',
    ...table([{ head: '' }, { head: '' }], rows),
    ...(run.marks?.note ? ['', plain(run.marks.note).replaceAll('\n', '  \n')] : []),
    ...(run.status === 'interrupted'
      ? ['', t('It was interrupted; resuming goes on from what is complete.')]
      : []),
  ].join('\n');
}
