import * as vscode from 'vscode';
import type { Target } from '../target';
import type { SessionPorts } from './ports';
import { saveBeside } from './save';
import { writeSweep } from './write-sweep';

/** All that panels share; what is one panel's own is added by `sessionPorts`. */
export interface PanelServices
  extends Omit<SessionPorts, 'post' | 'save' | 'copy' | 'writeSweep' | 'openPanel'> {
  /** Fires when runs, experiment files or trust change. */
  onChanged(listener: () => void): vscode.Disposable;
}

/** @param show opens the metrics panel of an experiment */
export function sessionPorts(
  services: PanelServices,
  webview: vscode.Webview,
  show: (target: Target) => void,
): SessionPorts {
  return {
    ...services,
    post: (message) => void webview.postMessage(message),
    save: saveBeside,
    writeSweep,
    copy: async (text) => vscode.env.clipboard.writeText(text),
    openPanel: (experiment) => show({ experiment }),
  };
}
