import { t } from '../protocol/l10n';
import type { RunSummary } from '../protocol/runs';
import { percent, runState } from '../protocol/words';

export interface StatusText {
  readonly text: string;
  readonly tooltip: string;
  readonly spoken: string;
  /** The run that a click opens. */
  readonly run: RunSummary;
}

/** States of runs that are going, those at work first. */
const STATES = [
  { status: 'running', icon: '$(sync~spin)' },
  { status: 'paused', icon: '$(debug-pause)' },
  { status: 'queued', icon: '$(watch)' },
] as const;

/** How the runs that are going are shown in the status bar; undefined while there is none. */
export function statusText(going: readonly RunSummary[]): StatusText | undefined {
  const ordered = STATES.flatMap(({ status, icon }) =>
    going.filter((run) => run.status === status).map((run) => ({ run, icon })),
  );
  if (ordered.length === 0) return undefined;
  const [{ run, icon }] = ordered;
  const state = run.status === 'queued' ? t('queued') : t('{0} %', percent(run.fits));
  const more = ordered.length > 1 ? ` +${ordered.length - 1}` : '';
  const stated = ordered.map(({ run: one }) => ({ one, words: runState(one) }));
  return {
    text: `${icon} ${run.name} ${state}${more}`,
    tooltip: stated
      .map(
        ({ one, words }) => `${one.name}: ${words} (${t('{0} of {1} fits', one.fits.done, one.fits.total)})`,
      )
      .join('\n'),
    spoken: `Taskweave: ${stated.map(({ one, words }) => `${one.name} ${words}`).join('; ')}`,
    run,
  };
}
