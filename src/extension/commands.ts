import { basename } from 'node:path';
import * as vscode from 'vscode';
import { isGoing, isResumable, runState, startedAt } from '../protocol/words';
import { type CommandId, commands } from './contributions';
import type { ExperimentDiagnostics } from './editor/diagnostics';
import type { Experiments } from './experiments';
import { LaunchError, type Launcher } from './launcher';
import { newExperiment } from './new-experiment';
import type { MetricsPanels } from './panels/metrics-panel';
import { messageOf } from './query-client';
import type { RunLibrary } from './run-library';
import { experimentName, isExperimentFile, readTarget, type Target } from './target';

export interface CommandServices {
  readonly experiments: Experiments;
  readonly library: RunLibrary;
  readonly launcher: Launcher;
  readonly panels: MetricsPanels;
  readonly diagnostics: ExperimentDiagnostics;
  readonly log: vscode.LogOutputChannel;
}

type Handler = (target: Target | undefined) => Promise<void> | void;

/** Registers a handler for every contributed command: one that is forgotten is a type error. */
export function registerCommands(services: CommandServices): vscode.Disposable {
  const handlers: Readonly<Record<CommandId, Handler>> = {
    'taskweave.newExperiment': () => newExperiment(services.experiments),
    'taskweave.run': (target) => run(services, target),
    'taskweave.stop': (target) => stop(services, target),
    'taskweave.resume': (target) => resume(services, target),
    'taskweave.sweep': (target) => openPanel(services, target, 'sweep'),
    'taskweave.openMetrics': (target) => openPanel(services, target, target?.model ? 'path' : 'leaderboard'),
    'taskweave.compare': (target) => openPanel(services, target, 'leaderboard'),
    'taskweave.validate': (target) => validate(services, target),
    'taskweave.showLog': () => services.log.show(),
    'taskweave.refresh': async () => {
      await services.experiments.find();
      services.library.refresh();
    },
    'taskweave.openExperiment': async (target) => {
      const experiment = await chooseExperiment(services, target);
      if (experiment) await vscode.window.showTextDocument(vscode.Uri.file(experiment));
    },
  };
  const registered = Object.entries(handlers).map(([id, handler]) =>
    vscode.commands.registerCommand(id, async (argument: unknown) => {
      try {
        refuseUntrusted(id);
        await handler(experimentTarget(argument));
      } catch (error) {
        await tell(services, error);
      }
    }),
  );
  return vscode.Disposable.from(...registered);
}

/** Starts a run of an experiment and gives back its id; what is unsaved is saved first, for the run reads the file. */
export async function startRun(
  services: Pick<CommandServices, 'launcher'>,
  experiment: string,
): Promise<string> {
  await save(experiment);
  return services.launcher.run(experiment);
}

async function save(experiment: string): Promise<void> {
  const open = vscode.workspace.textDocuments.find(({ uri }) => uri.fsPath === experiment);
  if (open?.isDirty) await open.save();
}

/** One toast with one action; the rest is in the log. */
async function tell(services: CommandServices, error: unknown): Promise<void> {
  services.log.error(error instanceof Error ? error : String(error));
  if (error instanceof LaunchError && error.output) services.log.error(error.output);
  if (error instanceof LaunchError && error.code === 'invalid') {
    const chosen = await vscode.window.showErrorMessage(`Not run: ${error.message}`, 'Show Problems');
    if (chosen) await vscode.commands.executeCommand('workbench.actions.view.problems');
    return;
  }
  const chosen = await vscode.window.showErrorMessage(`Taskweave: ${messageOf(error)}`, 'Show Log');
  if (chosen) services.log.show();
}

export function tellFailure(log: vscode.LogOutputChannel, error: LaunchError): void {
  log.error(error);
  log.error(error.output);
  void vscode.window.showErrorMessage(`The run ended badly: ${error.message}`, 'Show Log').then((chosen) => {
    if (chosen) log.show();
  });
}

/** What a command is about; a file that is no experiment is refused by name. */
function experimentTarget(argument: unknown): Target | undefined {
  const target = readTarget(argument);
  if (target && !isExperimentFile(target.experiment)) {
    throw new Error(
      `${basename(target.experiment)} is not an experiment: an experiment file is named *.mtl.yaml, *.mtl.yml or *.mtl.json.`,
    );
  }
  return target;
}

