import * as vscode from 'vscode';
import { t } from '../../protocol/l10n';
import type { ExperimentDiagnostics } from './diagnostics';
import { documentSelector } from './documents';

const MEND = 'taskweave.internal.mend';

/** What is to be written where something else stands. */
interface Mend {
  readonly uri: vscode.Uri;
  readonly range: vscode.Range;
  readonly from: string;
  readonly to: string;
}

/** Offers the replacement that a finding knows: the nearest right key, column, model, … */
export class QuickFixes implements vscode.CodeActionProvider {
  constructor(private readonly findings: ExperimentDiagnostics) {}

  static register(findings: ExperimentDiagnostics): vscode.Disposable {
    return vscode.Disposable.from(
      vscode.commands.registerCommand(MEND, mend),
      vscode.languages.registerCodeActionsProvider(documentSelector, new QuickFixes(findings), {
        providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
      }),
    );
  }

  provideCodeActions(
    document: vscode.TextDocument,
    asked: vscode.Range,
    { diagnostics }: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    return this.findings.mendableIn(document, asked).map(({ range, code, replacement }) => {
      const from = document.getText(range);
      const title = t('Change "{0}" to "{1}"', from, replacement);
      const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
      const what: Mend = { uri: document.uri, range, from, to: replacement };
      action.command = { command: MEND, title, arguments: [what] };
      action.diagnostics = diagnostics.filter((one) => one.code === code && one.range.isEqual(range));
      action.isPreferred = true;
      return action;
    });
  }
}

/** Writes it only where what was found still stands: an offer may be taken twice, or after the text has changed. */
async function mend({ uri, range, from, to }: Mend): Promise<void> {
  const document = await vscode.workspace.openTextDocument(uri);
  if (document.getText(range) !== from) return;
  const edit = new vscode.WorkspaceEdit();
  edit.replace(uri, range, to);
  if (!(await vscode.workspace.applyEdit(edit))) throw new Error(t('The file could not be changed.'));
}
