import { t } from '../../protocol/l10n';
import type { BoardRow, PanelMessage, SweepSpec } from '../../protocol/panel';
import { messageOf } from '../query-client';
import { storeOf } from '../target';
import type { SessionPorts } from './ports';

/** What a panel asks to be done, besides to be shown something. */
export type ActionMessage = Exclude<PanelMessage, { kind: 'ready' | 'watch' | 'resync' }>;

/** Does what a button asks; gives back the run that it leads to, where there is one. */
export async function doAction(
  ports: SessionPorts,
  experiment: string,
  message: ActionMessage,
): Promise<string | undefined> {
  const act = (done: string, action: () => Promise<string | undefined>) => trusted(ports, done, action);
  switch (message.kind) {
    case 'openExperiment':
      return openExperiment(ports, experiment);
    case 'openPanel':
      ports.openPanel(experiment);
      return undefined;
    case 'copy':
      await ports.copy(message.text);
      return undefined;
    case 'save':
      await save(ports, experiment, message);
      return undefined;
    case 'pair':
      await compare(ports, experiment, message.a, message.b);
      return undefined;
    case 'forecast':
      await forecast(ports, experiment, message.sweep);
      return undefined;
    case 'writeSweep':
      return tell(
        ports,
        t('The sweep of {0} is in the file; undo there takes it out.', message.sweep.model),
        () => ports.writeSweep(experiment, message.sweep).then(() => undefined),
      );
    case 'run':
      return act(t('Run started.'), () => ports.run(experiment));
    case 'sweep':
      return act(t('Sweep of {0} started.', message.sweep.model), () =>
        ports.sweep(experiment, message.sweep),
      );
    case 'extend':
      return act(t('More of {0} is being tried.', message.model), () => ports.extend(experiment, message));
    case 'resume':
      return act(t('Run resumed.'), () => ports.resume(experiment, message.run));
    case 'pause':
      return act(t('Pausing: fits at work go on to their end.'), () =>
        nothing(ports.pause(experiment, message.run)),
      );
    case 'continue':
      return act(t('Going on.'), () => nothing(ports.continue(experiment, message.run)));
    case 'stop':
      return act(t('Stopping …'), () => nothing(ports.stop(experiment, message.run)));
  }
}

async function openExperiment(ports: SessionPorts, experiment: string): Promise<undefined> {
  try {
    await ports.openExperiment(experiment);
  } catch (error) {
    ports.post({ kind: 'launched', ok: false, message: messageOf(error) });
  }
  return undefined;
}

/** Nothing runs before the workspace is trusted. */
function trusted(
  ports: SessionPorts,
  done: string,
  action: () => Promise<string | undefined>,
): Promise<string | undefined> {
  if (ports.trusted()) return tell(ports, done, action);
  const message = t('Trust this workspace first: nothing runs in Restricted Mode.');
  ports.post({ kind: 'launched', ok: false, message });
  return Promise.resolve(undefined);
}

async function tell(
  ports: SessionPorts,
  done: string,
  action: () => Promise<string | undefined>,
): Promise<string | undefined> {
  try {
    const run = await action();
    ports.post({ kind: 'launched', ok: true, message: done });
    return run;
  } catch (error) {
    ports.post({ kind: 'launched', ok: false, message: messageOf(error) });
    return undefined;
  }
}

/** A forecast reads the data, in a process of ours: not before the workspace is trusted. */
async function forecast(ports: SessionPorts, experiment: string, sweep: SweepSpec): Promise<void> {
  if (!ports.trusted()) return;
  const asked = JSON.stringify(sweep);
  try {
    const { fits, reused, workers, estimate } = await ports.forecast(experiment, sweep);
    ports.post({ kind: 'forecast', asked, forecast: { fits, reused, workers, ...estimate }, problem: null });
  } catch (error) {
    ports.post({ kind: 'forecast', asked, forecast: null, problem: messageOf(error) });
  }
}

async function compare(ports: SessionPorts, experiment: string, a: BoardRow, b: BoardRow): Promise<void> {
  try {
    const store = storeOf(experiment);
    const comparison = await ports.queries.ask<'paired'>({ kind: 'paired', store, a, b });
    ports.post({ kind: 'paired', a, b, comparison, problem: null });
  } catch (error) {
    ports.post({ kind: 'paired', a, b, comparison: null, problem: messageOf(error) });
  }
}

async function save(
  ports: SessionPorts,
  experiment: string,
  { name, format, content }: Extract<PanelMessage, { kind: 'save' }>,
): Promise<void> {
  const bytes = Buffer.from(content, format === 'png' ? 'base64' : 'utf8');
  try {
    const path = await ports.save(experiment, `${name}.${format}`, bytes);
    if (path !== undefined) ports.post({ kind: 'launched', ok: true, message: t('Saved {0}.', path) });
  } catch (error) {
    ports.post({ kind: 'launched', ok: false, message: t('Not saved: {0}', messageOf(error)) });
  }
}

async function nothing(done: Promise<void>): Promise<undefined> {
  await done;
  return undefined;
}