function refuseUntrusted(id: string): void {
  const contribution = Object.entries(commands).find(([known]) => known === id)?.[1];
  if (contribution && 'runs' in contribution && !vscode.workspace.isTrusted) {
    throw new Error(`${contribution.title}: trust this workspace first. Nothing runs in Restricted Mode.`);
  }
}

async function run(services: CommandServices, target: Target | undefined): Promise<void> {
  const experiment = await chooseExperiment(services, target);
  if (!experiment) return;
  const started = vscode.window.withProgress({ location: { viewId: 'taskweave.runs' } }, () =>
    startRun(services, experiment),
  );
  const id = await started;
  await services.library.reread();
  services.panels.show({ experiment, run: id }, 'curves');
}

async function stop(services: CommandServices, target: Target | undefined): Promise<void> {
  const chosen = await chooseRun(services, target, isGoing, 'No run is going.', 'Stop which run?');
  if (!chosen) return;
  await services.launcher.stop(chosen.experiment, chosen.run);
  services.library.refresh();
}

async function resume(services: CommandServices, target: Target | undefined): Promise<void> {
  const nothing = 'No run can be resumed: all of them are complete or going.';
  const chosen = await chooseRun(services, target, isResumable, nothing, 'Resume which run?');
  if (!chosen) return;
  await services.launcher.resume(chosen.experiment, chosen.run);
  services.library.refresh();
}

async function validate(services: CommandServices, target: Target | undefined): Promise<void> {
  const experiment = await chooseExperiment(services, target);
  if (!experiment) return;
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(experiment));
  await vscode.window.showTextDocument(document);
  const result = await services.diagnostics.check(document);
  if (!result.ok) throw new Error(result.message);
  if (result.diagnostics.length === 0) {
    void vscode.window.showInformationMessage(`${experimentName(experiment)}: no mistakes found.`);
  } else {
    await vscode.commands.executeCommand('workbench.actions.view.problems');
  }
}

async function openPanel(
  services: CommandServices,
  target: Target | undefined,
  section: 'sweep' | 'path' | 'leaderboard',
): Promise<void> {
  const experiment = await chooseExperiment(services, target);
  if (experiment) services.panels.show({ ...target, experiment }, section);
}

/** The experiment that is meant: the target's, the active panel's or editor's, the only one, or the one picked. */
async function chooseExperiment(
  services: CommandServices,
  target: Target | undefined,
): Promise<string | undefined> {
  const evident = target?.experiment ?? services.panels.active ?? services.experiments.current();
  if (evident) return evident;
  const { paths } = services.experiments;
  if (paths.length === 0) {
    const offer = 'New Experiment';
    const chosen = await vscode.window.showInformationMessage(
      'There is no experiment file (*.mtl.yaml) here yet.',
      offer,
    );
    if (chosen === offer) await newExperiment(services.experiments);
    return undefined;
  }
  const items = paths.map((path) => ({
    label: experimentName(path),
    description: vscode.workspace.asRelativePath(path),
    path,
  }));
  return (await vscode.window.showQuickPick(items, { placeHolder: 'Which experiment?' }))?.path;
}

async function chooseRun(
  services: CommandServices,
  target: Target | undefined,
  fits: (status: Parameters<typeof isGoing>[0]) => boolean,
  nothing: string,
  question: string,
): Promise<{ readonly experiment: string; readonly run: string } | undefined> {
  if (target?.run !== undefined) return { experiment: target.experiment, run: target.run };
  await services.library.reread();
  const experiments = target ? [target.experiment] : services.experiments.paths;
  const items = experiments.flatMap((experiment) =>
    services.library
      .runsOf(experiment)
      .filter(({ status }) => fits(status))
      .map((one) => ({
        label: `${one.name} ${startedAt(one.started)}`,
        description: runState(one),
        experiment,
        run: one.run,
      })),
  );
  if (items.length === 0) {
    void vscode.window.showInformationMessage(nothing);
    return undefined;
  }
  return items.length === 1 ? items[0] : vscode.window.showQuickPick(items, { placeHolder: question });
}
