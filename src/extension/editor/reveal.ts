import { basename } from 'node:path';
import * as vscode from 'vscode';
import { t } from '../../protocol/l10n';
import type { Experiments } from '../experiments';
import type { Target } from '../target';

/** Opens the experiment file, at the line of the task, model or ensemble that is meant. */
export async function reveal(experiments: Experiments, target: Target): Promise<void> {
  const document = await openExperiment(target.experiment);
  const { parsed } = await experiments.understand(document);
  const place = pathOf(target);
  const { line, column } = parsed.locate(place, 'key');
  const position = new vscode.Position(line - 1, column - 1);
  const selection = place.length > 0 ? new vscode.Range(position, position) : undefined;
  await showExperiment(document, selection);
}

/** @throws an error for people where the file is gone: runs outlive it */
export async function openExperiment(path: string): Promise<vscode.TextDocument> {
  const uri = vscode.Uri.file(path);
  try {
    await vscode.workspace.fs.stat(uri);
  } catch {
    throw new Error(
      t(
        '{0} is gone: it was renamed or deleted. Reproduce Run writes it again as a run began with it.',
        basename(path),
      ),
    );
  }
  return vscode.workspace.openTextDocument(uri);
}

/** Shows a file where it is open already, beside its metrics it would be there twice; else in `column`. */
export async function showExperiment(
  document: vscode.TextDocument,
  selection?: vscode.Range,
  column?: vscode.ViewColumn,
): Promise<vscode.TextEditor> {
  const isIt = ({ input }: vscode.Tab) =>
    input instanceof vscode.TabInputText && input.uri.toString() === document.uri.toString();
  const group = vscode.window.tabGroups.all.find(({ tabs }) => tabs.some(isIt));
  return vscode.window.showTextDocument(document, { viewColumn: group?.viewColumn ?? column, selection });
}

function pathOf({ ensemble, model, task }: Target): readonly string[] {
  if (ensemble !== undefined) return ['ensembles', ensemble];
  if (model !== undefined) return ['models', model];
  return task === undefined ? [] : ['tasks', task];
}
