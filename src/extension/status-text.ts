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

/** How the runs that are going are shown in the status bar; undefined while there is none. */
export function statusText(going: readonly RunSummary[]): StatusText | undefined {
  if (going.length === 0) return undefined;
  const [run] = going;
  const icon = run.status === 'paused' ? '$(debug-pause)' : '$(sync~spin)';
  const more = going.length > 1 ? ` +${going.length - 1}` : '';
  return {
    text: `${icon} ${run.name} ${percent(run.fits)} %${more}`,
    tooltip: going
      .map((one) => `${one.name}: ${runState(one)} (${t('{0} of {1} fits', one.fits.done, one.fits.total)})`)
      .join('\n'),
    spoken: `Taskweave: ${going.map((one) => `${one.name} ${runState(one)}`).join('; ')}`,
    run,
  };
}
