/** Completion, hover, definitions and outline of experiment files, for editors without a YAML extension. */
import { open } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import * as vscode from 'vscode';
import type { ParsedExperiment, SourceRange } from '../../core/experiment';
import type { Experiments } from '../experiments';
import { fileLanguage } from '../language';
import type { Queries } from '../query-client';
import { documentSelector } from './documents';
import type { FileSymbol, Suggestion } from './language';
import { isServedByOthers } from './others';

export function registerLanguageFeatures(experiments: Experiments, queries: Queries): vscode.Disposable {
  const columns = new ColumnNames(queries);
  return vscode.Disposable.from(
    vscode.languages.registerCompletionItemProvider(
      documentSelector,
      new Completion(experiments, columns),
      ' ',
      '[',
      '{',
      ',',
      '"',
      "'",
    ),
    vscode.languages.registerHoverProvider(documentSelector, {
      provideHover: async (document, position) => {
        if (isServedByOthers(document)) return undefined;
        const { parsed } = await experiments.understand(document);
        const { schemaHover } = await fileLanguage();
        const found = schemaHover(parsed, position.line + 1, position.character + 1);
        return found && new vscode.Hover(new vscode.MarkdownString(found.text), rangeOf(found.range));
      },
    }),
    vscode.languages.registerDefinitionProvider(documentSelector, {
      provideDefinition: async (document, position) => {
        const { parsed } = await experiments.understand(document);
        return definitionOf(document, parsed, position);
      },
    }),
    vscode.languages.registerDocumentSymbolProvider(documentSelector, {
      provideDocumentSymbols: async (document) => {
        if (isServedByOthers(document)) return [];
        const { parsed } = await experiments.understand(document);
        const { symbolsOf } = await fileLanguage();
        return symbolsOf(parsed).map(documentSymbol);
      },
    }),
  );
}

const KINDS: Readonly<Record<Suggestion['kind'], vscode.CompletionItemKind>> = {
  key: vscode.CompletionItemKind.Property,
  value: vscode.CompletionItemKind.EnumMember,
  column: vscode.CompletionItemKind.Field,
  model: vscode.CompletionItemKind.Class,
  task: vscode.CompletionItemKind.Interface,
};

class Completion implements vscode.CompletionItemProvider {
  constructor(
    private readonly experiments: Experiments,
    private readonly columns: ColumnNames,
  ) {}

  async provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
  ): Promise<vscode.CompletionItem[]> {
    const { parsed, outline } = await this.experiments.understand(document);
    const { cursorsAt, parametersOf, suggestions } = await fileLanguage();
    const parameters = parametersOf(parsed.draft);
    const found = suggestions({
      cursors: cursorsAt(document.getText(), document.offsetAt(position)),
      names: {
        columns: await this.columns.of(document.uri.fsPath, parsed),
        models: outline.models.map(({ name }) => name),
        tasks: outline.tasks.map(({ id }) => id),
        parameters: (model) => parameters.get(model) ?? [],
      },
      namesOnly: isServedByOthers(document),
      json: document.languageId.startsWith('json'),
    });
    return found.map((one, i) => completionItem(document, one, i));
  }
}

function completionItem(
  document: vscode.TextDocument,
  one: Suggestion,
  place: number,
): vscode.CompletionItem {
  const item = new vscode.CompletionItem(one.label, KINDS[one.kind]);
  item.insertText = one.text;
  item.range = new vscode.Range(document.positionAt(one.start), document.positionAt(one.end));
  item.filterText = one.label;
  item.sortText = `${one.first ? 0 : 1}${String(place).padStart(5, '0')}`;
  if (one.detail) item.detail = one.detail;
  if (one.documentation) item.documentation = new vscode.MarkdownString(one.documentation);
  if (one.more) item.command = { command: 'editor.action.triggerSuggest', title: '' };
  return item;
}

/** Column names of an experiment's tables, read by the query worker and kept for a while. */
class ColumnNames {
  private readonly known = new Map<
    string,
    { readonly at: number; readonly columns: Promise<readonly string[]> }
  >();

  constructor(private readonly queries: Queries) {}

  async of(experiment: string, { draft }: ParsedExperiment): Promise<readonly string[]> {
    const named = [draft.data.source, ...draft.tasks.map(({ source }) => source)];
    const paths = [...new Set(named.filter((source) => source !== undefined))].map((source) =>
      resolve(dirname(experiment), source),
    );
    const all = await Promise.all(paths.map((path) => this.read(path)));
    return [...new Set(all.flat())];
  }

  private read(path: string): Promise<readonly string[]> {
    const known = this.known.get(path);
    if (known && performance.now() - known.at < KEPT_MS) return known.columns;
    const columns = this.queries
      .ask<'columns'>({ kind: 'columns', path })
      .then((answer) => answer.columns)
      // A table that cannot be read is underlined in the file; here there is nothing to offer.
      .catch(() => []);
    this.known.set(path, { at: performance.now(), columns });
    return columns;
  }
}

const KEPT_MS = 10_000;
/** A header longer than this is not looked through. */
const HEAD_BYTES = 256 * 1024;

async function definitionOf(
  document: vscode.TextDocument,
  parsed: ParsedExperiment,
  position: vscode.Position,
): Promise<vscode.Location | undefined> {
  const { definitionAt } = await fileLanguage();
  const found = definitionAt(parsed, position.line + 1, position.character + 1);
  if (found === undefined) return undefined;
  if (found.kind === 'here') return new vscode.Location(document.uri, rangeOf(found.range));
  const path = resolve(dirname(document.uri.fsPath), found.source);
  const start = new vscode.Position(0, 0);
  if (found.kind === 'file') return new vscode.Location(vscode.Uri.file(path), start);
  const head = await readHead(path);
  const line = head.split(/\r?\n/, 1)[0];
  const at = Math.max(0, indexOfCell(line, found.column));
  return new vscode.Location(vscode.Uri.file(path), start.translate(0, at));
}

function indexOfCell(line: string, name: string): number {
  for (let at = line.indexOf(name); at >= 0; at = line.indexOf(name, at + 1)) {
    const before = line[at - 1] ?? ',';
    const after = line[at + name.length] ?? ',';
    if (/[,;\t"]/.test(before) && /[,;\t"]/.test(after)) return at;
  }
  return -1;
}

async function readHead(path: string): Promise<string> {
  const file = await open(path).catch(() => undefined);
  if (file === undefined) return '';
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

const SYMBOLS: Readonly<Record<FileSymbol['kind'], vscode.SymbolKind>> = {
  section: vscode.SymbolKind.Namespace,
  task: vscode.SymbolKind.Interface,
  model: vscode.SymbolKind.Class,
  sweep: vscode.SymbolKind.Array,
  ensemble: vscode.SymbolKind.Module,
  property: vscode.SymbolKind.Property,
};

function documentSymbol({
  name,
  detail,
  kind,
  range,
  selection,
  children,
}: FileSymbol): vscode.DocumentSymbol {
  const symbol = new vscode.DocumentSymbol(
    name || ' ',
    detail,
    SYMBOLS[kind],
    rangeOf(range),
    rangeOf(selection),
  );
  symbol.children = children.map(documentSymbol);
  return symbol;
}

function rangeOf({ line, column, endLine, endColumn }: SourceRange): vscode.Range {
  return new vscode.Range(line - 1, column - 1, endLine - 1, endColumn - 1);
}
