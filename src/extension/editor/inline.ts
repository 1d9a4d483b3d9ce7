import * as vscode from 'vscode';
import { settings } from '../contributions';
import { entriesOf } from '../entries';
import type { Experiments } from '../experiments';
import { DisposableStore, Throttle } from '../lifecycle';
import type { Queries } from '../query-client';
import type { RunLibrary } from '../run-library';
import { isExperimentFile, storeOf } from '../target';
import { changedLines } from './changed-lines';
import { type InlineNote, inlineNotes, type Tone } from './inline-notes';

const INTERVAL = 150;

/** Colours of the editor's own: they suit every theme, high contrast included. */
const COLORS: Readonly<Record<Tone, string>> = {
  plain: 'editorCodeLens.foreground',
  live: 'charts.blue',
  better: 'charts.green',
  worse: 'editorWarning.foreground',
};

/** What the metrics panels look at. */
export interface Looking {
  /** The run that was chosen for an experiment; undefined: the newest. */
  runOf(experiment: string): string | undefined;
  onLooked(listener: () => void): vscode.Disposable;
}

/** Scores after the lines of experiment files, and marks beside lines that changed since the run that is shown. */
export class InlineScores implements vscode.Disposable {
  private readonly owned = new DisposableStore();
  private readonly types: Readonly<Record<Tone, vscode.TextEditorDecorationType>>;
  private readonly changedType: vscode.TextEditorDecorationType;
  private readonly throttle = this.owned.add(new Throttle(() => this.draw(), INTERVAL));
  private readonly drawn = new WeakMap<vscode.TextEditor, string>();
  /** Text that each run began with. */
  private readonly texts = new Map<string, Promise<string | null>>();

  constructor(
    private readonly experiments: Experiments,
    private readonly library: RunLibrary,
    private readonly queries: Queries,
    private readonly looking: Looking,
  ) {
    const type = (tone: Tone) =>
      this.owned.add(
        vscode.window.createTextEditorDecorationType({
          after: { margin: '0 0 0 2.5em', color: new vscode.ThemeColor(COLORS[tone]) },
          rangeBehavior: vscode.DecorationRangeBehavior.ClosedOpen,
        }),
      );
    this.types = { plain: type('plain'), live: type('live'), better: type('better'), worse: type('worse') };
    this.changedType = this.owned.add(
      vscode.window.createTextEditorDecorationType({
        gutterIconPath: vscode.Uri.parse(
          `data:image/svg+xml;base64,${Buffer.from(CHANGED_MARK).toString('base64')}`,
        ),
        gutterIconSize: 'contain',
        overviewRulerColor: new vscode.ThemeColor('editorOverviewRuler.modifiedForeground'),
        overviewRulerLane: vscode.OverviewRulerLane.Left,
      }),
    );
    const request = () => this.request();
    this.owned.add(library.onChanged(request));
    this.owned.add(looking.onLooked(request));
    this.owned.add(experiments.onChanged(request));
    this.owned.add(vscode.window.onDidChangeVisibleTextEditors(request));
    this.owned.add(
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (isExperimentFile(document.uri.fsPath)) this.request();
      }),
    );
    this.owned.add(
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration(settings.inlineScores)) this.request();
      }),
    );
    this.request();
  }

  dispose(): void {
    this.owned.dispose();
  }

  private request(): void {
    const wanted = isWanted() && vscode.window.visibleTextEditors.some(isExperimentEditor);
    this.library.wantDetails('editor', wanted);
    this.throttle.request();
  }

  private async draw(): Promise<void> {
    for (const editor of vscode.window.visibleTextEditors.filter(isExperimentEditor)) {
      const { document } = editor;
      const { version } = document;
      const notes = isWanted() ? await this.notesOf(document) : [];
      const changed = isWanted() ? await this.changedOf(document) : [];
      if (document.version === version) this.show(editor, notes, changed);
      else this.throttle.request();
    }
  }

  private async notesOf(document: vscode.TextDocument): Promise<readonly InlineNote[]> {
    const path = document.uri.fsPath;
    const { parsed, outline } = await this.experiments.understand(document);
    return inlineNotes({
      outline,
      found: new Map(this.experiments.tasksOf(path)?.map((task) => [task.id, task])),
      shown: this.library.shownOf(path),
      standing: (run) => this.library.standingOf(path, run),
      locate: parsed.locate,
    });
  }

  private async changedOf(document: vscode.TextDocument): Promise<readonly number[]> {
    const run = this.shownRun(document.uri.fsPath);
    const before = run !== undefined && (await this.textOf(document.uri.fsPath, run));
    return before === false || before === null ? [] : changedLines(before, document.getText());
  }

  /** The run that the metrics panel shows, else the newest. */
  private shownRun(experiment: string): string | undefined {
    return this.looking.runOf(experiment) ?? this.library.runsOf(experiment)[0]?.run;
  }

  private textOf(experiment: string, run: string): Promise<string | null> {
    const known = this.texts.get(run);
    if (known) return known;
    const asked = this.queries
      .ask<'text'>({ kind: 'text', store: storeOf(experiment), run })
      .then(({ text }) => text)
      .catch(() => {
        // Why the store cannot be read is said by the trees; the next drawing asks again.
        this.texts.delete(run);
        return null;
      });
    this.texts.set(run, asked);
    return asked;
  }

  private show(editor: vscode.TextEditor, notes: readonly InlineNote[], changed: readonly number[]): void {
    const next = JSON.stringify([editor.document.version, notes, changed]);
    if (this.drawn.get(editor) === next) return;
    this.drawn.set(editor, next);
    const { document } = editor;
    const end = (line: number) => document.lineAt(Math.min(line, document.lineCount - 1)).range.end;
    for (const [tone, type] of entriesOf(this.types)) {
      const own = notes.filter((note) => note.tone === tone);
      editor.setDecorations(
        type,
        own.map(({ line, text }) => ({
          range: new vscode.Range(end(line), end(line)),
          renderOptions: { after: { contentText: text } },
        })),
      );
    }
    editor.setDecorations(
      this.changedType,
      changed.map((line) => new vscode.Range(line, 0, line, 0)),
    );
  }
}

/** A blue bar: the same in every theme, for images in the gutter know none. */
const CHANGED_MARK =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect x="6" y="1" width="4" height="14" rx="2" fill="#3b8eea"/></svg>';

function isWanted(): boolean {
  return vscode.workspace.getConfiguration().get(settings.inlineScores, true);
}

function isExperimentEditor({ document }: vscode.TextEditor): boolean {
  return document.uri.scheme === 'file' && isExperimentFile(document.uri.fsPath);
}
