import * as vscode from 'vscode';
import { t } from '../protocol/l10n';
import type { Experiments } from './experiments';
import { folderMistake } from './folder-name';
import { experimentTemplates } from './language';
import { isExperimentFile } from './target';
import { inLanguage } from './template-text';

/** Asks for a template and a folder, writes the template's files there, and opens the experiment. Overwrites nothing. */
export async function newExperiment(experiments: Experiments): Promise<void> {
  const root = await chooseRoot();
  if (!root) return;
  const items = (await experimentTemplates()).map((template) => ({
    label: template.name,
    detail: t(template.description),
    template,
  }));
  const picked = await vscode.window.showQuickPick(items, {
    title: t('New Experiment'),
    placeHolder: t('What to start from'),
    matchOnDetail: true,
  });
  if (!picked) return;
  const folder = await vscode.window.showInputBox({
    title: t('New Experiment'),
    prompt: t('Folder for the experiment, inside the workspace folder; `.` for the workspace folder itself'),
    value: picked.template.name,
    validateInput: (text) => folderMistake(text),
  });
  if (folder === undefined) return;
  const base = vscode.Uri.joinPath(root, folder.trim());
  const files = Object.entries(picked.template.files).map(([name, content]) => ({
    uri: vscode.Uri.joinPath(base, name),
    content: inLanguage(name, content),
  }));
  for (const { uri } of files) {
    if (await exists(uri)) {
      throw new Error(
        t(
          '{0} exists already; nothing was written. Choose another folder.',
          vscode.workspace.asRelativePath(uri),
        ),
      );
    }
  }
  for (const { uri, content } of files)
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(content));
  await experiments.find();
  const experiment = files.find(({ uri }) => isExperimentFile(uri.path));
  if (experiment) await vscode.window.showTextDocument(experiment.uri);
}

async function chooseRoot(): Promise<vscode.Uri | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length === 0)
    throw new Error(t('Open a folder first: an experiment is a file beside its data.'));
  if (folders.length === 1) return folders[0].uri;
  const picked = await vscode.window.showWorkspaceFolderPick({ placeHolder: t('In which folder?') });
  return picked?.uri;
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
