import * as vscode from 'vscode';
import { t } from '../protocol/l10n';
import { isGoing } from '../protocol/words';
import { statusItemId } from './contributions';
import { DisposableStore } from './lifecycle';
import type { RunLibrary } from './run-library';
import { statusText } from './status-text';

/** Progress of what is going, hidden while nothing is; a click opens its metrics. */
export class StatusBar implements vscode.Disposable {
  private readonly owned = new DisposableStore();
  private readonly item: vscode.StatusBarItem;

  constructor(private readonly library: RunLibrary) {
    this.item = this.owned.add(
      vscode.window.createStatusBarItem(statusItemId, vscode.StatusBarAlignment.Left, 10),
    );
    this.item.name = t('Taskweave Run');
    this.owned.add(library.onChanged(() => this.update()));
    this.update();
  }

  dispose(): void {
    this.owned.dispose();
  }

  private update(): void {
    const going = this.library.allRuns().filter((run) => isGoing(run.status));
    const status = statusText(going);
    if (!status) {
      this.item.hide();
      return;
    }
    this.item.text = status.text;
    this.item.tooltip = status.tooltip;
    this.item.accessibilityInformation = { label: status.spoken };
    this.item.command = {
      command: 'taskweave.openMetrics',
      title: t('Open Metrics'),
      arguments: [{ experiment: status.run.experiment, run: status.run.run }],
    };
    this.item.show();
  }
}
