import * as vscode from 'vscode';

/** Asks where a file goes, beside the experiment where nothing else is said, and writes it. */
export async function saveBeside(
  experiment: string,
  name: string,
  content: Uint8Array,
): Promise<string | undefined> {
  const folder = vscode.Uri.joinPath(vscode.Uri.file(experiment), '..');
  const extension = name.slice(name.lastIndexOf('.') + 1);
  const target = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(folder, name),
    filters: { [extension.toUpperCase()]: [extension] },
  });
  if (target === undefined) return undefined;
  await vscode.workspace.fs.writeFile(target, content);
  return target.fsPath;
}
