import { fork, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { giveWay } from '../jobs/priority';
import { setMessages } from '../protocol/l10n';
import { knowSentences } from '../protocol/sentences';
import { isGoing } from '../protocol/words';
import { makeApi, type TaskweaveApi } from './api';
import { registerAssistantTools } from './assistant-tools';
import { registerCommands, tell, tellFailure } from './commands';
import { contextKeys, settings } from './contributions';
import { ExperimentLenses } from './editor/codelens';
import { ExperimentDiagnostics } from './editor/diagnostics';
import { ScoreHovers } from './editor/hovers';
import { InlineScores } from './editor/inline';
import { registerLanguageFeatures } from './editor/language-features';
import { QuickFixes } from './editor/quick-fixes';
import { openExperiment, showExperiment } from './editor/reveal';
import { addToEnsemble } from './ensemble-members';
import { Experiments } from './experiments';
import { Launcher } from './launcher';
import { DisposableStore } from './lifecycle';
import { announceEnds } from './notices';
import { Glance } from './panels/glance';
import { MetricsPanels } from './panels/metrics-panel';
import { Reports } from './panels/reports';
import type { PanelServices } from './panels/services';
import { type ProcessEnvironment, Processes } from './processes';
import { QueryClient } from './query-client';
import { startRun } from './run-commands';
import { RunLibrary } from './run-library';
import { RunLogs } from './run-logs';
import { StatusBar } from './status-bar';
import { registerTasks } from './tasks-provider';
import { Trees } from './views/trees';

/** Puts the parts together; each does its own work. */
export function activate(context: vscode.ExtensionContext): TaskweaveApi {
  setMessages(messagesOf(vscode.l10n.bundle));
  if (vscode.l10n.bundle) void knowEngine();
  const owned = new DisposableStore();
  context.subscriptions.push(owned);
  const log = owned.add(vscode.window.createOutputChannel('Taskweave', { log: true }));
  const processes = new Processes(processEnvironment(context));
  const queries = owned.add(
    new QueryClient(
      () => processes.forkQueryWorker((text) => log.debug(text.trimEnd())),
      (line) => log.warn(line),
    ),
  );
  const experiments = owned.add(new Experiments());
  const library = owned.add(new RunLibrary(queries, (line) => log.warn(line)));
  const workers = () => vscode.workspace.getConfiguration().get(settings.workers, 0);
  const launcher = new Launcher({
    processes,
    readLog: (path) => readFile(path, 'utf8').catch(() => ''),
    workers,
    onFailure: (error, target) => tellFailure(log, error, target),
    log: (line) => log.info(line),
  });
  const panelServices: PanelServices = {
    queries,
    outline: (path) => experiments.outline(path),
    runs: (path) => library.runsOf(path),
    trusted: () => vscode.workspace.isTrusted,
    run: (path) => known(library, startRun({ launcher }, path)),
    sweep: (path, sweep) => known(library, launcher.sweepText(path, sweep)),
    forecast: (path, sweep) => launcher.forecast(path, sweep),
    pause: (path, run) => launcher.pause(path, run),
    continue: (path, run) => launcher.continue(path, run),
    extend: (path, extension) => known(library, launcher.extend(path, extension)),
    stop: (path, run) => launcher.stop(path, run),
    resume: (path, run) => known(library, launcher.resume(path, run)),
    openExperiment: async (path) => {
      await showExperiment(await openExperiment(path), undefined, vscode.ViewColumn.One);
    },
    log: (line) => log.warn(line),
    onChanged: (listener) =>
      vscode.Disposable.from(
        library.onChanged(listener),
        experiments.onChanged(listener),
        vscode.workspace.onDidGrantWorkspaceTrust(listener),
      ),
  };
  const panels = owned.add(new MetricsPanels(context.extensionUri, panelServices));
  owned.add(
    new Glance(context.extensionUri, {
      ...panelServices,
      current: () => experiments.current() ?? library.allRuns()[0]?.experiment ?? experiments.paths[0],
      showPanel: (target) => panels.show(target, 'leaderboard'),
    }),
  );
  const diagnostics = owned.add(new ExperimentDiagnostics(experiments, processes, (line) => log.warn(line)));
  owned.add(QuickFixes.register(diagnostics));
  owned.add(new ExperimentLenses(experiments, library));
  owned.add(registerLanguageFeatures(experiments, queries));
  owned.add(new InlineScores(experiments, library, queries, panels));
  owned.add(ScoreHovers.register(experiments, library, queries));
  owned.add(new StatusBar(library));
  const choices = { experiments, library, panels };
  const trees = owned.add(
    new Trees(experiments, library, (target) => {
      addToEnsemble(choices, target).catch((error) => tell(log, error));
    }),
  );
  owned.add(
    registerCommands({
      ...choices,
      panels,
      logs: owned.add(new RunLogs(queries)),
      reports: owned.add(new Reports(processes, context.workspaceState, (line) => log.warn(line))),
      launcher,
      queries,
      processes,
      diagnostics,
      log,
      extensionId: context.extension.id,
      followRun: (experiment, run) => panels.follow(experiment, run),
      selected: (view) => trees.selected(view),
    }),
  );

  owned.add(experiments.onChanged(() => library.setStores(experiments.stores)));
  owned.add(followRuns(library));
  owned.add(registerTasks(experiments, processes, workers));
  owned.add(
    announceEnds(
      library,
      queries,
      (run) => launcher.isWatched(run),
      (line) => log.info(line),
    ),
  );
  owned.add(
    registerAssistantTools({
      experiments,
      library,
      launcher,
      processes,
      queries,
      log: (line) => log.warn(line),
    }),
  );
  void experiments.find();
  return makeApi({
    experiments,
    library,
    queries,
    run: (path) => known(library, startRun({ launcher }, path)),
    trusted: () => vscode.workspace.isTrusted,
    log: (line) => log.warn(line),
  });
}

/** A started run, once the lists know it too. */
async function known(library: RunLibrary, started: Promise<string>): Promise<string> {
  const run = await started;
  await library.reread();
  return run;
}

/** Who speaks another language than English says the engine's sentences in it too. */
async function knowEngine(): Promise<void> {
  const { SENTENCES } = await import('../protocol/sentence-templates');
  knowSentences(SENTENCES);
}

/** Texts by their English key; those with a comment for translators are keyed otherwise, and none of ours is. */
function messagesOf(bundle: typeof vscode.l10n.bundle): Readonly<Record<string, string>> | undefined {
  return bundle && Object.fromEntries(Object.entries(bundle).filter(([, text]) => typeof text === 'string'));
}

/** Whether there are runs, and whether some run is going, decides what the palette offers. */
function followRuns(library: RunLibrary): vscode.Disposable {
  const shown = new Map<string, boolean>();
  const set = (key: string, value: boolean) => {
    if (shown.get(key) === value) return;
    shown.set(key, value);
    void vscode.commands.executeCommand('setContext', key, value);
  };
  return vscode.Disposable.from(
    library.onChanged(() => {
      const runs = library.allRuns();
      set(contextKeys.runs, runs.length > 0);
      set(
        contextKeys.running,
        runs.some(({ status }) => isGoing(status)),
      );
    }),
  );
}

function processEnvironment(context: vscode.ExtensionContext): ProcessEnvironment {
  let opened = 0;
  return {
    spawn,
    fork,
    giveWay: (pid) => giveWay(pid),
    openLog(name) {
      mkdirSync(context.logUri.fsPath, { recursive: true });
      const path = join(context.logUri.fsPath, `${Date.now()}-${++opened}-${name}`);
      const descriptor = openSync(path, 'a');
      return { descriptor, path, close: () => closeSync(descriptor) };
    },
    variables: process.env,
    execPath: process.execPath,
    distFolder: join(context.extensionPath, 'dist'),
    nodePath: () => vscode.workspace.getConfiguration().get(settings.nodePath, ''),
  };
}
