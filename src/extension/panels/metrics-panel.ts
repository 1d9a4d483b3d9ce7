import * as vscode from 'vscode';
import { t } from '../../protocol/l10n';
import type { PanelState, Section } from '../../protocol/panel';
import { metricsPanelType } from '../contributions';
import { DisposableStore, Signal } from '../lifecycle';
import { outsideForms } from '../outside';
import { experimentName, storeOf, type Target } from '../target';
import { pageOf, scriptFolder } from './page';
import { type PanelServices, sessionPorts } from './services';
import { PanelSession } from './session';

interface Open {
  readonly panel: vscode.WebviewPanel;
  readonly session: PanelSession;
}

/** The metrics panels, one an experiment; the editor restores them from their identity after a reload. */
export class MetricsPanels implements vscode.WebviewPanelSerializer, vscode.Disposable {
  private readonly owned = new DisposableStore();
  private readonly open = new Map<string, Open>();
  private readonly looked = this.owned.add(new Signal());
  /** Another run is looked at. */
  readonly onLooked = this.looked.on;
  private chosen = '';

  constructor(
    private readonly extensionFolder: vscode.Uri,
    private readonly services: PanelServices,
  ) {
    this.owned.add(vscode.window.registerWebviewPanelSerializer(metricsPanelType, this));
    this.owned.add(services.onChanged(() => this.each((session) => session.changed())));
    this.owned.add(
      services.queries.onChanged(({ store, runs }) =>
        this.each((session) => {
          if (storeOf(session.experiment) === store) session.changed(runs);
        }),
      ),
    );
  }

  /** The experiment of the panel that has the focus. */
  get active(): string | undefined {
    return [...this.open].find(([, { panel }]) => panel.active)?.[0];
  }

  /** The run that the panel of an experiment shows, where one was chosen; undefined: the newest, or there is no panel. */
  runOf(experiment: string): string | undefined {
    return this.open.get(experiment)?.session.chosenRun;
  }

  /** @param runs to compare with each other, at the view that does */
  show({ experiment, run, model }: Target, section: Section, runs?: readonly string[]): void {
    const known = this.open.get(experiment);
    if (known) {
      known.panel.reveal(undefined, false);
      known.session.reveal(section, run, model, runs);
      this.tellLooked();
      return;
    }
    const panel = this.create(experiment, { viewColumn: vscode.ViewColumn.Beside, preserveFocus: false });
    const session = this.begin(panel, { experiment, run: run ?? null, model: model ?? null });
    session.reveal(section, run, model, runs);
    this.tellLooked();
  }

  /**
   * A run has begun: a panel that is open goes on to it at the view it is at; else one opens at the leaderboard. Starting
   * takes a while, so neither takes the focus, or the view, from where one has gone on to meanwhile.
   */
  follow(experiment: string, run: string): void {
    const known = this.open.get(experiment);
    if (known) {
      known.session.follow(run);
      this.tellLooked();
      if (!known.panel.visible) known.panel.reveal(undefined, true);
      return;
    }
    const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    this.begin(this.create(experiment, place), { experiment, run, model: null, view: 'leaderboard' });
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const { panelState } = await outsideForms();
    const identity = panelState.safeParse(state);
    if (!identity.success) {
      panel.dispose();
      return;
    }
    panel.webview.options = { enableScripts: true, localResourceRoots: [scriptFolder(this.extensionFolder)] };
    this.begin(panel, identity.data);
  }

  dispose(): void {
    for (const { panel } of [...this.open.values()]) panel.dispose();
    this.owned.dispose();
  }

  private create(
    experiment: string,
    place: { readonly viewColumn: vscode.ViewColumn; readonly preserveFocus: boolean },
  ): vscode.WebviewPanel {
    return vscode.window.createWebviewPanel(metricsPanelType, title(experiment), place, {
      enableScripts: true,
      localResourceRoots: [scriptFolder(this.extensionFolder)],
    });
  }

  private begin(panel: vscode.WebviewPanel, state: PanelState): PanelSession {
    const { experiment } = state;
    const own = new DisposableStore();
    const session = own.add(
      new PanelSession(
        sessionPorts(this.services, panel.webview, (target) => this.show(target, 'leaderboard')),
        state,
      ),
    );
    this.open.set(experiment, { panel, session });
    own.add(
      panel.webview.onDidReceiveMessage(async (message: unknown) => {
        await session.receive(message);
        this.tellLooked();
      }),
    );
    own.add(panel.onDidChangeViewState(() => session.setVisible(panel.visible)));
    panel.onDidDispose(() => {
      own.dispose();
      if (this.open.get(experiment)?.panel === panel) this.open.delete(experiment);
      this.tellLooked();
    });
    panel.title = title(experiment);
    const media = vscode.Uri.joinPath(this.extensionFolder, 'media');
    panel.iconPath = {
      light: vscode.Uri.joinPath(media, 'taskweave-light.svg'),
      dark: vscode.Uri.joinPath(media, 'taskweave-dark.svg'),
    };
    panel.webview.html = pageOf(panel.webview, this.extensionFolder, title(experiment), 'taskweave-panel');
    return session;
  }

  private tellLooked(): void {
    const now = JSON.stringify([...this.open].map(([path, { session }]) => [path, session.chosenRun]));
    if (now === this.chosen) return;
    this.chosen = now;
    this.looked.fire();
  }

  private each(action: (session: PanelSession) => void): void {
    for (const { session } of this.open.values()) action(session);
  }
}

function title(experiment: string): string {
  return t('Metrics: {0}', experimentName(experiment));
}
