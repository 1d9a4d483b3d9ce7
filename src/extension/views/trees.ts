import type { ViewId } from '../contributions';
import type { Experiments } from '../experiments';
import { DisposableStore } from '../lifecycle';
import type { RunLibrary } from '../run-library';
import { experimentName } from '../target';
import { ensembleItems } from './ensembles';
import { modelItems } from './models';
import type { ExperimentView, TreeBuilder } from './node';
import { runItems } from './runs';
import { taskItems } from './tasks';
import { ExperimentTree } from './tree-view';

/** The four trees; details are read while any of them is seen. */
export function growTrees(experiments: Experiments, library: RunLibrary): DisposableStore {
  const owned = new DisposableStore();
  const views = () => experiments.paths.map((path) => viewOf(path, experiments, library));
  const builders: Readonly<Record<ViewId, TreeBuilder>> = {
    'taskweave.tasks': taskItems,
    'taskweave.models': modelItems,
    'taskweave.ensembles': ensembleItems,
    'taskweave.runs': runItems,
  };
  const trees = Object.entries(builders).map(([id, build]) =>
    owned.add(new ExperimentTree(id as ViewId, build, views)),
  );
  const update = () => {
    for (const tree of trees) tree.update(library.problem);
  };
  for (const tree of trees) {
    owned.add(
      tree.onVisible(() => {
        library.setDetailsWanted(trees.some(({ visible }) => visible));
        update();
      }),
    );
  }
  library.setDetailsWanted(trees.some(({ visible }) => visible));
  owned.add(library.onChanged(update));
  owned.add(experiments.onChanged(update));
  return owned;
}

function viewOf(path: string, experiments: Experiments, library: RunLibrary): ExperimentView {
  return {
    path,
    name: experimentName(path),
    outline: experiments.outline(path),
    runs: library.runsOf(path),
    shown: library.shownOf(path),
  };
}
