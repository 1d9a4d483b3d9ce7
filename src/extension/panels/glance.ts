import * as vscode from 'vscode';
import { glanceView } from '../contributions';
import { DisposableStore } from '../lifecycle';
import { storeOf, type Target } from '../target';
import { pageOf, scriptFolder } from './page';
import { type PanelServices, sessionPorts } from './services';
import { PanelSession } from './session';

export interface GlanceServices extends PanelServices {
  /** The experiment that is worked on: of the active editor, else the only one, else the one that ran last. */
  current(): string | undefined;
  showPanel(target: Target): void;
}

/** The metrics panel's compact twin in the editor's bottom panel: follows the experiment one works on. */
export class Glance implements vscode.WebviewViewProvider, vscode.Disposable {
  private readonly owned = new DisposableStore();
  private shown: { readonly view: vscode.WebviewView; session: PanelSession | undefined } | undefined;

  constructor(
    private readonly extensionFolder: vscode.Uri,
    private readonly services: GlanceServices,
  ) {
    this.owned.add(vscode.window.registerWebviewViewProvider(glanceView.id, this));
    this.owned.add(vscode.window.onDidChangeActiveTextEditor(() => this.follow()));
    this.owned.add(
      services.onChanged(() => {
        this.follow();
        this.shown?.session?.changed();
      }),
    );
    this.owned.add(
      services.queries.onChanged(({ store, runs }) => {
        const session = this.shown?.session;
        if (session && storeOf(session.experiment) === store) session.changed(runs);
      }),
    );
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    view.webview.options = { enableScripts: true, localResourceRoots: [scriptFolder(this.extensionFolder)] };
    this.shown = { view, session: undefined };
    view.webview.onDidReceiveMessage((message: unknown) => void this.shown?.session?.receive(message));
    view.onDidChangeVisibility(() => this.shown?.session?.setVisible(view.visible));
    view.onDidDispose(() => {
      this.shown?.session?.dispose();
      this.shown = undefined;
    });
    this.follow();
  }

  dispose(): void {
    this.shown?.session?.dispose();
    this.owned.dispose();
  }

  /** Another experiment gets a page of its own; the same one keeps what it shows. */
  private follow(): void {
    const experiment = this.services.current();
    if (!this.shown || experiment === undefined || this.shown.session?.experiment === experiment) return;
    const { view, session } = this.shown;
    session?.dispose();
    const ports = sessionPorts(this.services, view.webview, (target) => this.services.showPanel(target));
    this.shown.session = new PanelSession(ports, { experiment, run: null, model: null, view: 'curves' });
    view.webview.html = pageOf(view.webview, this.extensionFolder, glanceView.name, 'taskweave-glance');
  }
}
