import { basename } from 'node:path';
import * as vscode from 'vscode';
import { t } from '../protocol/l10n';
import { chooseExperiment } from './choose';
import { compareRuns } from './compare-runs';
import {
  type CommandContribution,
  type CommandId,
  commands,
  settings,
  type ViewId,
  views,
  walkthroughId,
} from './contributions';
import { reveal } from './editor/reveal';
import { addToEnsemble, type MemberServices, removeFromEnsemble } from './ensemble-members';
import { entriesOf } from './entries';
import { LaunchError } from './launcher';
import { newExperiment } from './new-experiment';
import { tellInterrupted } from './notices';
import type { MetricsPanels } from './panels/metrics-panel';
import { openReport, type Reports, saveReport } from './panels/reports';
import { messageOf } from './query-client';
import {
  continueRun,
  moveInQueue,
  pause,
  queueRun,
  type RunServices,
  reproduce,
  resume,
  run,
  stop,
  validate,
} from './run-commands';
import { type RunLogs, showRunLog } from './run-logs';
import {
  deleteRuns,
  type MarkServices,
  noteRun,
  pruneRuns,
  renameRun,
  restoreRun,
  starRuns,
  tagRun,
} from './run-marks';
import { search } from './search';
import { experimentOnTable } from './table-experiment';
import { experimentName, isExperimentFile, isRecord, readTarget, type Target } from './target';

export interface CommandServices extends RunServices, MarkServices, MemberServices {
  readonly panels: MetricsPanels;
  readonly logs: RunLogs;
  readonly reports: Reports;
  readonly log: vscode.LogOutputChannel;
  readonly extensionId: string;
  /** What is selected in a view. */
  selected(view: ViewId): Target | undefined;
}

/**
 * @param all what is selected, the target among it, where several items are
 * @param argument as it came, for a command that is about something else
 */
type Handler = (
  target: Target | undefined,
  all: readonly Target[],
  argument: unknown,
) => Promise<void> | void;

/** Commands that are about no experiment yet. */
const ABOUT_OTHERS: readonly string[] = ['taskweave.newFromTable'] satisfies CommandId[];

/** Registers a handler for every contributed command: one that is forgotten is a type error. */
export function registerCommands(services: CommandServices): vscode.Disposable {
  const open = (target: Target) => void openPanel(services, target, target.model ? 'path' : 'leaderboard');
  const handlers: Readonly<Record<CommandId, Handler>> = {
    'taskweave.newExperiment': () => newExperiment(services.experiments),
    'taskweave.newFromTable': (_target, _all, table) => experimentOnTable(services, table),
    'taskweave.run': (target) => run(services, target),
    'taskweave.queueRun': (target) => queueRun(services, target),
    'taskweave.stop': (target) => stop(services, target),
    'taskweave.pause': (target) => pause(services, target),
    'taskweave.continue': (target) => continueRun(services, target),
    'taskweave.moveUp': (target) => moveInQueue(services, target, 'up'),
    'taskweave.moveDown': (target) => moveInQueue(services, target, 'down'),
    'taskweave.resume': (target) => resume(services, target),
    'taskweave.reproduce': (target) => reproduce(services, target),
    'taskweave.sweep': (target) => openPanel(services, target, 'sweep'),
    'taskweave.openMetrics': (target) => openPanel(services, target, target?.model ? 'path' : 'leaderboard'),
    'taskweave.compare': (target) => openPanel(services, target, 'leaderboard'),
    'taskweave.validate': (target) => validate(services, target),
    'taskweave.addToEnsemble': (target) => addToEnsemble(services, target),
    'taskweave.removeFromEnsemble': (target) => removeFromEnsemble(services, target),
    'taskweave.search': () => search({ ...services, open }),
    'taskweave.compareRuns': (target, all) => compareRuns(services, target, all),
    'taskweave.openReport': (target) => openReport(services, target),
    'taskweave.saveReport': (target) => saveReport(services, target),
    'taskweave.showRunLog': (target) => showRunLog(services, target),
    'taskweave.starRun': (target, all) => starRuns(services, target, all, true),
    'taskweave.unstarRun': (target, all) => starRuns(services, target, all, false),
    'taskweave.renameRun': (target) => renameRun(services, target),
    'taskweave.tagRun': (target) => tagRun(services, target),
    'taskweave.noteRun': (target) => noteRun(services, target),
    'taskweave.deleteRun': (target, all) => deleteRuns(services, target, all),
    'taskweave.restoreRun': (target) => restoreRun(services, target),
    'taskweave.pruneRuns': (target) => pruneRuns(services, target),
    'taskweave.toggleInline': toggleInline,
    'taskweave.getStarted': async () => {
      const id = `${services.extensionId}#${walkthroughId}`;
      await vscode.commands.executeCommand('workbench.action.openWalkthrough', id, false);
    },
    'taskweave.showLog': () => services.log.show(),
    'taskweave.refresh': async () => {
      await services.experiments.find();
      services.library.refresh();
    },
    'taskweave.openExperiment': async (target) => {
      const experiment = await chooseExperiment(services, target);
      if (experiment) await reveal(services.experiments, { ...target, experiment });
    },
  };
  const registered = entriesOf(handlers).map(([id, handler]) =>
    vscode.commands.registerCommand(id, async (argument: unknown, selection: unknown) => {
      try {
        refuseUntrusted(id);
        const view = selectedIn(argument);
        // The editor tells what is selected, not what the arrow keys have reached: so it is asked.
        const target = view ? suggestion(services.selected(view)) : targetOf(id, argument);
        const all = Array.isArray(selection) ? selection.flatMap((one) => readTarget(one) ?? []) : [];
        await handler(target, all, argument);
      } catch (error) {
        await tell(services.log, error);
      }
    }),
  );
  return vscode.Disposable.from(...registered);
}

