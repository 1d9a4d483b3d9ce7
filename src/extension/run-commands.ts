/** Commands that start, stop, resume, repeat and check. */
import { basename, dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { t } from '../protocol/l10n';
import { isGoing, isResumable, startedAt } from '../protocol/words';
import { type Choices, chooseExperiment, chooseRun } from './choose';
import type { ExperimentDiagnostics } from './editor/diagnostics';
import { openExperiment, showExperiment } from './editor/reveal';
import type { Launcher } from './launcher';
import { withCancel } from './progress';
import type { Queries } from './query-client';
import { sweepFlags } from './sweep-flags';
import { experimentName, storeOf, type Target } from './target';

export interface RunServices extends Choices {
  readonly launcher: Launcher;
  readonly queries: Queries;
  readonly diagnostics: ExperimentDiagnostics;
  /** Shows a run that has just begun. */
  followRun(experiment: string, run: string): void;
}

/** Starts a run of an experiment and gives back its id; what is unsaved is saved first, for the run reads the file. */
export async function startRun(
  { launcher }: Pick<RunServices, 'launcher'>,
  experiment: string,
  name?: string,
  extra?: readonly string[],
): Promise<string> {
  await save(experiment);
  return withCancel(t('Preparing {0}', experimentName(experiment)), (signal) =>
    launcher.run(experiment, { name, signal, extra }),
  );
}

async function save(experiment: string): Promise<void> {
  const open = vscode.workspace.textDocuments.find(({ uri }) => uri.fsPath === experiment);
  if (open?.isDirty) await open.save();
}

export async function run(services: RunServices, target: Target | undefined): Promise<void> {
  await begin(services, target, []);
}

/** The run works when no other does: each has the machine to itself. */
export async function queueRun(services: RunServices, target: Target | undefined): Promise<void> {
  await begin(services, target, ['--queue']);
}

async function begin(
  services: RunServices,
  target: Target | undefined,
  flags: readonly string[],
): Promise<void> {
  const experiment = await chooseExperiment(services, target);
  if (!experiment) return;
  const id = await startRun(services, experiment, undefined, flags);
  await services.library.reread();
  services.followRun(experiment, id);
}

export async function stop(services: RunServices, target: Target | undefined): Promise<void> {
  const chosen = await chooseRun(services, target, {
    fits: ({ status }) => isGoing(status),
    nothing: t('No run is going.'),
    question: t('Stop which run?'),
  });
  if (!chosen) return;
  await services.launcher.stop(chosen.experiment, chosen.run);
  services.library.refresh();
}

/** No more trials start until the run is continued; those at hand end. */
export async function pause(services: RunServices, target: Target | undefined): Promise<void> {
  const chosen = await chooseRun(services, target, {
    fits: ({ status }) => status === 'running',
    nothing: t('No run is going.'),
    question: t('Pause which run?'),
  });
  if (!chosen) return;
  await services.launcher.pause(chosen.experiment, chosen.run);
  services.library.refresh();
}

export async function continueRun(services: RunServices, target: Target | undefined): Promise<void> {
  const chosen = await chooseRun(services, target, {
    fits: ({ status }) => status === 'paused',
    nothing: t('No run is paused.'),
    question: t('Continue which run?'),
  });
  if (!chosen) return;
  await services.launcher.continue(chosen.experiment, chosen.run);
  services.library.refresh();
}

/** A run that waits in line changes places with the one before or behind it. */
export async function moveInQueue(
  services: RunServices,
  target: Target | undefined,
  where: 'up' | 'down',
): Promise<void> {
  const chosen = await chooseRun(services, target, {
    fits: ({ status }) => status === 'queued',
    nothing: t('No run waits in line.'),
    question: t('Move which run?'),
  });
  if (!chosen) return;
  await services.launcher.move(chosen.experiment, chosen.run, where);
  services.library.refresh();
}

export async function resume(services: RunServices, target: Target | undefined): Promise<void> {
  const chosen = await chooseRun(services, target, {
    fits: ({ status }) => isResumable(status),
    nothing: t('No run can be resumed: all of them are complete or going.'),
    question: t('Resume which run?'),
  });
  if (!chosen) return;
  await withCancel(t('Resuming {0}', chosen.run), (signal) =>
    services.launcher.resume(chosen.experiment, chosen.run, { signal }),
  );
  services.library.refresh();
}

/**
 * Runs what a run began with once more. Where the file has changed since, the text of then is written beside it under
 * a name of its own, so that paths of data mean the same; where it is gone, under its own name. The new run says in its
 * note which one it repeats.
 */
export async function reproduce(services: RunServices, target: Target | undefined): Promise<void> {
  const chosen = await chooseRun(services, target, {
    fits: ({ status }) => !isGoing(status),
    nothing: t('There is no run to reproduce.'),
    question: t('Reproduce which run?'),
    always: true,
  });
  if (!chosen) return;
  const store = storeOf(chosen.experiment);
  const { text, sweep } = await services.queries.ask<'text'>({ kind: 'text', store, run: chosen.run });
  if (text === null)
    throw new Error(
      t('Run {0} does not have the file it began with: it was made by an earlier version.', chosen.run),
    );
  const experiment = await fileWith(text, chosen);
  const original = services.library.runsOf(chosen.experiment).find(({ run: id }) => id === chosen.run);
  const name = `${original?.name ?? experimentName(chosen.experiment)} ↻ ${original ? startedAt(original.started) : chosen.run}`;
  const id = await startRun(services, experiment, name, [...(await sweepFlags(sweep)), ...AFRESH]);
  const note = `${REPRODUCES}${chosen.run}`;
  await services.queries.ask<'mark'>({ kind: 'mark', store, run: id, change: { note } });
  await services.experiments.find();
  await services.library.reread();
  services.followRun(experiment, id);
}

/** A repetition that took over finished work would repeat nothing. */
const AFRESH = ['--fresh'];

/** Begins the note of a run that repeats another; the notice at its end compares the two. */
export const REPRODUCES = 'Reproduces ';

async function fileWith(
  text: string,
  { experiment, run }: { readonly experiment: string; readonly run: string },
): Promise<string> {
  const read = async (path: string) => {
    try {
      return new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.file(path)));
    } catch {
      return undefined;
    }
  };
  const now = await read(experiment);
  if (now === text) return experiment;
  const ending = /\.mtl\.\w+$/i.exec(experiment)?.[0] ?? '.mtl.yaml';
  const beside = join(
    dirname(experiment),
    `${basename(experiment).slice(0, -ending.length)}.${run}${ending}`,
  );
  // One that is gone comes back under its name, and its runs with it.
  const path = now === undefined ? experiment : beside;
  if ((await read(path)) !== text)
    await vscode.workspace.fs.writeFile(vscode.Uri.file(path), new TextEncoder().encode(text));
  return path;
}

export async function validate(services: RunServices, target: Target | undefined): Promise<void> {
  const experiment = await chooseExperiment(services, target);
  if (!experiment) return;
  const document = await openExperiment(experiment);
  await showExperiment(document);
  const result = await services.diagnostics.check(document);
  if (!result.ok) throw new Error(result.message);
  if (result.diagnostics.length === 0) {
    void vscode.window.showInformationMessage(t('{0}: no mistakes found.', experimentName(experiment)));
  } else {
    await vscode.commands.executeCommand('workbench.actions.view.problems');
  }
}
