import * as vscode from 'vscode';
import { t } from '../../protocol/l10n';
import type { ExperimentDiagnostics } from './diagnostics';
import { documentSelector } from './documents';

/** Offers the replacement that a finding knows: the nearest right key, column, model, … */
export class QuickFixes implements vscode.CodeActionProvider {
  constructor(private readonly findings: ExperimentDiagnostics) {}

  static register(findings: ExperimentDiagnostics): vscode.Disposable {
    return vscode.languages.registerCodeActionsProvider(documentSelector, new QuickFixes(findings), {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
    });
  }

  provideCodeActions(
    document: vscode.TextDocument,
    asked: vscode.Range,
    { diagnostics }: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    return this.findings.mendableIn(document.uri, asked).map(({ range, code, replacement }) => {
      const title = t('Change "{0}" to "{1}"', document.getText(range), replacement);
      const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
      action.edit = new vscode.WorkspaceEdit();
      action.edit.replace(document.uri, range, replacement);
      action.diagnostics = diagnostics.filter((one) => one.code === code && one.range.isEqual(range));
      action.isPreferred = true;
      return action;
    });
  }
}
