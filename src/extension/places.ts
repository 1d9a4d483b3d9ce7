import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { experimentName } from './target';

/**
 * Where each experiment is, as far as that tells it from others: its folder, where another has the same name or the
 * workspace has several folders.
 */
export function placesOf(paths: readonly string[]): readonly (string | undefined)[] {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const names = paths.map(experimentName);
  return paths.map((path, i) => {
    const isAlone = names.indexOf(names[i]) === names.lastIndexOf(names[i]);
    return isAlone && folders.length < 2 ? undefined : placeOf(dirname(path));
  });
}

/** A folder by the name of its workspace folder and the way from there. */
function placeOf(folder: string): string {
  const uri = vscode.Uri.file(folder);
  const root = vscode.workspace.getWorkspaceFolder(uri);
  // The editor gives a workspace folder itself as an absolute path.
  return root?.uri.fsPath === folder ? root.name : vscode.workspace.asRelativePath(uri);
}
