import * as vscode from 'vscode';
import type { ExperimentDiagnostics } from './diagnostics';
import { documentSelector } from './documents';

/** Offers the replacement that a diagnostic knows: the nearest right key, column, model, … */
export class QuickFixes implements vscode.CodeActionProvider {
  constructor(private readonly shown: ExperimentDiagnostics) {}

  static register(shown: ExperimentDiagnostics): vscode.Disposable {
    return vscode.languages.registerCodeActionsProvider(documentSelector, new QuickFixes(shown), {
      providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
    });
  }

  provideCodeActions(
    document: vscode.TextDocument,
    _range: vscode.Range,
    context: vscode.CodeActionContext,
  ): vscode.CodeAction[] {
    return context.diagnostics.flatMap((diagnostic) => {
      const replacement = this.shown.replacementAt(document.uri, diagnostic.range, String(diagnostic.code));
      if (replacement === undefined) return [];
      const written = document.getText(diagnostic.range);
      const action = new vscode.CodeAction(
        `Change "${written}" to "${replacement}"`,
        vscode.CodeActionKind.QuickFix,
      );
      action.edit = new vscode.WorkspaceEdit();
      action.edit.replace(document.uri, diagnostic.range, replacement);
      action.diagnostics = [diagnostic];
      action.isPreferred = true;
      return [action];
    });
  }
}
