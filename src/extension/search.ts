/** One quick pick over everything: the tree's own search sees only what is loaded. */
import * as vscode from 'vscode';
import { t } from '../protocol/l10n';
import { score } from '../protocol/words';
import type { Choices } from './choose';
import { runPick } from './choose';
import { placesOf } from './places';
import type { Queries } from './query-client';
import { experimentName, type Target } from './target';
import { bestRow, scoreOf } from './views/board';
import { tasksIn } from './views/tasks';

export interface SearchServices extends Choices {
  readonly queries: Queries;
  open(target: Target): void;
}

/** Runs that are searched, newest first. */
const MOST_RUNS = 10_000;

type Item = vscode.QuickPickItem & { readonly target?: Target };

export async function search(services: SearchServices): Promise<void> {
  const chosen = await vscode.window.showQuickPick(items(services), {
    title: t('Search Tasks, Models and Runs'),
    placeHolder: t('Name, type, state or #tag'),
    matchOnDescription: true,
    matchOnDetail: true,
  });
  if (chosen?.target) services.open(chosen.target);
}

async function items({ experiments, library, queries }: SearchServices): Promise<Item[]> {
  const heading = (label: string): Item => ({ label, kind: vscode.QuickPickItemKind.Separator });
  const tasks: Item[] = [];
  const models: Item[] = [];
  const places = placesOf(experiments.paths);
  for (const [i, path] of experiments.paths.entries()) {
    const outline = experiments.outline(path);
    const run = library.shownOf(path).find(({ leaderboard }) => leaderboard !== null);
    const board = run?.leaderboard ?? null;
    const name = [experimentName(path), places[i]].filter(Boolean).join(' · ');
    const detail = experiments.paths.length > 1 ? name : undefined;
    const listed = { outline, found: experiments.tasksOf(path), shown: library.shownOf(path) };
    for (const task of tasksIn(listed)) {
      const best = board && bestRow(board, task.id);
      tasks.push({
        label: `$(target) ${task.id}`,
        description: [task.type && t(task.type), board && best && scoreOf(board, best, task.id)]
          .filter(Boolean)
          .join(' · '),
        detail,
        target: { experiment: path, task: task.id },
      });
    }
    const rowOf = (name: string) => board?.rows.find((row) => row.name === name);
    for (const { name, kind } of outline?.models ?? [])
      models.push({
        label: `$(symbol-class) ${name}`,
        description: [kind, score(rowOf(name)?.mean)].join(' · '),
        detail,
        target: { experiment: path, model: name },
      });
    for (const { name, combine } of outline?.ensembles ?? [])
      models.push({
        label: `$(layers) ${name}`,
        description: [combine, score(rowOf(name)?.mean)].join(' · '),
        detail,
        target: { experiment: path, ensemble: name },
      });
  }
  const { runs } = await queries.ask<'runs'>({
    kind: 'runs',
    stores: [...experiments.stores],
    offset: 0,
    limit: MOST_RUNS,
  });
  const found: Item[] = runs.map((run) => {
    const { experiment, ...pick } = runPick(run.experiment, run);
    return { ...pick, target: { experiment, run: run.run } };
  });
  return [heading(t('Tasks')), ...tasks, heading(t('Models')), ...models, heading(t('Runs')), ...found];
}
