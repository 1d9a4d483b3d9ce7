/** The report of a run beside the editor: the page that `taskweave report` writes, in the editor's language and colours. */
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { t } from '../../protocol/l10n';
import { type Choices, type ChosenRun, chooseRun } from '../choose';
import { reportPanelType } from '../contributions';
import { LaunchError } from '../launcher';
import { DisposableStore } from '../lifecycle';
import type { Processes } from '../processes';
import { storeOf, type Target } from '../target';
import { saveBeside } from './save';

interface Shown {
  readonly panel: vscode.WebviewPanel;
  readonly run: ChosenRun;
}

export class Reports implements vscode.Disposable {
  private readonly owned = new DisposableStore();
  private readonly open = new Map<string, Shown>();

  constructor(private readonly processes: Processes) {
    this.owned.add(
      vscode.window.onDidChangeActiveColorTheme(() => {
        for (const [key, { panel, run }] of this.open) void this.draw(key, panel, run);
      }),
    );
  }

  /** @throws LaunchError where the run has no report yet */
  async show(run: ChosenRun): Promise<void> {
    const key = `${run.experiment}#${run.run}`;
    const page = await this.write(run, ['--theme', themeOf(vscode.window.activeColorTheme.kind)]);
    const known = this.open.get(key);
    if (known) {
      // A run that was resumed or extended has another report by now.
      known.panel.webview.html = page;
      known.panel.reveal();
      return;
    }
    const panel = vscode.window.createWebviewPanel(
      reportPanelType,
      t('Report of {0}', run.run),
      vscode.ViewColumn.Active,
      { enableScripts: false, localResourceRoots: [], enableFindWidget: true },
    );
    panel.webview.html = page;
    this.open.set(key, { panel, run });
    panel.onDidDispose(() => this.open.delete(key));
  }

  /** Writes a report where the person says: a page in the colours of its reader, or Markdown. */
  async save(run: ChosenRun): Promise<void> {
    const kinds = [
      { label: t('One page, for any browser'), ending: 'html', flags: [] },
      { label: 'Markdown', ending: 'md', flags: ['--markdown'] },
    ];
    const kind = await vscode.window.showQuickPick(kinds, { placeHolder: t('Save the report as …') });
    if (!kind) return;
    const text = await this.write(run, kind.flags);
    const content = new TextEncoder().encode(text);
    await saveBeside(run.experiment, `report-${run.run}.${kind.ending}`, content);
  }

  /** The run of the report that has the focus. */
  get active(): ChosenRun | undefined {
    return [...this.open.values()].find(({ panel }) => panel.active)?.run;
  }

  dispose(): void {
    this.owned.dispose();
    for (const { panel } of this.open.values()) panel.dispose();
  }

  private async draw(key: string, panel: vscode.WebviewPanel, run: ChosenRun): Promise<void> {
    const theme = themeOf(vscode.window.activeColorTheme.kind);
    // A run whose files are gone keeps the page that is shown.
    const page = await this.write(run, ['--theme', theme]).catch(() => undefined);
    if (page !== undefined && this.open.has(key)) panel.webview.html = page;
  }

  private async write({ experiment, run }: ChosenRun, flags: readonly string[]): Promise<string> {
    const language = vscode.l10n.bundle === undefined ? 'en' : vscode.env.language;
    const args = ['report', run, '--store', storeOf(experiment), '--out', '-', '--lang', language, ...flags];
    const { code, stdout, stderr } = await this.processes.capture(args, dirname(experiment));
    if (code !== 0) {
      const reason = stderr.trim().split('\n').at(-1) ?? '';
      throw new LaunchError('failed', reason || t('exit code {0}', String(code)), stderr);
    }
    return stdout;
  }
}

function themeOf(kind: vscode.ColorThemeKind): 'light' | 'dark' {
  const { Light, HighContrastLight } = vscode.ColorThemeKind;
  return kind === Light || kind === HighContrastLight ? 'light' : 'dark';
}

type ReportServices = Choices & { readonly reports: Reports };

export async function openReport(services: ReportServices, target: Target | undefined): Promise<void> {
  const chosen = await reported(services, target, t('Open the report of which run?'));
  if (chosen) await services.reports.show(chosen);
}

export async function saveReport(services: ReportServices, target: Target | undefined): Promise<void> {
  const chosen =
    services.reports.active ?? (await reported(services, target, t('Save the report of which run?')));
  if (chosen) await services.reports.save(chosen);
}

function reported(services: ReportServices, target: Target | undefined, question: string) {
  return chooseRun(services, target, {
    fits: ({ best }) => best !== null,
    nothing: t('No run has a leaderboard to report on yet.'),
    question,
  });
}
