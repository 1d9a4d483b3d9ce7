import { dirname, resolve } from 'node:path';
import * as vscode from 'vscode';
import type { Diagnostic } from '../../core/experiment';
import type { Experiments } from '../experiments';
import { DisposableStore } from '../lifecycle';
import type { Processes } from '../processes';
import { isExperimentFile } from '../target';
import { DIAGNOSTIC_SOURCE, diagnosticText } from './documents';
import { isSchemaFinding, isServedByOthers } from './others';
import { type Validation, validateText } from './validation';

/** How long to wait after a keystroke before the file is checked against its data. */
const DATA_CHECK_DELAY = 600;
/** How long data must have rested before what was found in them is found anew: tables are written piece by piece. */
const DATA_CHANGE_DELAY = 1500;
const TABLES = '**/*.{csv,tsv,txt,json,jsonl,ndjson,parquet,pq,arrow,feather,ipc,arrows}';

/** What was found in the text of a document's version. */
interface Found {
  readonly version: number;
  readonly all: readonly Diagnostic[];
}

/** A finding that can be mended by writing something else in its place. */
interface Mendable {
  readonly range: vscode.Range;
  readonly code: string;
  readonly replacement: string;
}

/**
 * Mistakes of experiment files. What the file says by itself is checked with every change, at once; against its data
 * (in a child process, and in trusted workspaces only) when the typing rests.
 */
export class ExperimentDiagnostics implements vscode.Disposable {
  private readonly owned = new DisposableStore();
  private readonly collection = this.owned.add(vscode.languages.createDiagnosticCollection('taskweave'));
  private readonly timers = new Map<string, NodeJS.Timeout>();
  private readonly checking = new Map<string, Promise<Validation>>();
  /** What was found in each document, for its quick fixes: the editor hands back copies of its diagnostics. */
  private readonly found = new Map<string, Found>();

  constructor(
    private readonly experiments: Experiments,
    private readonly processes: Processes,
    private readonly log: (line: string) => void,
  ) {
    this.owned.add(vscode.workspace.onDidOpenTextDocument((document) => void this.look(document, 0)));
    this.owned.add(
      vscode.workspace.onDidChangeTextDocument((e) => void this.look(e.document, DATA_CHECK_DELAY)),
    );
    this.owned.add(vscode.workspace.onDidSaveTextDocument((document) => void this.look(document, 0)));
    this.owned.add(vscode.workspace.onDidCloseTextDocument(({ uri }) => this.forget(uri)));
    this.owned.add(vscode.workspace.onDidGrantWorkspaceTrust(() => this.lookAtAll()));
    const tables = this.owned.add(vscode.workspace.createFileSystemWatcher(TABLES));
    for (const changed of [tables.onDidCreate, tables.onDidChange, tables.onDidDelete])
      this.owned.add(changed(({ fsPath }) => void this.tableChanged(fsPath)));
    this.lookAtAll();
  }

  /** Findings in a range that know what to write instead, whoever underlined them; none while the text is another than they are of. */
  mendableIn({ uri, version }: vscode.TextDocument, range: vscode.Range): readonly Mendable[] {
    const found = this.found.get(uri.toString());
    if (found?.version !== version) return [];
    return found.all.flatMap((one) => {
      const own = rangeOf(one);
      const { code, replacement } = one;
      return replacement !== undefined && own.intersection(range) ? [{ range: own, code, replacement }] : [];
    });
  }

  /** Checks a document by itself and against its data, now. */
  async check(document: vscode.TextDocument): Promise<Validation> {
    const path = document.uri.fsPath;
    const { version } = document;
    // One process a file at a time; the text as it is by then is what is checked.
    await this.checking.get(path)?.catch(() => undefined);
    const validation = validateText(this.processes, path, dirname(path), document.getText());
    this.checking.set(path, validation);
    const result = await validation;
    if (this.checking.get(path) === validation) this.checking.delete(path);
    if (!result.ok) this.log(`${path} could not be checked against its data: ${result.message}`);
    else if (document.version === version && !document.isClosed) {
      this.show(document, result.diagnostics);
      if (result.tasks) this.experiments.keepFound(path, result.tasks);
    }
    return result;
  }

  dispose(): void {
    for (const timer of this.timers.values()) clearTimeout(timer);
    this.owned.dispose();
  }

  /** What was found in data is no longer so when they are others, or are there at last. */
  private async tableChanged(table: string): Promise<void> {
    for (const document of vscode.workspace.textDocuments.filter(isExperiment)) {
      const { sources } = await this.experiments.understand(document);
      const folder = dirname(document.uri.fsPath);
      if (sources.some((source) => resolve(folder, source) === table))
        await this.look(document, DATA_CHANGE_DELAY);
    }
  }

  private lookAtAll(): void {
    for (const document of vscode.workspace.textDocuments) void this.look(document, 0);
  }

  private async look(document: vscode.TextDocument, delay: number): Promise<void> {
    const path = document.uri.fsPath;
    if (!isExperiment(document)) return;
    const { version } = document;
    const { parsed } = await this.experiments.understand(document);
    // Of a text that has changed meanwhile: the change is looked at by itself.
    if (document.isClosed || document.version !== version) return;
    const broken = parsed.diagnostics.some(({ severity }) => severity === 'error');
    clearTimeout(this.timers.get(path));
    // Findings about the data stay until the next check replaces them, so that nothing flickers while typing.
    if (broken || !vscode.workspace.isTrusted || !this.collection.has(document.uri))
      this.show(document, parsed.diagnostics);
    if (broken || !vscode.workspace.isTrusted) return;
    this.timers.set(
      path,
      setTimeout(() => void this.check(document), delay),
    );
  }

  private forget(uri: vscode.Uri): void {
    clearTimeout(this.timers.get(uri.fsPath));
    this.collection.delete(uri);
    this.found.delete(uri.toString());
  }

  private show(document: vscode.TextDocument, all: readonly Diagnostic[]): void {
    // Another YAML extension underlines by the schema; twice would be once too often.
    const shown = isServedByOthers(document) ? all.filter(({ code }) => !isSchemaFinding(code)) : all;
    this.found.set(document.uri.toString(), { version: document.version, all });
    this.collection.set(document.uri, shown.map(editorDiagnostic));
  }
}

function isExperiment({ uri }: vscode.TextDocument): boolean {
  return uri.scheme === 'file' && isExperimentFile(uri.fsPath);
}

function editorDiagnostic(one: Diagnostic): vscode.Diagnostic {
  const severity =
    one.severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning;
  const diagnostic = new vscode.Diagnostic(rangeOf(one), diagnosticText(one), severity);
  diagnostic.source = DIAGNOSTIC_SOURCE;
  diagnostic.code = one.code;
  return diagnostic;
}

function rangeOf({ line, column, endLine, endColumn }: Diagnostic): vscode.Range {
  return new vscode.Range(line - 1, column - 1, endLine - 1, endColumn - 1);
}
