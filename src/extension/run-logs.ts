/** The story of a run as a read-only document, `<run>.log`, that goes on while the run does. */
import * as vscode from 'vscode';
import { t } from '../protocol/l10n';
import { logText } from '../protocol/run-log-text';
import { type Choices, type ChosenRun, chooseRun } from './choose';
import { DisposableStore, Throttle } from './lifecycle';
import type { Queries } from './query-client';
import { isRecord, storeOf, type Target } from './target';

const SCHEME = 'taskweave-run';
/** Lines of a log that are shown, the last ones. */
const MOST_LINES = 20_000;
/** A document that changes more often cannot be read. */
const REDRAW_MS = 1000;

export class RunLogs implements vscode.TextDocumentContentProvider, vscode.Disposable {
  private readonly owned = new DisposableStore();
  private readonly changes = this.owned.add(new vscode.EventEmitter<vscode.Uri>());
  readonly onDidChange = this.changes.event;
  /** Runs that changed since their logs were drawn. */
  private readonly changed = new Set<string>();

  constructor(private readonly queries: Queries) {
    this.owned.add(vscode.workspace.registerTextDocumentContentProvider(SCHEME, this));
    const drawing = this.owned.add(new Throttle(async () => this.draw(), REDRAW_MS));
    this.owned.add(
      queries.onChanged(({ runs }) => {
        for (const run of runs) this.changed.add(run);
        drawing.request();
      }),
    );
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const shown = runOf(uri);
    if (!shown) return '';
    return logText(await this.queries.ask<'log'>({ kind: 'log', ...shown, limit: MOST_LINES }));
  }

  async show({ experiment, run }: ChosenRun): Promise<void> {
    const query = JSON.stringify({ store: storeOf(experiment), run });
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${run}.log`, query });
    const document = await vscode.workspace.openTextDocument(uri);
    const editor = await vscode.window.showTextDocument(document, { preview: true });
    // The end is the news.
    const end = document.lineAt(document.lineCount - 1).range;
    editor.revealRange(end);
  }

  dispose(): void {
    this.owned.dispose();
  }

  private draw(): void {
    for (const { uri } of vscode.workspace.textDocuments) {
      if (uri.scheme === SCHEME && this.changed.has(runOf(uri)?.run ?? '')) this.changes.fire(uri);
    }
    this.changed.clear();
  }
}

/** Which run a document is the log of. */
function runOf({ query }: vscode.Uri): { readonly store: string; readonly run: string } | undefined {
  let asked: unknown;
  try {
    asked = JSON.parse(query);
  } catch {
    // Anyone can open a document of our scheme.
    return undefined;
  }
  if (!isRecord(asked)) return undefined;
  const { store, run } = asked;
  return typeof store === 'string' && typeof run === 'string' ? { store, run } : undefined;
}

export async function showRunLog(
  services: Choices & { readonly logs: RunLogs },
  target: Target | undefined,
): Promise<void> {
  const chosen = await chooseRun(services, target, {
    fits: () => true,
    nothing: t('There is no such run.'),
    question: t('Show the log of which run?'),
  });
  if (chosen) await services.logs.show(chosen);
}
