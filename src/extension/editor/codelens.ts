import * as vscode from 'vscode';
import { isGoing, isResumable, runState } from '../../protocol/words';
import type { Experiments } from '../experiments';
import { type Disposable, DisposableStore, systemTimers } from '../lifecycle';
import type { RunLibrary } from '../run-library';
import { documentSelector } from './documents';
import { lensesOf } from './lenses';

/**
 * When lenses are asked for again after a file is shown. The editor first shows those of before as plain text; it makes
 * ours links only if it has drawn a frame by the time they come, and a busy one has not: then they stay text. Seen after 2
 * of 10 quick changes between files while a run went on, and after none of 16 with this.
 */
const AGAIN_MS = 1500;

/** Run, Sweep λ, Open metrics and Stop above the lines of an experiment file. */
export class ExperimentLenses implements vscode.CodeLensProvider, vscode.Disposable {
  private readonly owned = new DisposableStore();
  private readonly changes = this.owned.add(new vscode.EventEmitter<void>());
  readonly onDidChangeCodeLenses = this.changes.event;
  private states = '';
  private again: Disposable | undefined;

  constructor(
    private readonly experiments: Experiments,
    private readonly library: RunLibrary,
  ) {
    this.owned.add(vscode.languages.registerCodeLensProvider(documentSelector, this));
    this.owned.add(vscode.workspace.onDidGrantWorkspaceTrust(() => this.changes.fire()));
    this.owned.add(library.onChanged(() => this.update()));
    this.owned.add(experiments.onChanged(() => this.changes.fire()));
    this.owned.add(vscode.window.onDidChangeVisibleTextEditors((editors) => this.shown(editors)));
    this.owned.add({ dispose: () => this.again?.dispose() });
    this.shown(vscode.window.visibleTextEditors);
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const path = document.uri.fsPath;
    const { parsed, outline } = await this.experiments.understand(document);
    const runs = this.library.runsOf(path);
    const atWork = runs.find(({ status }) => isGoing(status) && status !== 'queued');
    const going = atWork ?? runs.find(({ status }) => isGoing(status));
    const [newest] = runs;
    const lenses = lensesOf({
      path,
      outline,
      going: going && { run: going.run, state: runState(going) },
      resumable:
        newest && isResumable(newest.status) ? { run: newest.run, state: runState(newest) } : undefined,
      hasRuns: runs.length > 0,
      trusted: vscode.workspace.isTrusted,
      locate: parsed.locate,
    });
    return lenses.map(
      ({ line, title, tooltip, command, target }) =>
        new vscode.CodeLens(new vscode.Range(line, 0, line, 0), {
          title,
          tooltip,
          command,
          arguments: [target],
        }),
    );
  }

  dispose(): void {
    this.owned.dispose();
  }

  private shown(editors: readonly vscode.TextEditor[]): void {
    if (!editors.some(({ document }) => vscode.languages.match(documentSelector, document) > 0)) return;
    this.again?.dispose();
    this.again = systemTimers.after(AGAIN_MS, () => this.changes.fire());
  }

  /** Asks for new lenses only when what they say changes, and the percentage counts by fives: they redraw the text. */
  private update(): void {
    const next = this.library
      .allRuns()
      .map((run) => {
        if (!isGoing(run.status)) return run.run;
        const far = Math.floor((20 * run.fits.done) / run.fits.total);
        return `${run.run} ${run.status === 'running' ? far : runState(run)}`;
      })
      .join();
    if (next === this.states) return;
    this.states = next;
    this.changes.fire();
  }
}
