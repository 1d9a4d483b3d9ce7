import * as vscode from 'vscode';
import type { ViewId } from '../contributions';
import { entriesOf } from '../entries';
import type { Experiments } from '../experiments';
import { DisposableStore, Throttle } from '../lifecycle';
import { placesOf } from '../places';
import type { RunLibrary } from '../run-library';
import { experimentName, type Target } from '../target';
import { MemberDrag } from './drag';
import { ensembleItems } from './ensembles';
import { modelItems } from './models';
import type { ExperimentView, TreeBuilder, TreeNode } from './node';
import { runItems } from './runs';
import { taskItems } from './tasks';
import { ExperimentTree, LOAD_MORE } from './tree-view';

/**
 * The editor draws a tree when its changes have rested for 200 ms: told of them more often, it would not draw at all.
 */
const DRAW_INTERVAL = 400;

/** The four trees; details are read while any of them is seen. */
export class Trees implements vscode.Disposable {
  private readonly owned = new DisposableStore();
  private readonly trees: readonly ExperimentTree[];

  constructor(
    experiments: Experiments,
    library: RunLibrary,
    /** A model was dropped on an ensemble. */
    onDrop: (target: Target) => void,
  ) {
    const views = () => experimentViews(experiments, library);
    // What is told of tasks and models is told of a file.
    const viewsOfFiles = () => views().filter(({ isGone }) => !isGone);
    const drag = new MemberDrag(onDrop);
    const builders: Readonly<Record<ViewId, TreeBuilder>> = {
      'taskweave.tasks': taskItems,
      'taskweave.models': modelItems,
      'taskweave.ensembles': ensembleItems,
      'taskweave.runs': runItems,
    };
    const dragged: readonly string[] = ['taskweave.models', 'taskweave.ensembles'] satisfies ViewId[];
    this.trees = entriesOf(builders).map(([id, build]) =>
      this.owned.add(
        new ExperimentTree(
          id,
          build,
          id === 'taskweave.runs' ? views : viewsOfFiles,
          dragged.includes(id) ? drag : undefined,
        ),
      ),
    );
    const drawing = this.owned.add(
      new Throttle(async () => {
        for (const tree of this.trees) tree.update(library.problem);
      }, DRAW_INTERVAL),
    );
    const update = () => drawing.request();
    const look = () =>
      library.wantDetails(
        'trees',
        this.trees.some(({ visible }) => visible),
      );
    for (const tree of this.trees) {
      this.owned.add(
        tree.onVisible(() => {
          look();
          update();
        }),
      );
    }
    look();
    this.owned.add(library.onChanged(update));
    this.owned.add(experiments.onChanged(update));
    this.owned.add(
      vscode.commands.registerCommand(LOAD_MORE, async (view: ViewId, node: TreeNode) => {
        const tree = this.trees.find(({ id }) => id === view);
        if (node.more?.parent !== undefined) tree?.showMore(node.more.parent);
        else {
          await library.loadMore(node.target.experiment);
          tree?.showMore(rootOf(views(), node.target.experiment));
        }
      }),
    );
  }

  /** What is selected in a view: the target of a command that came from the keyboard. */
  selected(view: ViewId): Target | undefined {
    return this.trees.find(({ id }) => id === view)?.selected?.target;
  }

  dispose(): void {
    this.owned.dispose();
  }
}

/** Id of the list an experiment's runs are in: its group's, or the top one where there is no other experiment. */
function rootOf(views: readonly ExperimentView[], experiment: string): string {
  return views.length === 1 && !views[0].isGone ? '' : experiment;
}

/** All that is known of every experiment, and of those of which only runs are left. */
function experimentViews(experiments: Experiments, library: RunLibrary): readonly ExperimentView[] {
  const { paths } = experiments;
  const gone = library.experimentsWithRuns().filter((path) => !paths.includes(path));
  const places = placesOf([...paths, ...gone]);
  return [...paths, ...gone].map((path, i) => ({
    path,
    name: experimentName(path),
    folder: places[i],
    isGone: i >= paths.length,
    outline: experiments.outline(path),
    found: experiments.tasksOf(path),
    runs: library.runsOf(path),
    notLoaded: library.notLoaded(path),
    shown: library.shownOf(path),
  }));
}
