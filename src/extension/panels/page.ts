import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import { messagesInUse, t } from '../../protocol/l10n';
import { type PanelPage, panelHtml } from './html';

/** Where the panels' script and style are: all that a webview may load. */
export function scriptFolder(extensionFolder: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extensionFolder, 'dist', 'webview');
}

/** The document of a webview that shows one of our elements. */
export function pageOf(
  webview: vscode.Webview,
  extensionFolder: vscode.Uri,
  title: string,
  element: PanelPage['element'],
): string {
  const resource = (name: string) =>
    webview.asWebviewUri(vscode.Uri.joinPath(scriptFolder(extensionFolder), name)).toString();
  return panelHtml({
    title,
    element,
    waiting: t('Reading the runs …'),
    language: vscode.env.language,
    messages: messagesInUse(),
    script: resource('panel.js'),
    style: resource('panel.css'),
    cspSource: webview.cspSource,
    nonce: randomBytes(16).toString('hex'),
  });
}
