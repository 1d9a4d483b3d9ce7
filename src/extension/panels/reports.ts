/** The report of a run beside the editor: the page that `taskweave report` writes, in the editor's language and colours. */
import { dirname } from 'node:path';
import * as vscode from 'vscode';
import { t } from '../../protocol/l10n';
import { type Choices, type ChosenRun, chooseRun } from '../choose';
import { reportPanelType } from '../contributions';
import { LaunchError } from '../launcher';
import { DisposableStore } from '../lifecycle';
import type { Processes } from '../processes';
import { messageOf } from '../query-client';
import { storeOf, type Target } from '../target';
import { OpenedReports, type ReportMemory } from './opened-reports';
import { saveBeside } from './save';

interface Shown {
  readonly panel: vscode.WebviewPanel;
  readonly run: ChosenRun;
}

/** A page has no script, and nothing from elsewhere. */
const PAGE_OPTIONS: vscode.WebviewOptions = { enableScripts: false, localResourceRoots: [] };

/** The reports that are open; the editor restores them after a reload. */
export class Reports implements vscode.WebviewPanelSerializer, vscode.Disposable {
  private readonly owned = new DisposableStore();
  private readonly open = new Map<string, Shown>();
  private readonly opened: OpenedReports;

  /** @param memory what the editor keeps for this workspace */
  constructor(
    private readonly processes: Processes,
    memory: ReportMemory,
    private readonly log: (line: string) => void,
  ) {
    this.opened = new OpenedReports(memory);
    this.owned.add(vscode.window.registerWebviewPanelSerializer(reportPanelType, this));
  }

  /** @throws LaunchError where the run has no report yet */
  async show(run: ChosenRun): Promise<void> {
    const page = await this.page(run);
    const known = this.open.get(keyOf(run));
    if (known) {
      // A run that was resumed or extended has another report by now.
      known.panel.webview.html = page;
      known.panel.reveal();
      return;
    }
    const title = t('Report of {0}', run.run);
    const options = { ...PAGE_OPTIONS, enableFindWidget: true };
    const panel = vscode.window.createWebviewPanel(reportPanelType, title, vscode.ViewColumn.Active, options);
    this.begin(panel, run);
    panel.webview.html = page;
    await this.opened.keep(title, run);
  }

  /** A tab that the editor kept; one whose run cannot be read any more is closed. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    const run = await this.opened.of(panel.title);
    if (!run || this.open.has(keyOf(run))) {
      panel.dispose();
      return;
    }
    panel.webview.options = PAGE_OPTIONS;
    this.begin(panel, run);
    try {
      const page = await this.page(run);
      if (this.open.get(keyOf(run))?.panel === panel) panel.webview.html = page;
    } catch (error) {
      this.log(`The report of run ${run.run} cannot be shown again: ${messageOf(error)}`);
      panel.dispose();
    }
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
    for (const { panel } of [...this.open.values()]) panel.dispose();
  }

  private begin(panel: vscode.WebviewPanel, run: ChosenRun): void {
    const key = keyOf(run);
    this.open.set(key, { panel, run });
    panel.onDidDispose(() => {
      if (this.open.get(key)?.panel === panel) this.open.delete(key);
    });
  }

  private page(run: ChosenRun): Promise<string> {
    return this.write(run, ['--theme', 'editor']);
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

function keyOf({ experiment, run }: ChosenRun): string {
  return `${experiment}#${run}`;
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
