import * as vscode from 'vscode';
import { t } from '../protocol/l10n';
import { type Choices, chooseExperiment, runPick } from './choose';
import type { MetricsPanels } from './panels/metrics-panel';
import type { Target } from './target';

/** What changed between runs of an experiment, and what came of it: those that are selected, else those picked. */
export async function compareRuns(
  services: Choices & { readonly panels: MetricsPanels },
  target: Target | undefined,
  all: readonly Target[],
): Promise<void> {
  const experiment = await chooseExperiment(services, target);
  if (!experiment) return;
  const selected = all.flatMap((one) =>
    one.experiment === experiment && one.run !== undefined ? [one.run] : [],
  );
  const runs = selected.length > 1 ? selected : await pickRuns(services, experiment, target?.run);
  if (runs && runs.length > 0) services.panels.show({ experiment }, 'compare', runs);
}

async function pickRuns(
  { library }: Choices,
  experiment: string,
  first: string | undefined,
): Promise<readonly string[] | undefined> {
  await library.reread();
  const items = library.runsOf(experiment).map((run) => ({
    ...runPick(experiment, run),
    picked: run.run === first,
  }));
  if (items.length < 2) {
    void vscode.window.showInformationMessage(t('There are no two runs to compare yet.'));
    return undefined;
  }
  const picked = await vscode.window.showQuickPick(items, {
    canPickMany: true,
    placeHolder: t('Compare which runs?'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return picked?.map(({ run }) => run);
}
