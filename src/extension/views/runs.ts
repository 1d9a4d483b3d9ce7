import type { RunSummary } from '../../protocol/queries';
import { count, duration, isGoing, isResumable, runState, startedAt } from '../../protocol/words';
import type { ItemContext } from '../contributions';
import { dots, type ExperimentView, type Icon, icons, plain, spoken, type TreeNode } from './node';

/** Runs of an experiment, newest first. */
export function runItems(view: ExperimentView): readonly TreeNode[] {
  return view.runs.map((run) => {
    const when = startedAt(run.started);
    return {
      id: `${view.path}#run:${run.run}`,
      // The experiment's own name says nothing in a list of its runs.
      label: run.name === view.name ? when : `${when} ${run.name}`,
      description: runState(run),
      icon: runIcon(run),
      tooltip: tooltip(run),
      spoken: spoken(`run of ${run.name}`, when, run.status, runState(run) !== run.status && runState(run)),
      context: runContext(run),
      target: { experiment: view.path, run: run.run },
      command: 'taskweave.openMetrics',
    };
  });
}

function runIcon(run: RunSummary): Icon {
  return run.status === 'completed' && run.trials.failed > 0 ? icons.warning : icons[run.status];
}

function runContext(run: RunSummary): ItemContext {
  if (isGoing(run.status)) return 'run.going';
  return isResumable(run.status) ? 'run.resumable' : 'run.over';
}

function tooltip(run: RunSummary): string {
  const started = Date.parse(run.started);
  const ended = run.ended === null ? Number.NaN : Date.parse(run.ended);
  const took = Number.isFinite(ended - started) ? `took ${duration((ended - started) / 1000)}` : undefined;
  return [
    `**${plain(run.name)}** – ${plain(runState(run))}`,
    '',
    dots(
      `${run.fits.done} of ${count(run.fits.total, 'fit')}`,
      took,
      run.backend ? `backend ${run.backend}` : undefined,
    ),
    ...(run.trials.failed > 0 ? ['', `$(warning) ${count(run.trials.failed, 'trial')} failed`] : []),
    ...(run.status === 'interrupted'
      ? ['', 'It was interrupted; resuming goes on from what is complete.']
      : []),
    '',
    `run \`${run.run}\``,
  ].join('\n');
}
