import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { contextKeys } from './contributions';
import { understandText } from './language';
import { DisposableStore, Signal } from './lifecycle';
import type { FoundTask, Outline, Understood } from './outline';
import { EXPERIMENT_GLOB, isExperimentFile, storeOf } from './target';

/** Files that are looked for at most; a workspace with more is not one that a person wrote by hand. */
const MAX_FILES = 500;

/** The experiment files of the workspace, and what they say: as in the editor where they are open, else as on disk. */
export class Experiments implements vscode.Disposable {
  private readonly owned = new DisposableStore();
  private readonly changed = this.owned.add(new Signal());
  readonly onChanged = this.changed.on;
  private readonly byDocument = new WeakMap<
    vscode.TextDocument,
    { readonly version: number; readonly understood: Promise<Understood> }
  >();
  private readonly outlines = new Map<string, Outline>();
  /** What the last check against the data found of the tasks. */
  private readonly foundTasks = new Map<string, readonly FoundTask[]>();
  private found: readonly string[] = [];
  private storesFound: readonly string[] = [];

  constructor() {
    const watcher = this.owned.add(vscode.workspace.createFileSystemWatcher(EXPERIMENT_GLOB));
    this.owned.add(watcher.onDidCreate(() => void this.find()));
    this.owned.add(watcher.onDidDelete(() => void this.find()));
    this.owned.add(watcher.onDidChange((uri) => void this.reread(uri)));
    this.owned.add(vscode.workspace.onDidChangeWorkspaceFolders(() => void this.find()));
    this.owned.add(vscode.workspace.onDidOpenTextDocument((document) => this.opened(document)));
    this.owned.add(vscode.workspace.onDidCloseTextDocument((document) => void this.closed(document)));
    this.owned.add(vscode.workspace.onDidChangeTextDocument(({ document }) => void this.edited(document)));
  }

  /** Absolute paths, sorted. */
  get paths(): readonly string[] {
    return this.found;
  }

  /** Those beside experiments, and those whose experiment is gone: its runs are not. */
  get stores(): readonly string[] {
    return [...new Set([...this.found.map(storeOf), ...this.storesFound])];
  }

  outline(path: string): Outline | undefined {
    return this.outlines.get(path);
  }

  /** The tasks as the data have them; undefined before a check against them. */
  tasksOf(path: string): readonly FoundTask[] | undefined {
    return this.foundTasks.get(path);
  }

  keepFound(path: string, tasks: readonly FoundTask[]): void {
    if (JSON.stringify(this.foundTasks.get(path)) === JSON.stringify(tasks)) return;
    this.foundTasks.set(path, tasks);
    this.changed.fire();
  }

  /** What a document says, parsed once a version. */
  understand(document: vscode.TextDocument): Promise<Understood> {
    const { version } = document;
    const known = this.byDocument.get(document);
    if (known?.version === version) return known.understood;
    const understood = understandText(document.getText());
    this.byDocument.set(document, { version, understood });
    return understood;
  }

  /** Looks through the workspace; experiments that are open without a folder count too. */
  async find(): Promise<void> {
    const [uris, stores] = await Promise.all([
      vscode.workspace.findFiles(EXPERIMENT_GLOB, '**/{node_modules,.taskweave}/**', MAX_FILES),
      // The store's own list of what git ignores; its folders are not looked through.
      vscode.workspace.findFiles(
        '**/.taskweave/.gitignore',
        '{**/node_modules/**,**/.taskweave/*/**}',
        MAX_FILES,
      ),
    ]);
    const open = vscode.workspace.textDocuments.filter(isExperimentDocument).map(({ uri }) => uri);
    const paths = new Set(
      [...uris, ...open].filter(({ scheme }) => scheme === 'file').map(({ fsPath }) => fsPath),
    );
    this.found = [...paths].sort();
    this.storesFound = stores
      .filter(({ scheme }) => scheme === 'file')
      .map(({ fsPath }) => dirname(fsPath))
      .sort();
    for (const path of this.outlines.keys()) if (!paths.has(path)) this.outlines.delete(path);
    await Promise.all(this.found.filter((path) => !this.outlines.has(path)).map((path) => this.read(path)));
    await vscode.commands.executeCommand('setContext', contextKeys.experiments, this.found.length);
    await vscode.commands.executeCommand('setContext', contextKeys.ready, true);
    this.changed.fire();
  }

  /** The experiment of the active editor, or the only one there is. */
  current(): string | undefined {
    const active = vscode.window.activeTextEditor?.document;
    if (active && isExperimentDocument(active)) return active.uri.fsPath;
    return this.found.length === 1 ? this.found[0] : undefined;
  }

  dispose(): void {
    this.owned.dispose();
  }

  private async reread(uri: vscode.Uri): Promise<void> {
    if (await this.read(uri.fsPath)) this.changed.fire();
  }

  private async read(path: string): Promise<boolean> {
    const open = vscode.workspace.textDocuments.find(
      ({ uri }) => uri.scheme === 'file' && uri.fsPath === path,
    );
    if (open) return this.keep(path, (await this.understand(open)).outline);
    try {
      const bytes = await vscode.workspace.fs.readFile(vscode.Uri.file(path));
      return this.keep(path, (await understandText(new TextDecoder().decode(bytes))).outline);
    } catch {
      // Deleted meanwhile: the watcher says so next.
      return false;
    }
  }

  private opened(document: vscode.TextDocument): void {
    if (isExperimentDocument(document) && !this.found.includes(document.uri.fsPath)) void this.find();
  }

  /** One that was deleted or renamed while it was open is gone with its editor. */
  private async closed(document: vscode.TextDocument): Promise<void> {
    if (!isExperimentDocument(document)) return;
    try {
      await vscode.workspace.fs.stat(document.uri);
    } catch {
      await this.find();
    }
  }

  private async edited(document: vscode.TextDocument): Promise<void> {
    if (!isExperimentDocument(document)) return;
    const { outline } = await this.understand(document);
    if (this.keep(document.uri.fsPath, outline)) this.changed.fire();
  }

  private keep(path: string, outline: Outline): boolean {
    const before = this.outlines.get(path);
    this.outlines.set(path, outline);
    return before === undefined || JSON.stringify(before) !== JSON.stringify(outline);
  }
}

function isExperimentDocument(document: vscode.TextDocument): boolean {
  return document.uri.scheme === 'file' && isExperimentFile(basename(document.uri.fsPath));
}
