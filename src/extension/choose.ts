/** Which experiment, run, model or ensemble a command is about, asked only where it is not evident. */
import * as vscode from 'vscode';
import { t } from '../protocol/l10n';
import type { RunSummary } from '../protocol/runs';
import { runState, startedAt } from '../protocol/words';
import type { Experiments } from './experiments';
import { newExperiment } from './new-experiment';
import type { RunLibrary } from './run-library';
import { experimentName, type Target } from './target';

export interface Choices {
  readonly experiments: Experiments;
  readonly library: RunLibrary;
  /** Experiment of the panel that has the focus. */
  readonly panels: {
    readonly active: string | undefined;
    /** The run that was chosen in the panel of an experiment. */
    runOf(experiment: string): string | undefined;
  };
}

/** The experiment that is meant: the target's, the active panel's or editor's, the only one, or the one picked. */
export async function chooseExperiment(
  { panels, experiments }: Choices,
  target: Target | undefined,
): Promise<string | undefined> {
  const evident = target?.experiment ?? panels.active ?? experiments.current();
  if (evident) return evident;
  const { paths } = experiments;
  if (paths.length === 0) {
    const offer = t('New Experiment');
    const chosen = await vscode.window.showInformationMessage(
      t('There is no experiment file (*.mtl.yaml) here yet.'),
      offer,
    );
    if (chosen === offer) await newExperiment(experiments);
    return undefined;
  }
  const items = paths.map((path) => ({
    label: experimentName(path),
    description: vscode.workspace.asRelativePath(path),
    path,
  }));
  return (await vscode.window.showQuickPick(items, { placeHolder: t('Which experiment?') }))?.path;
}

export interface ChosenRun {
  readonly experiment: string;
  readonly run: string;
}

export interface RunQuestion {
  readonly fits: (run: RunSummary) => boolean;
  /** Said where no run fits. */
  readonly nothing: string;
  readonly question: string;
  /** Ask even where one run alone fits: what follows is about that run, not about the only thing there is. */
  readonly always?: true;
}

/** The run that is meant: the target's, that of the panel that has the focus, the only one that fits, or the one picked. */
export async function chooseRun(
  { library, experiments, panels }: Choices,
  target: Target | undefined,
  { fits, nothing, question, always }: RunQuestion,
): Promise<ChosenRun | undefined> {
  if (target?.run !== undefined && !target.suggested)
    return { experiment: target.experiment, run: target.run };
  await library.reread();
  const looked = target ? undefined : lookedAt({ library, experiments, panels }, fits);
  if (looked && !always) return looked;
  const among = target && !target.suggested ? [target.experiment] : withRuns(experiments, library);
  const items = among.flatMap((experiment) =>
    library
      .runsOf(experiment)
      .filter(fits)
      .map((run) => runPick(experiment, run)),
  );
  if (items.length === 0) {
    void vscode.window.showInformationMessage(nothing);
    return undefined;
  }
  if (items.length === 1 && !always) return items[0];
  items.sort((a, b) => Number(b.run === target?.run) - Number(a.run === target?.run));
  return vscode.window.showQuickPick(items, {
    placeHolder: question,
    matchOnDescription: true,
    matchOnDetail: true,
  });
}

/** Experiments, those of which only runs are left among them. */
function withRuns(experiments: Experiments, library: RunLibrary): readonly string[] {
  return [...new Set([...experiments.paths, ...library.experimentsWithRuns()])];
}

/** The run that the active panel shows, where it fits. */
function lookedAt({ library, panels }: Choices, fits: (run: RunSummary) => boolean): ChosenRun | undefined {
  const { active } = panels;
  if (active === undefined) return undefined;
  const runs = library.runsOf(active);
  const chosen = panels.runOf(active);
  const shown = chosen === undefined ? runs[0] : runs.find(({ run }) => run === chosen);
  return shown && fits(shown) ? { experiment: active, run: shown.run } : undefined;
}

/** A run as an entry of a quick pick. */
export function runPick(experiment: string, run: RunSummary) {
  const { star, name, tags, note } = run.marks ?? { star: false, name: null, tags: [], note: null };
  return {
    label: `${star ? '$(star-full) ' : '$(history) '}${name ?? run.name} ${startedAt(run.started)}`,
    description: [runState(run), ...tags.map((tag) => `#${tag}`)].join(' '),
    detail: note ?? undefined,
    experiment,
    run: run.run,
  };
}

/** A base model and an ensemble of an experiment, those of the target or picked. */
export async function chooseMember(
  { experiments }: Choices,
  experiment: string,
  target: Target | undefined,
  isMember: boolean,
): Promise<{ readonly model: string; readonly ensemble: string } | undefined> {
  const outline = experiments.outline(experiment);
  const ensembles = outline?.ensembles ?? [];
  if (!outline || ensembles.length === 0) {
    void vscode.window.showInformationMessage(
      t('{0} has no ensembles: add one under `ensembles` first.', experimentName(experiment)),
    );
    return undefined;
  }
  const ensemble =
    target?.ensemble ??
    (await pickOne(
      ensembles.map(({ name, combine, of }) => ({
        label: name,
        description: `${combine}: ${of.join(', ')}`,
      })),
      t('Which ensemble?'),
    ));
  if (ensemble === undefined) return undefined;
  const members = ensembles.find(({ name }) => name === ensemble)?.of ?? [];
  const models = outline.models.filter(({ name }) => members.includes(name) === isMember);
  if (target?.model === undefined && models.length === 0) {
    void vscode.window.showInformationMessage(
      isMember
        ? t('{0} has no base model to take out.', ensemble)
        : t('{0} combines all base models already.', ensemble),
    );
    return undefined;
  }
  const model =
    target?.model ??
    (await pickOne(
      models.map(({ name, kind }) => ({ label: name, description: kind })),
      t('Which base model?'),
    ));
  return model === undefined ? undefined : { model, ensemble };
}

async function pickOne(
  items: readonly vscode.QuickPickItem[],
  placeHolder: string,
): Promise<string | undefined> {
  return items.length === 1
    ? items[0].label
    : (await vscode.window.showQuickPick([...items], { placeHolder }))?.label;
}
