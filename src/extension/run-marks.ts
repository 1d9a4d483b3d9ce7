/** Star, name, tags, note of a run; deletion that can be undone, and removal from disk that cannot. */
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { t } from '../protocol/l10n';
import type { MarkChange, RunMarks, RunSummary } from '../protocol/runs';
import { isGoing } from '../protocol/words';
import { type Choices, type ChosenRun, chooseExperiment, chooseRun, runPick } from './choose';
import { LaunchError } from './launcher';
import type { Processes } from './processes';
import type { Queries } from './query-client';
import { tagsOf } from './run-marks-text';
import { storeOf, type Target } from './target';

export interface MarkServices extends Choices {
  readonly queries: Queries;
  readonly processes: Processes;
}

const UNMARKED: RunMarks = { star: false, name: null, note: null, tags: [], deleted: false };

export async function starRuns(
  services: MarkServices,
  target: Target | undefined,
  all: readonly Target[],
  star: boolean,
): Promise<void> {
  const several = runsOf(all);
  if (several.length > 1) return markAll(services, several, { star });
  const chosen = await choose(
    services,
    target,
    (run) => (run.marks?.star ?? false) !== star,
    star ? t('Star which run?') : t('Unstar which run?'),
  );
  if (chosen) await mark(services, chosen, { star });
}

export async function renameRun(services: MarkServices, target: Target | undefined): Promise<void> {
  await ask(services, target, t('Rename which run?'), ({ name }, run) => ({
    prompt: t('Name of the run; empty for its own, {0}', run?.name ?? ''),
    value: name ?? '',
    limit: 200,
    change: (text) => ({ name: text.trim() }),
  }));
}

export async function tagRun(services: MarkServices, target: Target | undefined): Promise<void> {
  await ask(services, target, t('Tag which run?'), ({ tags }) => ({
    prompt: t('Tags, with commas between them; empty for none'),
    value: tags.join(', '),
    limit: 5000,
    change: (text) => ({ tags: tagsOf(text) }),
  }));
}

export async function noteRun(services: MarkServices, target: Target | undefined): Promise<void> {
  await ask(services, target, t('Add a note to which run?'), ({ note }) => ({
    prompt: t('Note; empty for none'),
    value: note ?? '',
    limit: 10_000,
    change: (text) => ({ note: text.trim() }),
  }));
}

/** Hides a run from lists; its files stay, so that it can be undone. */
export async function deleteRuns(
  services: MarkServices,
  target: Target | undefined,
  all: readonly Target[],
): Promise<void> {
  const several = runsOf(all);
  const asked = () => choose(services, target, ({ status }) => !isGoing(status), t('Delete which run?'));
  const chosen = several.length > 1 ? several : [await asked()].flatMap((one) => one ?? []);
  const [first] = chosen;
  if (first === undefined) return;
  if (chosen.some((one) => isGoing(summaryOf(services, one)?.status ?? 'completed')))
    throw new Error(
      chosen.length === 1
        ? t('The run is going: stop it first.')
        : t('One of the runs is going: stop it first.'),
    );
  await markAll(services, chosen, { deleted: true });
  const undo = t('Undo');
  const words =
    chosen.length === 1 ? t('Deleted run {0}.', first.run) : t('Deleted {0} runs.', chosen.length);
  void vscode.window.showInformationMessage(words, undo).then(async (action) => {
    if (action === undo) await markAll(services, chosen, { deleted: false });
  });
}

/** The runs among what is selected. */
function runsOf(all: readonly Target[]): readonly ChosenRun[] {
  return all.flatMap(({ experiment, run }) => (run === undefined ? [] : [{ experiment, run }]));
}

async function markAll(
  { queries, library }: MarkServices,
  runs: readonly ChosenRun[],
  change: MarkChange,
): Promise<void> {
  for (const { experiment, run } of runs)
    await queries.ask<'mark'>({ kind: 'mark', store: storeOf(experiment), run, change });
  await library.reread();
}

export async function restoreRun(services: MarkServices, target: Target | undefined): Promise<void> {
  const deleted = await deletedRuns(services, target);
  if (deleted.length === 0) {
    void vscode.window.showInformationMessage(t('There are no deleted runs.'));
    return;
  }
  const chosen = await vscode.window.showQuickPick(deleted, {
    placeHolder: t('Restore which run?'),
    matchOnDescription: true,
  });
  if (chosen) await mark(services, chosen, { deleted: false });
}

/** Removes the files of deleted runs, after a question: this cannot be undone. */
export async function pruneRuns(services: MarkServices, target: Target | undefined): Promise<void> {
  const experiment = await chooseExperiment(services, target);
  if (!experiment) return;
  const deleted = await deletedRuns(services, { experiment });
  if (deleted.length === 0) {
    void vscode.window.showInformationMessage(t('There are no deleted runs.'));
    return;
  }
  const remove = t('Remove from Disk');
  const answer = await vscode.window.showWarningMessage(
    t('Remove the files of {0} deleted runs? This cannot be undone.', deleted.length),
    { modal: true },
    remove,
  );
  if (answer !== remove) return;
  const args = ['prune', '--store', storeOf(experiment), '--json'];
  const { code, stderr } = await services.processes.capture(args, dirname(experiment));
  if (code !== 0) throw new LaunchError('failed', t('the runs could not be removed'), stderr);
  services.library.refresh();
}

async function deletedRuns(services: MarkServices, target: Target | undefined) {
  const stores = target ? [storeOf(target.experiment)] : services.experiments.stores;
  const { runs } = await services.queries.ask<'runs'>({
    kind: 'runs',
    stores: [...stores],
    offset: 0,
    limit: 500,
    deleted: true,
  });
  return runs.map((run) => runPick(run.experiment, run));
}

interface Question {
  readonly prompt: string;
  readonly value: string;
  /** Characters at most. */
  readonly limit: number;
  change(text: string): MarkChange;
}

async function ask(
  services: MarkServices,
  target: Target | undefined,
  which: string,
  question: (marks: RunMarks, run: RunSummary | undefined) => Question,
): Promise<void> {
  const chosen = await choose(services, target, () => true, which);
  if (!chosen) return;
  const run = summaryOf(services, chosen);
  const { prompt, value, limit, change } = question(run?.marks ?? UNMARKED, run);
  const text = await vscode.window.showInputBox({
    prompt,
    value,
    validateInput: (typed) => (typed.length > limit ? t('At most {0} characters.', limit) : undefined),
  });
  if (text !== undefined) await mark(services, chosen, change(text));
}

function choose(
  services: MarkServices,
  target: Target | undefined,
  fits: (run: RunSummary) => boolean,
  question: string,
): Promise<ChosenRun | undefined> {
  return chooseRun(services, target, { fits, nothing: t('There is no such run.'), question, always: true });
}

function summaryOf({ library }: MarkServices, { experiment, run }: ChosenRun): RunSummary | undefined {
  return library.runsOf(experiment).find((one) => one.run === run);
}

function mark(services: MarkServices, run: ChosenRun, change: MarkChange): Promise<void> {
  return markAll(services, [run], change);
}