/** Argument of a key: what is selected in a view. */
function selectedIn(argument: unknown): ViewId | undefined {
  const selected = isRecord(argument) ? argument.selected : undefined;
  return entriesOf(views).find(([view]) => view === selected)?.[0];
}

function suggestion(target: Target | undefined): Target | undefined {
  return target && { ...target, suggested: true };
}

/** One toast with one action; the rest is in the log. */
export async function tell(log: vscode.LogOutputChannel, error: unknown): Promise<void> {
  if (error instanceof LaunchError && error.code === 'cancelled') {
    log.info(error.message);
    return;
  }
  log.error(error instanceof Error ? error : String(error));
  if (error instanceof LaunchError && error.output) log.error(error.output);
  if (error instanceof LaunchError && error.code === 'invalid') {
    const chosen = await vscode.window.showErrorMessage(
      t('Not run: {0}', messageOf(error)),
      t('Show Problems'),
    );
    if (chosen) await vscode.commands.executeCommand('workbench.actions.view.problems');
    return;
  }
  const chosen = await vscode.window.showErrorMessage(`Taskweave: ${messageOf(error)}`, t('Show Log'));
  if (chosen) log.show();
}

export function tellFailure(log: vscode.LogOutputChannel, error: LaunchError, target: Target): void {
  log.error(error);
  log.error(error.output);
  const name = experimentName(target.experiment);
  if (error.code === 'killed') {
    void tellInterrupted(name, target);
    return;
  }
  // It may have ended, or been refused to go on: the message says which.
  void vscode.window.showErrorMessage(`${name}: ${messageOf(error)}`, t('Show Log')).then((chosen) => {
    if (chosen) log.show();
  });
}

function targetOf(id: string, argument: unknown): Target | undefined {
  return ABOUT_OTHERS.includes(id) ? undefined : experimentTarget(argument);
}

/** What a command is about; a file that is no experiment is refused by name. */
function experimentTarget(argument: unknown): Target | undefined {
  const target = readTarget(argument);
  if (target && !isExperimentFile(target.experiment)) {
    throw new Error(
      t(
        '{0} is not an experiment: an experiment file is named *.mtl.yaml, *.mtl.yml or *.mtl.json.',
        basename(target.experiment),
      ),
    );
  }
  return target;
}

function refuseUntrusted(id: CommandId): void {
  const contribution: CommandContribution = commands[id];
  if (contribution.runs && !vscode.workspace.isTrusted) {
    throw new Error(
      t('{0}: trust this workspace first. Nothing runs in Restricted Mode.', t(contribution.title)),
    );
  }
}

async function toggleInline(): Promise<void> {
  const configuration = vscode.workspace.getConfiguration();
  const shown = configuration.get(settings.inlineScores, true);
  await configuration.update(settings.inlineScores, !shown, vscode.ConfigurationTarget.Global);
}

async function openPanel(
  services: CommandServices,
  target: Target | undefined,
  section: 'sweep' | 'path' | 'leaderboard',
): Promise<void> {
  const experiment = await chooseExperiment(services, target);
  if (experiment) services.panels.show({ ...target, experiment }, section);
}
