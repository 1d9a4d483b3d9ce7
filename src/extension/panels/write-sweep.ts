import * as vscode from 'vscode';
import { t } from '../../protocol/l10n';
import type { SweepSpec } from '../../protocol/panel';
import { fileLanguage } from '../language';

/** Puts a sweep into an experiment file and shows where, as an edit that can be undone there. */
export async function writeSweep(experiment: string, sweep: SweepSpec): Promise<void> {
  const { sweepWritten } = await fileLanguage();
  const uri = vscode.Uri.file(experiment);
  const document = await vscode.workspace.openTextDocument(uri);
  const { start, end, text } = sweepWritten(document.getText(), JSON.parse(JSON.stringify(sweep)));
  const edit = new vscode.WorkspaceEdit();
  edit.replace(uri, new vscode.Range(document.positionAt(start), document.positionAt(end)), text);
  if (!(await vscode.workspace.applyEdit(edit))) throw new Error(t('The file could not be changed.'));
  const shown = vscode.window.visibleTextEditors.find((editor) => editor.document === document);
  const viewColumn = shown?.viewColumn ?? vscode.ViewColumn.One;
  const editor = await vscode.window.showTextDocument(document, { viewColumn });
  const from = document.positionAt(start);
  editor.revealRange(new vscode.Range(from, document.positionAt(start + text.length)));
}
