import { html, nothing, type TemplateResult } from 'lit';
import { t } from '../src/protocol/l10n';
import type { Overview } from '../src/protocol/panel';
import type { RunSummary } from '../src/protocol/runs';
import {
  count,
  isGoing,
  isResumable,
  percent,
  queueReason,
  runState,
  startedAt,
} from '../src/protocol/words';
import { button, dropdown, icon } from './controls';
import { send } from './host';
import { warningsView } from './warnings';

const statusIcons: Readonly<Record<RunSummary['status'], string>> = {
  queued: 'watch',
  running: 'sync',
  paused: 'debug-pause',
  completed: 'pass',
  failed: 'error',
  cancelled: 'circle-slash',
  interrupted: 'debug-disconnect',
};

/** What came of the last button pressed. */
export interface Outcome {
  readonly ok: boolean;
  readonly message: string;
}

/** Which run it is, how it stands, and what can be done with it. */
export function headerView(
  overview: Overview,
  outcome: Outcome | undefined,
  onRun: (run: string) => void,
): TemplateResult {
  const { detail, runs, state, trusted } = overview;
  const run = detail?.summary;
  return html`<header>
    <div class="bar">
      <h1>${overview.experimentName}</h1>
      ${
        runs.length > 0
          ? dropdown({
              label: t('Run'),
              options: [
                { value: '', label: t('newest') },
                ...runs.map((one) => ({
                  value: one.run,
                  label: `${startedAt(one.started)} ${one.name} ${one.run.slice(-6)}`,
                })),
              ],
              value: state.run ?? '',
              onChange: onRun,
            })
          : nothing
      }
      <span class="actions">
        ${run && isGoing(run.status) ? html`${pauseButton(run, trusted)} ${stopButton(run, trusted)}` : nothing}
        ${run && isResumable(run.status) ? resumeButton(run, trusted) : nothing}
        ${!run || !isGoing(run.status) ? runButton(run === undefined, trusted) : nothing}
        ${button({ label: t('Open file'), icon: 'go-to-file', onClick: () => send({ kind: 'openExperiment' }) })}
      </span>
    </div>
    ${run ? progress(run) : nothing}
    ${outcome ? html`<p class="outcome ${outcome.ok ? '' : 'mistake'}" role="status">${outcome.message}</p>` : nothing}
    ${detail ? warningsView(detail.warnings) : nothing}
  </header>`;
}

function pauseButton(run: RunSummary, trusted: boolean): TemplateResult {
  const isPaused = run.status === 'paused';
  return button({
    label: isPaused ? t('Continue') : t('Pause'),
    icon: isPaused ? 'debug-continue' : 'debug-pause',
    disabled: !trusted,
    onClick: () => send({ kind: isPaused ? 'continue' : 'pause', run: run.run }),
  });
}

function stopButton(run: RunSummary, trusted: boolean): TemplateResult {
  return button({
    label: t('Stop'),
    icon: 'debug-stop',
    disabled: !trusted,
    onClick: () => send({ kind: 'stop', run: run.run }),
  });
}

function resumeButton(run: RunSummary, trusted: boolean): TemplateResult {
  return button({
    label: t('Resume'),
    icon: 'debug-continue',
    appearance: 'primary',
    disabled: !trusted,
    onClick: () => send({ kind: 'resume', run: run.run }),
  });
}

function runButton(first: boolean, trusted: boolean): TemplateResult {
  return button({
    label: first ? t('Run') : t('Run again'),
    icon: 'play',
    appearance: first ? 'primary' : 'secondary',
    disabled: !trusted,
    onClick: () => send({ kind: 'run' }),
  });
}

function progress(run: RunSummary): TemplateResult {
  const state = runState(run);
  const reason = queueReason(run);
  const status = t(run.status);
  // Said once: a state such as “queued, number 2” has the word in it.
  const lead = state.startsWith(status) ? state : status;
  const words = [
    ...(lead === state ? [] : [state]),
    ...(reason ? [reason] : []),
    t('{0} of {1}', run.fits.done.toLocaleString('en'), count(run.fits.total, 'fit')),
    ...(run.backend ? [run.backend] : []),
  ].join(' · ');
  return html`
    <p class="status ${run.status}" role="status">
      ${icon(`${statusIcons[run.status]}${run.status === 'running' ? ' codicon-modifier-spin' : ''}`)}
      <span>${lead}</span> <span class="muted">· ${words}</span>
    </p>
    <progress max="100" value=${percent(run.fits)} aria-label=${t('Fits done')} class=${run.status}></progress>
  `;
}
