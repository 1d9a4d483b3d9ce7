/** Base models are added to and taken out of ensembles by edits of the file, which can be undone there. */
import * as vscode from 'vscode';
import { t } from '../protocol/l10n';
import { type Choices, chooseExperiment, chooseMember } from './choose';
import { memberAdded, memberRemoved, type TextChange } from './editor/member-edit';
import { reveal } from './editor/reveal';
import type { Target } from './target';

export type MemberServices = Choices;

export function addToEnsemble(services: MemberServices, target: Target | undefined): Promise<void> {
  return edit(services, target, false, memberAdded);
}

export function removeFromEnsemble(services: MemberServices, target: Target | undefined): Promise<void> {
  return edit(services, target, true, memberRemoved);
}

async function edit(
  services: MemberServices,
  target: Target | undefined,
  isMember: boolean,
  change: typeof memberAdded,
): Promise<void> {
  const experiment = await chooseExperiment(services, target);
  if (!experiment) return;
  const chosen = await chooseMember(services, experiment, target, isMember);
  if (!chosen) return;
  const uri = vscode.Uri.file(experiment);
  const document = await vscode.workspace.openTextDocument(uri);
  const { parsed } = await services.experiments.understand(document);
  const result = change(parsed, document.getText(), chosen.ensemble, chosen.model);
  if (typeof result === 'string') throw new Error(result);
  const written = new vscode.WorkspaceEdit();
  written.replace(uri, rangeOf(document, result), result.text);
  if (!(await vscode.workspace.applyEdit(written))) throw new Error(t('The file could not be changed.'));
  await reveal(services.experiments, { experiment, ensemble: chosen.ensemble });
}

function rangeOf(document: vscode.TextDocument, { start, end }: TextChange): vscode.Range {
  return new vscode.Range(document.positionAt(start), document.positionAt(end));
}
